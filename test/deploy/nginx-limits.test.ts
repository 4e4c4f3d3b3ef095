import { expect } from 'chai';
import { problemJson } from '../../src/http/outgoing/problem-json.ts';
import { request } from '../http/running.ts';
import { textOf } from './files.ts';
import { freePort, hasNginx, type RunningNginx, startNginx } from './nginx-server.ts';

describe('the limit by address in docs/deployment.md', function () {
  this.timeout(20_000);
  let nginx: RunningNginx;

  before(async function () {
    if (!hasNginx()) return this.skip();
    const [, zone = '', rest = ''] =
      /```nginx\n\s*(limit_req_zone .*)\n\n([\s\S]*?)```/.exec(textOf('docs/deployment.md')) ?? [];
    expect(rest).to.include('limit_req ');
    // Nobody is behind it: what is let through gets a 503.
    nginx = await startNginx([await freePort(), await freePort()], (config) =>
      config
        .replace('upstream evaluators', `${zone}\n  upstream evaluators`)
        .replace('server_tokens off;', `server_tokens off;\n${rest}`),
    );
  });
  after(() => nginx?.stop());

  it('is told as any other problem', async () => {
    const answers = await Promise.all(
      Array.from({ length: 400 }, () => request(`${nginx.address}/v1/decisions`, 'POST', { user: 'sam' })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).to.be.within(50, 299);
    for (const { json, headers } of refused) {
      expect(json).to.deep.equal(problemJson('too_many_requests', json.detail));
      expect(headers.get('content-type')).to.equal('application/problem+json');
      expect(headers.get('retry-after')).to.equal('1');
    }
    expect(answers.filter(({ status }) => status === 503)).to.have.lengthOf(400 - refused.length);
  });
});
