import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Evaluator } from '../deploy/evaluator.ts';
import { freePort } from '../deploy/nginx-server.ts';
import { request } from '../http/running.ts';
import { ownMongoServer, type RunningServer } from '../stores/mongo-server.ts';
import { pause } from '../support/pause.ts';

/** The grace for idle connections, what the decision log may take to write, and a second to let go of MongoDB. */
const STOPPED_WITHIN_MS = 6_500;

describe('a server that is told to stop while MongoDB does not answer', function () {
  this.timeout(40_000);
  let folder: string;
  let mongo: RunningServer;

  before(async function () {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-stop-'));
    const started = await ownMongoServer({ storage: join(folder, 'mongo') });
    if (started === undefined) return this.skip();
    mongo = started;
  });
  after(async () => {
    await mongo?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const log of ['off', 'mongodb']) {
    it(`ends with 0 soon, with the decision log ${log}`, async () => {
      const evaluator = new Evaluator(await freePort(), {
        MONGODB_URI: `${mongo.uri.replace(/\/$/, '')}/stop-${log}`,
        PERKBOOK_DATA: join(folder, 'data'),
        PERKBOOK_DECISION_LOG: log,
      });
      await evaluator.start();
      const ask = () =>
        request(`http://127.0.0.1:${evaluator.port}/v1/decisions`, 'POST', { user: 'sam', action: 'lora.train_free' });
      try {
        expect((await ask()).status).to.equal(200);
        await pause(mongo.pid ?? 0);
        expect((await ask()).status).to.equal(200);
        const toldAt = performance.now();
        expect(await evaluator.end('SIGTERM')).to.equal(0);
        expect(performance.now() - toldAt).to.be.below(STOPPED_WITHIN_MS);
      } finally {
        process.kill(mongo.pid ?? 0, 'SIGCONT');
        await evaluator.end('SIGKILL');
      }
    });
  }
});
