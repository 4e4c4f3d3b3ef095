import { existsSync } from 'node:fs';
import { fromApiKeyRequest } from '../../api/keys/from-api-key-request.ts';
import { toApiKey } from '../../api/keys/to-api-key.ts';
import type { Config } from '../../config/config.ts';
import { ownPlace } from '../../config/own-place.ts';
import { durationIn } from '../../config/parse-setting.ts';
import { type ApiKey, stateOf } from '../../domain/api-key.ts';
import { SCOPES } from '../../domain/caller.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { formatInstant, type Instant, meantInstant, parseInstant } from '../../domain/instant.ts';
import { checkRuleSets } from '../../use-cases/keys/check-rule-sets.ts';
import { KEY_ID, keyIdIn } from '../../use-cases/keys/key-text.ts';
import { makeKey } from '../../use-cases/keys/make-key.ts';
import { type KeyStore, KeyStoreUnreachable } from '../../use-cases/keys/ports.ts';
import { RuleStoreUnreachable } from '../../use-cases/ports.ts';
import { settingsOf } from '../desk/settings.ts';
import { command } from '../frame/command.ts';
import { type ExitCode, NotDone, WrongUse } from '../frame/errors.ts';
import { oneOf } from '../frame/one-of.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import type { Terminal } from '../frame/terminal.ts';
import { terminalTable } from '../text/tables.ts';

const VERBS = ['create', 'list', 'revoke'] as const;
/** What `create` alone understands. */
const FOR_CREATE = ['scope', 'rule-set', 'expires'] as const;

export const keys = command({
  usage: 'keys <create|list|revoke> [name-or-id]',
  says: 'Makes, lists and revokes the API keys of a server that uses the store here. A key is shown once; only its hash is kept.',
  options: {
    scope: {
      type: 'string',
      multiple: true,
      value: '<scope>',
      says: 'what the new key may do; may be given more than once',
    },
    'rule-set': { type: 'string', multiple: true, value: '<id>', says: 'a rule set that it is kept to (default: all)' },
    expires: {
      type: 'string',
      value: '<instant>',
      says: 'from when it is refused, or in how long, like 30d (default: never)',
    },
    json: { type: 'boolean', says: 'the answer as JSON' },
  },
  example: 'perkbook keys create shop --scope decide --scope consume',
  notes: `Scopes: ${SCOPES.join(', ')}. \`admin\` may do everything. With the first key the server asks everybody for one.`,
  run: async (given, terminal) => {
    const { options, words } = given;
    const [verb = '', word] = words;
    if (verb !== 'create') refuseForCreate(options);
    switch (VERBS.find((each) => each === verb)) {
      case 'create':
        return create(options, word, terminal);
      case 'list':
        if (word !== undefined) throw new WrongUse(`\`keys list\` takes no \`${word}\`: it lists all`);
        return list(options, terminal);
      case 'revoke':
        return revoke(options, word, terminal);
      case undefined:
        throw new WrongUse(`\`keys ${verb}\` is unknown; there are ${VERBS.join(', ')}`, didYouMean(verb, VERBS));
    }
  },
});

interface Options {
  readonly scope: readonly string[];
  readonly 'rule-set': readonly string[];
  readonly expires: string | undefined;
  readonly json: boolean;
}

async function create(options: Options, name: string | undefined, terminal: Terminal): Promise<ExitCode> {
  const { scope: scopes, 'rule-set': ruleSets, expires } = options;
  if (scopes.length === 0) throw new WrongUse(`\`--scope\` is required: one of ${SCOPES.join(', ')}`);
  const now = Date.now();
  const wanted = fromApiKeyRequest(
    {
      name: name ?? scopes.join(' '),
      scopes: scopes.map((each) => oneOf('scope', each, SCOPES)),
      ...(ruleSets.length === 0 ? {} : { ruleSets }),
      ...(expires === undefined ? {} : { expiresAt: formatInstant(expiryIn(expires, now)) }),
    },
    now,
  );
  const settings = ownPlace(settingsOf(terminal));
  const warning = checkRuleSets(wanted, wanted.ruleSets === null ? new Set() : await ruleSetsOf(settings));
  const { key, text, isFirst } = await inStore(settings, async (store) => ({
    isFirst: (await store.list()).length === 0,
    ...(await makeKey(store, wanted, now)),
  }));
  if (options.json) {
    terminal.out(jsonText({ key: text, ...toApiKey(key, now), ...(warning === undefined ? {} : { warning }) }));
    return 0;
  }
  // Alone on stdout: `KEY=$(perkbook keys create …)`.
  terminal.out(`${text}\n`);
  const where = settings.mongodbUri === undefined ? `\`${settings.data}\`` : 'MongoDB';
  terminal.err(`${key.id} may ${key.scopes.join(', ')}. The key is shown this once; its hash is kept in ${where}.\n`);
  if (isFirst) terminal.err('It is the first key: from now on every request needs one.\n');
  if (warning !== undefined) terminal.err(`${terminal.errColours.yellow('warning:')} ${warning}\n`);
  return 0;
}

