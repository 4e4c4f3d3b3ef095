// What a candidate would do to every member of an embedded store: members a second. `MEMBERS=50000` for a quick run.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { impactWorkers } from '../dist/src/impact-workers/measure-impact.js';
import { compileVersion } from '../dist/src/rules/compile/compile.js';
import { openEmbeddedStore } from '../dist/src/stores/embedded/embedded-store.js';
import { succeeding } from '../dist/src/use-cases/impact/succession.js';
import { row } from './measure.mjs';
import { NOW } from './questions.mjs';

const MEMBERS = Number(process.env.MEMBERS ?? 1_000_000);
const WITHIN_S = 60;
const DAY = 86_400_000;
const TIERS = ['starter', 'hobbyist', 'pro'];

const yaml = readFileSync('rules/pixai-membership/v1.yaml', 'utf8');
const candidates = {
  'one number': (file) => {
    file.perks.free_lora_training.tiers.starter = 4;
  },
  'a number of every perk, for the next term': (file) => {
    file.effective.existingMembers = 'nextTerm';
    for (const perk of Object.values(file.perks)) {
      if (typeof perk.tiers?.starter === 'number') perk.tiers.starter -= 1;
    }
  },
  'a new tier: every perk and action': (file) => {
    file.tiers = { ...file.tiers, max: { title: 'Max' } };
    for (const perk of Object.values(file.perks)) {
      for (const levels of Object.values(perk.rows ?? { '': perk.tiers })) {
        if (typeof levels === 'object') levels.max = levels.pro;
      }
    }
  },
};

const folder = mkdtempSync(join(tmpdir(), 'perkbook-bench-'));
try {
  const store = await openEmbeddedStore({ folder });
  await fill(store);
  await store.close();
  const rows = [];
  for (const [name, change] of Object.entries(candidates)) rows.push(await measured(name, change));
  console.log(JSON.stringify(rows));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measured(name, change) {
  const measure = impactWorkers({ kind: 'embedded', folder });
  const start = performance.now();
  const impact = await measure({ succession: successionWith(change), at: NOW });
  const seconds = (performance.now() - start) / 1000;
  const { members, gain, lose, mixed } = impact;
  if (members !== MEMBERS) throw new Error(`${members} of ${MEMBERS} members were judged`);
  process.stderr.write(`${name}: ${seconds.toFixed(1)} s; ${gain} gain, ${lose} lose, ${mixed} both\n`);
  const wanted = (WITHIN_S * MEMBERS) / 1_000_000;
  return row(`impact of ${name}`, MEMBERS / seconds, 'members/s', undefined, undefined, {
    text: `1,000,000 in under ${WITHIN_S} s on ${availableParallelism()} processors`,
    met: seconds < wanted,
  });
}

function successionWith(change) {
  const file = parse(yaml);
  const first = compileVersion(parse(yaml), { yaml, digest: 'sha256:first' });
  file.version = 2;
  file.effective.from = new Date(NOW - DAY).toISOString();
  change(file);
  const candidate = compileVersion(file, { yaml: '', digest: 'sha256:second' });
  return succeeding({ id: first.ref.id, versions: [first] }, candidate);
}

async function fill(store) {
  const inFlight = new Set();
  for (let i = 0; i < MEMBERS; i++) {
    const member = memberNumbered(i);
    const write = store.update(member.id, () => ({ result: undefined, write: { member } }));
    inFlight.add(write);
    write.finally(() => inFlight.delete(write));
    if (inFlight.size >= 5_000) await Promise.all(inFlight);
  }
  await Promise.all(inFlight);
}

/** As real members are: some never subscribed, some no longer, most in the middle of a month of their own with something used. */
function memberNumbered(i) {
  const startsAt = NOW - ((i * 7_919) % 60) * DAY - ((i * 104_729) % DAY);
  const tier = TIERS[i % 5] ?? 'starter';
  const used = i % 6;
  return {
    id: `u-${String(i).padStart(7, '0')}`,
    revision: 1,
    terms:
      i % 7 === 0
        ? []
        : [{ id: `sub_${i}`, tier, channel: 'web', startsAt, endsAt: startsAt + 31 * DAY, autoRenew: false }],
    usage: {
      free_lora_training: Array.from({ length: used }, (_, n) => ({
        at: startsAt + n * DAY,
        amount: 1,
        key: `k-${n}`,
      })),
      daily_credits: Array.from({ length: 10 }, (_, n) => ({ at: NOW - n * DAY, amount: 1 })),
    },
    holdings: { private_models: i % 40 },
    extras: i % 50 === 0 ? [{ perk: 'free_lora_training', amount: 2, until: NOW + DAY }] : [],
    attributes: {},
    keyDays: {},
  };
}
