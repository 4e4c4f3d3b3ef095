import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect } from 'chai';
import { OPERATIONS } from '../../src/http/openapi/operations.ts';
import { type Running, request, run } from '../http/running.ts';

/** Rules that are not heeded, and why. */
const IGNORED = {
  // Looks for the properties that `then` requires inside of `then`; they are beside it.
  'no-required-schema-properties-undefined': 'off',
} as const;

describe('the description', () => {
  let server: Running;
  let text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the test looks into a document whose shape is what it checks
  let description: any;

  before(async () => {
    server = await run();
    ({ text, json: description } = await server.get('/openapi.json'));
  });
  after(() => server.close());

  it('has nothing that a linter would mind', async () => {
    const config = await createConfig({ extends: ['recommended'], rules: IGNORED });
    const lint = (source: string) => lintFromString({ source, absoluteRef: '/openapi.json', config });
    const found = await lint(text);
    expect(found.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).to.deep.equal(
      [],
    );
    const planted = await lint(text.replace('"operationId":"decide"', '"operationId":"decideAll"'));
    expect(planted.map(({ ruleId }) => ruleId)).to.include('operation-operationId-unique');
  });

  it('says something of every route, and nothing of what is not there', () => {
    const described = Object.entries<object>(description.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(described.sort()).to.deep.equal(Object.keys(OPERATIONS).sort());
    expect(described.length).to.be.greaterThan(40);
  });

  it('says for each operation which scope it needs', () => {
    expect(description.paths['/v1/decisions'].post.security).to.deep.equal([
      { apiKey: ['decide'] },
      { jwt: ['decide'] },
      // Nobody needs one while there is none.
      {},
    ]);
    expect(description.paths['/v1/members/{id}'].put.security[0]).to.deep.equal({ apiKey: ['members:write'] });
    expect(description.paths['/healthz'].get.security).to.deep.equal([]);
  });

  it('lets an answer have nothing that is not described', () => {
    const open = Object.entries<Record<string, unknown>>(description.components.schemas)
      .filter(([, schema]) => schema.properties !== undefined && schema.additionalProperties !== false)
      .map(([name]) => name);
    // Beside the numbers a perk echoes what was asked, and the description describes itself no further.
    const meant = [
      'SwitchValues',
      'LimitValues',
      'QuotaValues',
      'SlotsValues',
      'GrantValues',
      'TableValues',
      'Description',
    ];
    expect(open.filter((name) => !meant.includes(name) && !/^(?:Authzen|Ofrep)/.test(name))).to.deep.equal([]);
  });

  it('names the server as its callers do, never as a header does', async () => {
    expect(description.servers).to.deep.equal([{ url: '/' }]);
    const named = await run({ publicUrl: 'https://perks.example' });
    const { json } = await request(`${named.address}/openapi.json`, 'GET', undefined, {
      'X-Forwarded-Host': 'evil.example',
    });
    await named.close();
    expect(json.servers).to.deep.equal([{ url: 'https://perks.example' }]);
  });

  it('shows examples that are understood', async () => {
    const { json: decision } = await server.post(
      '/v1/decisions',
      description.paths['/v1/decisions'].post.requestBody.content['application/json'].examples.limit.value,
    );
    expect(decision.reason.code).to.equal('limit_exceeded');
  });

  it('leaves out what a server does not have', async () => {
    const without = await run({ testClock: undefined });
    const { json } = await without.get('/openapi.json');
    await without.close();
    expect(json.paths).to.not.have.property('/v1/clock');
    expect(json.paths).to.have.property('/v1/decisions');
  });
});
