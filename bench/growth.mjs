// What must not grow: a decision with the number of perks, a read with the number of members.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decide } from '../dist/src/decide/decide.js';
import { compileVersion } from '../dist/src/rules/compile/compile.js';
import { openEmbeddedStore } from '../dist/src/stores/embedded/embedded-store.js';
import { inTurns, row, timeCalls } from './measure.mjs';
import { memberNamed, NOW } from './questions.mjs';

const rows = [...(await decisions([10, 1_000, 10_000])), ...(await reads([10_000, 1_000_000]))];
console.log(JSON.stringify(rows));

async function decisions(sizes) {
  const facts = { state: 'fresh', member: memberNamed('u-1') };
  const contenders = sizes.map((size) => {
    const ruleSet = { id: 'wide', versions: [wide(size)] };
    const subject = { type: 'user', id: 'u-1', properties: {} };
    const questions = Array.from({ length: 100 }, (_, i) => ({
      subject,
      action: `use.${Math.floor((i * size) / 100)}`,
      input: { n: i % 12 },
      resource: null,
      context: {},
      amount: 1,
    }));
    return [size, () => timeCalls((i) => decide({ ruleSet, facts, question: questions[i % 100], now: NOW }))];
  });
  const medians = await inTurns(Object.fromEntries(contenders), 7);
  const [smallest] = sizes;
  return sizes.map((size) =>
    row(
      `decide, ${size.toLocaleString('en')} perks`,
      medians[size],
      'µs',
      size === smallest ? undefined : medians[size] / medians[smallest],
      `${smallest} perks`,
    ),
  );
}

function wide(size) {
  const indexes = Array.from({ length: size }, (_, i) => i);
  const perk = (i) => ({
    title: `Perk ${i}`,
    kind: 'limit',
    of: 'input.n',
    tiers: { free: 1, starter: 5, hobbyist: 7, pro: 10 },
    afterEnd: 'loses',
    actions: { [`use.${i}`]: 'use' },
  });
  const action = { title: 'Use it', input: { n: { type: 'integer', minimum: 0 } } };
  const tiers = Object.fromEntries(['free', 'starter', 'hobbyist', 'pro'].map((id) => [id, { title: id }]));
  const file = {
    format: 'perkbook/1',
    ruleSet: 'wide',
    version: 1,
    title: 'Wide',
    effective: { from: '2026-01-01T00:00:00Z' },
    tiers,
    perks: Object.fromEntries(indexes.map((i) => [`perk_${i}`, perk(i)])),
    actions: Object.fromEntries(indexes.map((i) => [`use.${i}`, action])),
  };
  return compileVersion(file, { yaml: '', digest: 'sha256:bench' });
}

async function reads(sizes) {
  const stores = [];
  try {
    for (const size of sizes) {
      const folder = mkdtempSync(join(tmpdir(), 'perkbook-bench-'));
      const store = await openEmbeddedStore({ folder });
      stores.push({ size, folder, store });
      await fill(store, size);
    }
    const contenders = stores.map(({ size, store }) => [
      size,
      () => timeCalls((i) => store.get(idOf((i * 7_919) % size))),
    ]);
    const medians = await inTurns(Object.fromEntries(contenders), 7);
    const [smallest] = sizes;
    return sizes.map((size) =>
      row(
        `embedded get, ${size.toLocaleString('en')} members`,
        medians[size],
        'µs',
        size === smallest ? undefined : medians[size] / medians[smallest],
        `${smallest.toLocaleString('en')} members`,
      ),
    );
  } finally {
    for (const { store, folder } of stores) {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

async function fill(store, size) {
  const inFlight = new Set();
  for (let i = 0; i < size; i++) {
    const id = idOf(i);
    const write = store.update(id, () => ({ result: undefined, write: { member: memberNamed(id) } }));
    inFlight.add(write);
    write.finally(() => inFlight.delete(write));
    if (inFlight.size >= 5_000) await Promise.all(inFlight);
  }
  await Promise.all(inFlight);
}

function idOf(i) {
  return `u-${String(i).padStart(7, '0')}`;
}
