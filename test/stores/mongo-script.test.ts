import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../cli/run.ts';
import { until } from '../support/expecting.ts';
import { hasMongo } from './mongo-server.ts';

describe('npm run mongo', () => {
  it('prints its address alone on stdout, and beside it how to use it', async function () {
    this.timeout(60_000);
    const { MONGODB_URI, ...env } = process.env;
    // One that is given is not started, and needs no words.
    if (MONGODB_URI !== undefined || !hasMongo()) return this.skip();
    const child = spawn(process.execPath, [join(ROOT, 'scripts/mongo.mjs')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      said.out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said.err += chunk.toString();
    });
    try {
      await until(() => said.err.includes('Ctrl-C'), 30_000);
      const [, uri] = /^(mongodb:\/\/127\.0\.0\.1:\d+\/)\n$/.exec(said.out) ?? [];
      expect(uri, said.out).to.be.a('string');
      expect(said.err).to.include(`MONGODB_URI=${uri}perkbook npm start\n`);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });
});
