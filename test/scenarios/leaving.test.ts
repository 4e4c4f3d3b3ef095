import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { perkbook, temporaryFolder } from '../cli/run.ts';
import { NOON, type Running, run } from '../http/running.ts';
import { until } from '../support/expecting.ts';

const MOCHA = fileURLToPath(new URL('../../../node_modules/mocha/bin/mocha.js', import.meta.url));
const REPLAY = new URL('../../src/scenarios/mocha.js', import.meta.url).href;

const STORY = `    members: {anna: starter from 2026-11-01 until 2027-11-01, ben: {id: ben-of-the-file, attributes: {n: 1}}, carla: stranger}
    timeline:
      - {member: anna, at: 2026-11-05, consume: lora.train_free}
      - {member: carla, consume: credits.daily.claim}
`;

const SHORT = `ruleSet: pixai-membership
scenarios:
  - name: passes
${STORY}
  - name: fails
${STORY}      - {member: anna, ask: lora.train_free, expect: quota_used_up}
`;
/** Nobody waits for its end. */
const LONG = `ruleSet: pixai-membership
scenarios:
  - name: is long
${STORY}${'      - {member: anna, ask: lora.train_free, expect: allow}\n'.repeat(4_000)}`;

describe('a replay through a server', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const [short, long] = [join(folder, 'short.yaml'), join(folder, 'long.yaml')];
  let server: Running;

  before(async () => {
    writeFileSync(short, SHORT);
    writeFileSync(long, LONG);
    server = await run();
    await server.send('PUT', '/v1/members/of-the-server', { attributes: { role: 'admin' } });
  });
  after(() => server.close());

  const members = async (): Promise<readonly string[]> =>
    (await server.get('/v1/members')).json.members.map(({ id }: { readonly id: string }) => id);
  /** As soon as the replay has begun to write. */
  async function interrupt(child: ChildProcess): Promise<void> {
    await until(async () => (await members()).some((id) => /^sc-.*-anna$/.test(id)), 30_000);
    child.kill('SIGINT');
  }
  async function expectAsBefore(): Promise<void> {
    expect(await members()).to.deep.equal(['of-the-server']);
    expect((await server.get('/v1/clock')).json.now).to.equal(NOON);
  }

  it('leaves none of its members there, also of scenarios that fail', async () => {
    const { code, out, err } = await perkbook(['test', short, '--url', server.address]);
    expect(out).to.include('1 passed, 1 failed');
    expect(err).to.equal('');
    expect(code).to.equal(1);
    await expectAsBefore();
  });

  it('that is stopped with Ctrl-C neither', async () => {
    const { code, out, err } = await perkbook(['test', long, '--url', server.address], {
      onSpawn: (child) => void interrupt(child),
    });
    expect(code, err).to.equal(130);
    expect(out).to.equal('');
    expect(err).to.match(/^stopped after 0 of 1 scenarios/);
    await expectAsBefore();
  });

  it('from mocha leaves none of them either, whether it ends by itself or with Ctrl-C', async () => {
    const suite = join(folder, 'suite.test.mjs');
    for (const isStopped of [false, true]) {
      const options = { fixtures: isStopped ? long : short, rules: 'rules', baseUrl: server.address };
      writeFileSync(suite, `import { replay } from '${REPLAY}';\nreplay(${JSON.stringify(options)});\n`);
      const child = spawn(process.execPath, [MOCHA, '--no-config', '--timeout', '30000', suite]);
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
      });
      const closed = new Promise((resolve) => child.once('close', resolve));
      if (isStopped) await interrupt(child);
      await closed;
      if (isStopped) expect(out).to.not.include('passing');
      else expect(out).to.include('1 passing').and.include('1 failing');
      await expectAsBefore();
    }
  });
});
