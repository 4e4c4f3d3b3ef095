// The server against a bare node:http echo, against stock Express with json-rules-engine, and batches against node:http with
// the same closures. All servers run at once and are loaded in turn; their answers are compared first.
import { deepStrictEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestsPerSecond } from './load.mjs';
import { atLeast, inTurns, row } from './measure.mjs';
import { startServer } from './processes.mjs';
import { memberNamed, NOW, QUESTIONS } from './questions.mjs';

const ROUNDS = 5;
const data = mkdtempSync(join(tmpdir(), 'perkbook-bench-'));
const everythingOn = join(data, 'everything-on');
const CLI = 'dist/src/cli/main.js';
const key = newKey(everythingOn, ['decide', 'members:write']);
const CLOCK = new Date(NOW).toISOString();
const servers = {
  perkbook: await startServer([CLI, 'serve'], {
    PORT: '0',
    PERKBOOK_DATA: join(data, 'plain'),
    PERKBOOK_METRICS: 'off',
    PERKBOOK_TEST_CLOCK: CLOCK,
  }),
  everythingOn: await startServer([CLI, 'serve'], {
    PORT: '0',
    PERKBOOK_DATA: everythingOn,
    PERKBOOK_METRICS: 'on',
    PERKBOOK_DECISION_LOG: 'file',
    PERKBOOK_DECISION_LOG_FOLDER: join(data, 'decisions'),
    PERKBOOK_RATE_LIMIT: '999999999/1s',
    PERKBOOK_TEST_CLOCK: CLOCK,
  }),
  echo: await startServer(['bench/peers/echo.mjs']),
  stock: await startServer(['bench/peers/stock.mjs']),
  closures: await startServer(['bench/peers/closures.mjs']),
};

const headers = { authorization: `Bearer ${key}` };

const post = async (server, path, body) => {
  const response = await fetch(server.address + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
  return { status: response.status, text: await response.text() };
};

try {
  await storeMember(servers.perkbook);
  await storeMember(servers.everythingOn);
  const single = QUESTIONS.map((asked) => JSON.stringify({ user: 'u-1', ...asked }));
  const questions = Array.from({ length: 50 }, (_, i) => ({ user: 'u-1', ...QUESTIONS[i % QUESTIONS.length] }));
  const full = [JSON.stringify({ questions })];
  const brief = [JSON.stringify({ questions, detail: 'brief' })];
  for (const body of single) await compare(['perkbook', 'everythingOn', 'stock'], '/v1/decisions', body);
  for (const body of [full[0], brief[0]]) await compare(['perkbook', 'stock', 'closures'], '/v1/decisions/batch', body);

  const load = (name, path, bodies) => () => requestsPerSecond(servers[name].address + path, bodies, { headers });
  const one = await inTurns(
    {
      echo: load('echo', '/v1/decisions', single),
      perkbook: load('perkbook', '/v1/decisions', single),
      everythingOn: load('everythingOn', '/v1/decisions', single),
      stock: load('stock', '/v1/decisions', single),
    },
    ROUNDS,
  );
  const fifty = await inTurns(
    {
      full: load('perkbook', '/v1/decisions/batch', full),
      closuresFull: load('closures', '/v1/decisions/batch', full),
      brief: load('perkbook', '/v1/decisions/batch', brief),
      closuresBrief: load('closures', '/v1/decisions/batch', brief),
      stock: load('stock', '/v1/decisions/batch', full),
    },
    ROUNDS,
  );
  const rows = [
    row('bare node:http, parse and echo', one.echo, 'req/s'),
    row(
      'one question over HTTP',
      one.perkbook,
      'req/s',
      one.perkbook / one.echo,
      'bare node:http',
      atLeast(one.perkbook / one.echo, 0.45),
    ),
    row(
      'the same with keys, limits, decision log, metrics',
      one.everythingOn,
      'req/s',
      one.everythingOn / one.echo,
      'bare node:http',
      atLeast(one.everythingOn / one.echo, 0.4),
    ),
    row('stock Express + json-rules-engine', one.stock, 'req/s'),
    row(
      'one question over HTTP',
      one.perkbook,
      'req/s',
      one.perkbook / one.stock,
      'stock',
      atLeast(one.perkbook / one.stock, 3),
    ),
    row('node:http + the same closures, batch of 50, full', fifty.closuresFull, 'req/s'),
    row(
      'batch of 50, full',
      fifty.full,
      'req/s',
      fifty.full / fifty.closuresFull,
      'node:http + closures',
      atLeast(fifty.full / fifty.closuresFull, 0.5),
    ),
    row('node:http + the same closures, batch of 50, brief', fifty.closuresBrief, 'req/s'),
    row(
      'batch of 50, brief',
      fifty.brief,
      'req/s',
      fifty.brief / fifty.closuresBrief,
      'node:http + closures',
      atLeast(fifty.brief / fifty.closuresBrief, 0.5),
    ),
    row('stock, batch of 50, full', fifty.stock, 'req/s', fifty.full / fifty.stock, 'as fast is ours', undefined),
  ];
  console.log(JSON.stringify(rows));
} finally {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  rmSync(data, { recursive: true, force: true });
}

async function storeMember({ address }) {
  const { terms, usage, holdings } = memberNamed('u-1');
  const body = JSON.stringify({
    terms: terms.map((term) => ({ ...term, startsAt: iso(term.startsAt), endsAt: iso(term.endsAt) })),
    usage: { free_lora_training: usage.free_lora_training.map((entry) => ({ ...entry, at: iso(entry.at) })) },
    holdings,
  });
  const response = await fetch(`${address}/v1/members/u-1`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
  if (!response.ok) throw new Error(await response.text());
}

/** A key for the server that will use this folder: from then on it asks everybody for one. */
function newKey(folder, scopes) {
  const words = ['keys', 'create', 'bench', '--json', ...scopes.flatMap((scope) => ['--scope', scope])];
  const printed = execFileSync(process.execPath, [CLI, ...words], {
    env: { ...process.env, PERKBOOK_DATA: folder },
    encoding: 'utf8',
  });
  return JSON.parse(printed).key;
}

/** All must answer the same, but for the ids of the decisions. */
async function compare(names, path, body) {
  const [first, ...rest] = await Promise.all(names.map((name) => post(servers[name], path, body)));
  if (first.status !== 200) throw new Error(first.text);
  for (const other of rest) {
    deepStrictEqual(withoutIds(other.text), withoutIds(first.text));
    if (other.text.length !== first.text.length) throw new Error(`the answers to ${body} are not equally long`);
  }
}

function withoutIds(text) {
  return JSON.parse(text, (key, value) => (key === 'id' && /^01/.test(value) ? undefined : value));
}

function iso(instant) {
  return new Date(instant).toISOString();
}