/** An instant, or so many days, hours or minutes from now. */
function expiryIn(text: string, now: Instant): Instant {
  const span = /^\d{1,5}[dhm]$/.test(text) ? durationIn(text) : undefined;
  const instant = span === undefined || span === 0 ? parseInstant(text) : now + span;
  if (instant === undefined) {
    const expected = 'an instant with a zone such as `2027-11-22T10:00:00Z`, or a span such as `30d`';
    throw new WrongUse(`\`--expires ${text}\` must be ${expected}`, meantInstant(text));
  }
  if (instant <= now) throw new WrongUse(`\`--expires ${text}\` is over`);
  return instant;
}

async function list({ json }: Options, terminal: Terminal): Promise<ExitCode> {
  const all = await inStore(withData(terminal), (store) => store.list());
  const now = Date.now();
  if (json) terminal.out(jsonText({ keys: all.map((key) => toApiKey(key, now)) }));
  else if (all.length === 0) terminal.out('there are no keys\n');
  else terminal.out(terminalTable([HEAD, ...all.map((key) => row(key, now))], terminal.colours));
  return 0;
}

async function revoke({ json }: Options, word: string | undefined, terminal: Terminal): Promise<ExitCode> {
  if (word === undefined)
    throw new WrongUse('which one? `perkbook keys revoke pk_…`; `perkbook keys list` has the ids');
  // Whoever has the whole key may give that.
  const id = keyIdIn(word);
  if (!KEY_ID.test(id)) throw new WrongUse('this is no id of a key: those are like `pk_4f9a1kq0zt`');
  const now = Date.now();
  const revoked = await inStore(withData(terminal), (store) => store.revoke(id, now));
  if (revoked === undefined) throw new NotDone(`there is no key \`${id}\``);
  terminal.out(json ? jsonText(toApiKey(revoked, now)) : `${id} is revoked\n`);
  return 0;
}

function refuseForCreate(options: Options): void {
  const misplaced = FOR_CREATE.find((name) => options[name] !== undefined && options[name].length > 0);
  if (misplaced !== undefined) throw new WrongUse(`\`--${misplaced}\` is for \`keys create\``);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

const HEAD = ['id', 'state', 'made', 'expires', 'scopes', 'rule sets', 'name'];

function row(key: ApiKey, now: number): readonly string[] {
  return [
    key.id,
    stateOf(key, now),
    formatInstant(key.createdAt).slice(0, 10),
    key.expiresAt === null ? 'never' : formatInstant(key.expiresAt).slice(0, 10),
    key.scopes.join(' '),
    key.ruleSets === null ? 'all' : key.ruleSets.join(' '),
    key.name,
  ];
}

/** The settings, where there is a store already: a mistyped folder would be one without keys. */
function withData(terminal: Terminal): Config {
  const settings = ownPlace(settingsOf(terminal));
  if (settings.mongodbUri !== undefined || existsSync(settings.data)) return settings;
  throw new WrongUse(`there is no folder \`${settings.data}\`; set PERKBOOK_DATA or MONGODB_URI to where the keys are`);
}

async function ruleSetsOf({ rules: folder, mongodbUri }: Config): Promise<ReadonlySet<string>> {
  const { ruleSetIds } = await import('../../rule-sets/rule-set-ids.ts');
  return orNotDone(() => ruleSetIds({ folder, mongodbUri }), RuleStoreUnreachable);
}

/** In the store that a server with these settings would use. */
async function inStore<T>(settings: Config, work: (store: KeyStore) => Promise<T>): Promise<T> {
  const { openKeyStore } = await import('../../stores/keys/open-key-store.ts');
  return orNotDone(async () => {
    const store = await openKeyStore(settings);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }, KeyStoreUnreachable);
}
