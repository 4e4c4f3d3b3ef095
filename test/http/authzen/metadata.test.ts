import { request as httpRequest } from 'node:http';
import { expect } from 'chai';
import { type Running, run } from '../running.ts';
import { EVALUATION, may, RULES, user } from './asking.ts';

const PATH = '/.well-known/authzen-configuration';

describe('the AuthZEN metadata', () => {
  let server: Running;

  afterEach(() => server.close());

  it('names the endpoints under the public address', async () => {
    server = await run({ publicUrl: 'https://pdp.example.com' });
    const { status, headers, json } = await server.get(PATH);
    expect([status, headers.get('content-type')]).to.deep.equal([200, 'application/json']);
    expect(headers.get('cache-control')).to.match(/^max-age=\d+$/);
    expect(json).to.deep.equal({
      policy_decision_point: 'https://pdp.example.com',
      access_evaluation_endpoint: 'https://pdp.example.com/access/v1/evaluation',
      access_evaluations_endpoint: 'https://pdp.example.com/access/v1/evaluations',
      search_subject_endpoint: 'https://pdp.example.com/access/v1/search/subject',
      search_resource_endpoint: 'https://pdp.example.com/access/v1/search/resource',
      search_action_endpoint: 'https://pdp.example.com/access/v1/search/action',
    });
  });

  it('names the address that the server listens on where none is set, and what is there answers', async () => {
    server = await run();
    const { json } = await server.get(PATH);
    expect(json.policy_decision_point).to.equal(server.address);
    const endpoints = Object.entries<string>(json).filter(([name]) => name.endsWith('_endpoint'));
    expect(endpoints).to.have.lengthOf(5);
    for (const [name, url] of endpoints) {
      const body = JSON.stringify(may(user('sam'), 'generation.turbo', RULES));
      const got = await fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
      expect(got.status, name).to.equal(200);
      await got.arrayBuffer();
    }
    expect(json.access_evaluation_endpoint).to.equal(server.address + EVALUATION);
  });

  it('never believes what a request says of its host', async () => {
    server = await run();
    const { hostname, port } = new URL(server.address);
    const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' };
    const text = await new Promise<string>((resolve, reject) => {
      httpRequest({ hostname, port, path: PATH, headers }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve(body));
      })
        .on('error', reject)
        .end();
    });
    expect(text).to.contain(server.address).and.not.contain('evil');
  });
});
