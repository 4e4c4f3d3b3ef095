import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROGRAM, ROOT, temporaryFolder } from '../../cli/run.ts';
import { until } from '../../support/expecting.ts';
import { request, SIX_LORAS } from '../running.ts';
import { AUDIENCE, type Issuer, issuer } from './issuer.ts';
import { bearer } from './with-keys.ts';

describe('what a server writes', () => {
  const folder = temporaryFolder();
  let from: Issuer;
  before(async () => {
    from = await issuer();
    cpSync(join(ROOT, 'rules'), join(folder, 'rules'), { recursive: true });
  });
  after(() => from.close());

  it('has no key and no token in it, wherever somebody puts one', async () => {
    const env = {
      PATH: process.env.PATH,
      PORT: '0',
      PERKBOOK_LOG_LEVEL: 'debug',
      PERKBOOK_JWT_ISSUER: from.url,
      PERKBOOK_JWT_AUDIENCE: AUDIENCE,
      PERKBOOK_JWT_JWKS_URL: from.jwksUrl,
      PERKBOOK_DECISION_LOG: 'stdout',
    };
    const child = spawn(process.execPath, [PROGRAM, 'serve'], { cwd: folder, env });
    let written = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        written += chunk.toString();
      });
    try {
      await until(() => / on http:\S+/.test(written), 10_000);
      const base = / on (http:\S+)/.exec(written)?.[1] ?? '';
      const token = await from.token({ scope: 'admin decide' });
      const made = await request(`${base}/v1/keys`, 'POST', { name: 'x', scopes: ['admin'] }, bearer(token));
      const key: string = made.json.key;
      for (const secret of [key, token]) {
        const at = encodeURIComponent(secret);
        const headers = bearer(secret);
        const everywhere = {
          ...headers,
          'X-Request-Id': secret.slice(0, 120),
          'User-Agent': secret,
          Referer: `http://x/${secret}`,
          Cookie: `key=${secret}`,
          traceparent: secret,
        };
        const put = { ...everywhere, 'Content-Type': 'application/yaml', 'X-Perkbook-Author': secret };
        await request(`${base}/v1/decisions`, 'POST', SIX_LORAS, everywhere);
        await request(`${base}/v1/decisions`, 'POST', { ...SIX_LORAS, user: secret }, everywhere);
        await request(`${base}/v1/decisions`, 'POST', { ...SIX_LORAS, context: { key: secret } }, everywhere);
        await request(`${base}/v1/decisions`, 'POST', { ...SIX_LORAS, action: secret }, everywhere);
        await request(`${base}/v1/decisions`, 'POST', `{"user": ${secret}`, everywhere);
        await request(`${base}/v1/decisions?access_token=${at}`, 'POST', SIX_LORAS, everywhere);
        await request(`${base}/v1/members/${at}`, 'GET', undefined, everywhere);
        await request(
          `${base}/v1/members/${at}/consume`,
          'POST',
          { action: 'generation.turbo', idempotencyKey: secret.slice(0, 128) },
          everywhere,
        );
        await request(`${base}/v1/keys/${at}`, 'DELETE', undefined, everywhere);
        await request(`${base}/${at}`, 'GET', undefined, everywhere);
        await request(`${base}/v1/keys`, 'POST', { name: secret.slice(0, 100), scopes: ['decide'] }, everywhere);
        await request(`${base}/v1/rule-sets/documents/versions?note=${at.slice(0, 900)}`, 'POST', secret, {
          ...put,
          'If-Match': '"1"',
        });
        await request(`${base}/v1/rule-sets/documents/drafts/${at.slice(0, 128)}`, 'PUT', secret, put);
        await request(`${base}/v1/decisions`, 'POST', SIX_LORAS, { Authorization: `Bearer ${secret}x` });
        await request(`${base}/v1/decisions`, 'POST', SIX_LORAS, { Authorization: secret });
        await request(`${base}/metrics`, 'GET', undefined, everywhere).then(({ text }) => {
          expect(text).to.not.include(secret.slice(14, 40));
        });
      }
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
      expect(written).to.include('the key pk_').and.include('"decision"');
      // Not even a good part of one: without its beginning, which is the id.
      for (const secret of [key, token]) expect(written).to.not.include(secret.slice(14, 40));
    } finally {
      child.kill('SIGKILL');
    }
  }).timeout(30_000);
});
