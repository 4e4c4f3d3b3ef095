import { request } from 'node:http';
import { expect } from 'chai';
import { configFrom } from '../../../src/config/config-from.ts';
import { startServer } from '../../../src/wiring/start-server.ts';
import { temporaryFolder } from '../../cli/run.ts';
import { type Running, run, SIX_LORAS } from '../running.ts';
import { withKeys } from './with-keys.ts';

/** With whatever `Host`, which `fetch` does not let anybody choose. */
function statusOf(address: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(SIX_LORAS);
    const sent = request(`${address}/v1/decisions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
    });
    sent.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

describe('a server that asks nobody for a key', () => {
  let server: Running;
  before(async () => {
    server = await run({ cors: ['http://app.example'] }, () => {});
  });
  after(() => server.close());

  it('answers this machine, under each of its names', async () => {
    for (const Host of ['localhost', 'LOCALHOST:8080', 'app.localhost:1', '127.0.0.1:9', '127.1.2.3', '[::1]:80'])
      expect(await statusOf(server.address, { Host }), Host).to.equal(200);
  });

  it('answers under no other name: a page whose name was made to lead here gets nothing', async () => {
    const strange = [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:8080',
      '10.0.0.1',
      '[::2]',
      'a@localhost',
    ];
    for (const Host of [...strange, '0.0.0.0', '169.254.169.254', `${'a.'.repeat(4_000)}localhost.x`])
      expect(await statusOf(server.address, { Host }), Host.slice(0, 40)).to.equal(403);
  });

  it('answers no page of another origin, besides those that are allowed', async () => {
    const Host = 'localhost:8080';
    for (const Origin of ['http://localhost:8080', 'http://app.example'])
      expect(await statusOf(server.address, { Host, Origin }), Origin).to.equal(200);
    for (const Origin of [
      'https://evil.example',
      'null',
      'http://localhost:8081',
      'https://localhost:8080',
      'http://app.example.evil',
    ])
      expect(await statusOf(server.address, { Host, Origin }), Origin).to.equal(403);
  });

  it('answers no page elsewhere that leaves its origin out: images and forms do', async () => {
    const Host = 'localhost:8080';
    for (const site of ['cross-site', 'same-site'])
      expect(await statusOf(server.address, { Host, 'Sec-Fetch-Site': site }), site).to.equal(403);
    for (const site of ['same-origin', 'none'])
      expect(await statusOf(server.address, { Host, 'Sec-Fetch-Site': site }), site).to.equal(200);
    const allowed = { Host, Origin: 'http://app.example', 'Sec-Fetch-Site': 'cross-site' };
    expect(await statusOf(server.address, allowed)).to.equal(200);
  });

  it('minds neither once there are keys: then the key counts', async () => {
    const keyed = await withKeys(await run({}, () => {}));
    try {
      const sent = { Host: 'perks.example', Origin: 'https://app.example' };
      expect(await statusOf(keyed.address, sent)).to.equal(401);
      expect(await statusOf(keyed.address, { ...sent, ...keyed.admin })).to.equal(200);
    } finally {
      await keyed.close();
    }
  });
});

describe('a server that others can reach', () => {
  const data = temporaryFolder();
  const elsewhere = temporaryFolder();
  const config = { ...configFrom({ PORT: '0', HOST: '0.0.0.0', PERKBOOK_DATA: data }), fixtures: undefined };

  it('does not start while nobody would have to say who they are, and says what to do', async () => {
    const refused = await startServer(config, () => {}).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.have.property('name', 'StartError');
    expect((refused as Error).message)
      .to.include('`0.0.0.0` can be reached from elsewhere')
      .and.include('`perkbook keys create --scope admin`');
  });

  it('starts with a key, and asks everybody for it, also this machine', async () => {
    const local = await run({ data }, () => {});
    const { admin } = await withKeys(local);
    await local.close();
    const server = await startServer(config, () => {});
    try {
      const address = server.address;
      expect(server.isOpen()).to.equal(false);
      expect(await statusOf(address, {})).to.equal(401);
      expect(await statusOf(address, admin)).to.equal(200);
    } finally {
      await server.close();
    }
  });

  it('starts with an issuer of tokens alone', async () => {
    const jwt = { issuer: 'https://issuer.example', audience: 'perkbook', jwksUrl: 'http://127.0.0.1:9/jwks' };
    const server = await startServer({ ...config, data: elsewhere, jwt }, () => {});
    try {
      expect(await statusOf(server.address, {})).to.equal(401);
    } finally {
      await server.close();
    }
  });
});
