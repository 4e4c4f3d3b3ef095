// Durable consumes a second through the use case: many members, and one hot member; embedded and MongoDB.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromApiConsume } from '../dist/src/api/decisions/from-api-question.js';
import { ANYBODY } from '../dist/src/domain/caller.js';
import { openEmbeddedStore } from '../dist/src/stores/embedded/embedded-store.js';
import { openMongoStore } from '../dist/src/stores/mongo/mongo-store.js';
import { consume } from '../dist/src/use-cases/consumes/consume.js';
import { findServer, startServer } from '../scripts/mongo.mjs';
import { loadBook } from './load-book.mjs';
import { inTurns, row } from './measure.mjs';
import { memberNamed, NOW } from './questions.mjs';

const IN_FLIGHT = 64;
// A member has at most 1,000 remembered keys a day, so a hot member is a new one every round.
const CONSUMES = 900;
const book = await loadBook();
let round = 0;

async function consumesPerSecond(store, hot) {
  round++;
  const ids = Array.from({ length: hot ? 1 : CONSUMES }, (_, i) => `u-${round}-${i}`);
  const extras = [{ perk: 'free_lora_training', amount: 100_000 }];
  await Promise.all(
    ids.map((id) => store.update(id, () => ({ result: undefined, write: { member: { ...memberNamed(id), extras } } }))),
  );
  const ports = { store, clock: { now: () => NOW } };
  const wanted = ids.map((id) => fromApiConsume({ action: 'lora.train_free', idempotencyKey: 'k' }, id, book, NOW));
  const start = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < CONSUMES) {
      const i = next++;
      const attempt = { key: `key-${i}`, id: '01J', by: ANYBODY };
      const { consumption } = await consume(ports, book, wanted[i % wanted.length], attempt);
      if (consumption.consumed !== 1) throw new Error(`consume ${i} recorded ${consumption.consumed}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return (CONSUMES * 1000) / (performance.now() - start);
}

const folder = mkdtempSync(join(tmpdir(), 'perkbook-bench-'));
const embedded = await openEmbeddedStore({ folder });
const server = (await findServer()) === undefined ? undefined : await startServer({});
const mongo = server === undefined ? undefined : await openMongoStore({ uri: server.uri, database: 'perkbook_bench' });
try {
  const contenders = {
    embeddedMany: () => consumesPerSecond(embedded, false),
    embeddedHot: () => consumesPerSecond(embedded, true),
    ...(mongo === undefined
      ? {}
      : { mongoMany: () => consumesPerSecond(mongo, false), mongoHot: () => consumesPerSecond(mongo, true) }),
  };
  const medians = await inTurns(contenders, 5);
  const rows = [
    row('durable consumes, many members, embedded', medians.embeddedMany, '/s'),
    row(
      'durable consumes, one hot member, embedded',
      medians.embeddedHot,
      '/s',
      medians.embeddedHot / medians.embeddedMany,
      'many members',
    ),
  ];
  if (mongo === undefined) console.error('no MongoDB server here: `npm run mongo` installs one');
  else {
    rows.push(
      row('durable consumes, many members, MongoDB', medians.mongoMany, '/s'),
      row(
        'durable consumes, one hot member, MongoDB',
        medians.mongoHot,
        '/s',
        medians.mongoHot / medians.mongoMany,
        'many members',
      ),
    );
  }
  console.log(JSON.stringify(rows));
} finally {
  await mongo?.close();
  await server?.stop();
  await embedded.close();
  rmSync(folder, { recursive: true, force: true });
}
