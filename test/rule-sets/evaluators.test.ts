import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { NOON, request } from '../http/running.ts';
import { hasMongo, mongoDatabase } from '../stores/mongo-server.ts';
import { until } from '../support/expecting.ts';
import { SHOP, YAML } from './publishing.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const VERSIONS = 50;
const EVALUATORS = 3;
const LANES = 3;
const BATCH = 5;
const WITHIN_MS = 2_000;

/** Version `n`: its threshold, its code and its sentence all differ from those of every other. */
function versionText(n: number): string {
  return SHOP.replace('version: 1', `version: ${n}`)
    .replace('2026-01-01T00:00:00Z', NOON)
    .replace('value: 18', `value: ${thresholdOf(n)}`)
    .replaceAll('too_young', `too_young_${n}`)
    .replace('You are too young.', `Version ${n} says no.`);
}

function thresholdOf(n: number): number {
  return (n * 37) % 100;
}

interface Decided {
  readonly decision: 'allow' | 'deny';
  readonly reason?: { readonly code: string; readonly message: string };
  readonly ruleSet: { readonly version: number; readonly digest: string };
}

interface Evaluator {
  readonly url: string;
  readonly child: ChildProcess;
  /** When it was first seen to judge by each version, or by a newer one; on this process's clock. */
  readonly seen: Map<number, number>;
}

describe('several evaluators on one MongoDB', function () {
  this.timeout(120_000);

  it(`judge rightly by the version that they name, and switch within 2 s, while ${VERSIONS} versions are published`, async function () {
    if (!hasMongo()) return this.skip();
    const target = await mongoDatabase();
    if (target === undefined) throw new Error('there is no MongoDB server');
    const mongodbUri = target.uri.replace(/\/?(\?|$)/, `/${target.database}$1`);
    const data = await mkdtemp(join(tmpdir(), 'perkbook-evaluators-'));
    const evaluators = await Promise.all(Array.from({ length: EVALUATORS }, () => startEvaluator(mongodbUri, data)));
    try {
      const [first] = evaluators;
      if (first === undefined) throw new Error('there is no evaluator');
      const digests = new Map<number, string>();
      const acknowledged = new Map<number, number>();
      const texts = Array.from({ length: VERSIONS }, (_, i) => versionText(i + 1));
      const publish = async (n: number) => {
        // By each of them in turn: who publishes sees what the others have published.
        const { url } = evaluators[n % EVALUATORS] ?? first;
        const headers = { ...YAML, 'If-Match': `"${n - 1}"` };
        const { status, json } = await request(
          `${url}/v1/rule-sets/shop/versions?note=n`,
          'POST',
          texts[n - 1],
          headers,
        );
        expect(status, JSON.stringify(json)).to.equal(201);
        digests.set(n, json.digest);
        acknowledged.set(n, performance.now());
      };
      await publish(1);
      await Promise.all(evaluators.map((each) => until(() => isKnown(each), 5_000)));

      const checks: { readonly decided: Decided; readonly age: number }[] = [];
      let asking = true;
      const wrong: string[] = [];
      let asked = 0;
      const lanes = evaluators.flatMap((evaluator) =>
        Array.from({ length: LANES }, async () => {
          let last = 0;
          while (asking) {
            const ages = Array.from({ length: BATCH }, () => Math.floor(Math.random() * 100));
            const questions = ages.map((age) => ({ user: 'u', action: 'shop.enter', input: { age } }));
            const { status, json } = await request(`${evaluator.url}/v1/decisions/batch`, 'POST', { questions });
            const now = performance.now();
            asked += BATCH;
            const decisions: readonly Decided[] = json.decisions ?? [];
            if (status !== 200 || decisions.length !== BATCH) wrong.push(`lost: ${status} ${JSON.stringify(json)}`);
            const versions = new Set(decisions.map(({ ruleSet }) => ruleSet.version));
            if (versions.size > 1) wrong.push(`one batch, several versions: ${[...versions].join(', ')}`);
            const [version = 0] = versions;
            if (version < last) wrong.push(`back from ${last} to ${version}`);
            last = version;
            for (let n = version; n > 0 && !evaluator.seen.has(n); n--) evaluator.seen.set(n, now);
            // The publisher may still be waiting for its answer: the digests are compared at the end.
            for (const [i, decided] of decisions.entries()) checks.push({ decided, age: ages[i] ?? 0 });
            await sleep(15);
          }
        }),
      );
      const started = performance.now();
      for (let n = 2; n <= VERSIONS; n++) await publish(n);
      await Promise.all(evaluators.map((each) => until(() => each.seen.has(VERSIONS), 5_000)));
      const took = performance.now() - started;
      asking = false;
      await Promise.all(lanes);

      for (const { decided, age } of checks) {
        const { version, digest } = decided.ruleSet;
        const allowed = age >= thresholdOf(version);
        const expected = {
          decision: allowed ? 'allow' : 'deny',
          reason: allowed ? undefined : { code: `too_young_${version}`, message: `Version ${version} says no.` },
          digest: digests.get(version),
        };
        const actual = { decision: decided.decision, reason: decided.reason, digest };
        if (JSON.stringify(actual) !== JSON.stringify(expected)) {
          wrong.push(`${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
        }
      }
      expect(wrong.slice(0, 5)).to.deep.equal([]);
      expect(checks.length).to.equal(asked).and.be.greaterThan(2_000);
      const delays = evaluators.flatMap(({ seen }) =>
        [...acknowledged].filter(([n]) => n > 1).map(([n, at]) => (seen.get(n) ?? Number.POSITIVE_INFINITY) - at),
      );
      expect(Math.max(...delays)).to.be.lessThan(WITHIN_MS);
      // Otherwise nothing was asked while versions changed.
      const named = new Set(checks.map(({ decided }) => decided.ruleSet.version));
      expect(named.size).to.be.greaterThan(VERSIONS / 2);
      expect(took).to.be.lessThan(60_000);
    } finally {
      for (const { child } of evaluators) child.kill('SIGKILL');
      await rm(data, { recursive: true, force: true });
      await target.drop();
    }
  });
});

async function startEvaluator(mongodbUri: string, data: string): Promise<Evaluator> {
  const child = spawn(process.execPath, [CLI, 'serve'], {
    env: { ...process.env, PORT: '0', MONGODB_URI: mongodbUri, PERKBOOK_DATA: data, PERKBOOK_TEST_CLOCK: NOON },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += chunk;
    const url = /http:\/\/\S+:\d+/.exec(said)?.[0];
    if (url !== undefined) return { url, child, seen: new Map() };
  }
  const [code] = await once(child, 'exit');
  throw new Error(`the evaluator ended with ${code}: ${said}`);
}

async function isKnown({ url }: Evaluator): Promise<boolean> {
  return (await request(`${url}/v1/rule-sets/shop`, 'GET')).status === 200;
}
