import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import fastify from 'fastify';
import { Perkbook, type PerkbookOptions } from '../../src/sdk/client.ts';
import { guard as expressGuard } from '../../src/sdk/express.ts';
import { guard as fastifyGuard } from '../../src/sdk/fastify.ts';
import { runWithKeys } from '../http/access/with-keys.ts';
import { type Got, type Running, request, run, STARTER_TERM } from '../http/running.ts';

interface Service {
  readonly address: string;
  close(): Promise<unknown>;
}

/** Nobody is there. */
const NOWHERE = 'http://127.0.0.1:9';

type Serve = (options: PerkbookOptions) => Promise<Service>;

/** Without types of its own, and used as the newer one is. A handler that rejects ends the process there. */
const express4: typeof express = createRequire(import.meta.url)('express-4');

/** Routes that ask wrongly, whatever comes in: no such action; no resource where the action has one; no input where it needs one. */
function mistakes<T>(requires: (action: string) => T): readonly (readonly [string, T])[] {
  return [
    ['/typo', requires('generation.turbbo')],
    ['/no-resource', requires('model.use_early')],
    ['/no-input', requires('generation.create')],
  ];
}

interface Sized {
  readonly size: { readonly width: number; readonly height: number };
}

/** Reads further into a body than a body need be deep. */
function sized(body: unknown) {
  const { width, height } = (body as Sized).size;
  return { loras: 1, width, height };
}

/** A store that is away, as `fetch` says it, and a refusal of the service's own. */
async function away(): Promise<never> {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
}
async function refused(): Promise<never> {
  throw Object.assign(new TypeError('not here'), { status: 418, statusCode: 418 });
}

/** The same service with each: images, models before their launch, and routes with mistakes in them. */
async function serveExpress(options: PerkbookOptions, express: typeof express4): Promise<Service> {
  const perkbook = new Perkbook(options);
  const requires = expressGuard(perkbook, { user: (req) => req.get('x-user') });
  const app = express();
  // Else it writes errors to stderr.
  app.set('env', 'test');
  app.use(express.json({ limit: '4mb' }));
  app.post(
    '/images',
    requires('generation.create', (req) => req.body),
    (req, res) => {
      res.json({ made: true, tier: req.decision?.tier, fallback: req.decision?.fallback ?? false });
    },
  );
  app.post(
    '/models/:id',
    requires('model.use_early', undefined, {
      resource: async (req) => ({ type: 'model', id: String(req.params.id), properties: { freeTrial: true } }),
    }),
    (req, res) => void res.json(req.decision?.values),
  );
  app.post('/lenient', requires('generation.turbo', undefined, { orElse: 'allow', timeout: 500 }), (req, res) => {
    res.json({ made: true, fallback: req.decision?.fallback ?? false });
  });
  app.post('/strict', requires('generation.turbo', undefined, { orElse: 'deny' }), (_req, res) => void res.json({}));
  for (const [path, guarded] of mistakes(requires))
    app.post(path, guarded, (_req, res) => void res.json({ made: true }));
  app.post(
    '/sized',
    requires('generation.create', ({ body }) => sized(body)),
    (_req, res) => void res.json({ made: true }),
  );
  app.post('/away', requires('model.use_early', undefined, { resource: away }), (_req, res) => void res.json({}));
  app.post('/refused', requires('generation.turbo', undefined, { amount: refused }), (_req, res) => void res.json({}));
  app.post('/basic', requires('generation.turbo', undefined, { challenge: 'Basic realm="shop"' }), (_req, res) => {
    res.json({ made: true });
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function serveFastify(options: PerkbookOptions): Promise<Service> {
  const perkbook = new Perkbook(options);
  const requires = fastifyGuard(perkbook, { user: (req) => req.headers['x-user']?.toString() });
  const app = fastify({ bodyLimit: 4_194_304 });
  app.post(
    '/images',
    { preHandler: requires('generation.create', (req) => req.body as Record<string, unknown>) },
    async ({ decision }) => ({ made: true, tier: decision?.tier, fallback: decision?.fallback ?? false }),
  );
  const early = requires('model.use_early', undefined, {
    resource: async (req) => ({
      type: 'model',
      id: (req.params as { readonly id: string }).id,
      properties: { freeTrial: true },
    }),
  });
  app.post('/models/:id', { preHandler: early }, async ({ decision }) => decision?.values);
  const lenient = requires('generation.turbo', undefined, { orElse: 'allow', timeout: 500 });
  app.post('/lenient', { preHandler: lenient }, async ({ decision }) => ({
    made: true,
    fallback: decision?.fallback ?? false,
  }));
  app.post('/strict', { preHandler: requires('generation.turbo', undefined, { orElse: 'deny' }) }, async () => ({}));
  for (const [path, preHandler] of mistakes(requires)) app.post(path, { preHandler }, async () => ({ made: true }));
  const sizes = requires('generation.create', ({ body }) => sized(body));
  app.post('/sized', { preHandler: sizes }, async () => ({ made: true }));
  app.post('/away', { preHandler: requires('model.use_early', undefined, { resource: away }) }, async () => ({}));
  app.post('/refused', { preHandler: requires('generation.turbo', undefined, { amount: refused }) }, async () => ({}));
  const basic = requires('generation.turbo', undefined, { challenge: 'Basic realm="shop"' });
  app.post('/basic', { preHandler: basic }, async () => ({ made: true }));
  return { address: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
}

const FIVE = { loras: 5, width: 64, height: 64 };

for (const [name, serve] of [
  ['Express 5', (options) => serveExpress(options, express)],
  ['Express 4', (options) => serveExpress(options, express4)],
  ['Fastify 5', serveFastify],
] as readonly (readonly [string, Serve])[]) {
  describe(`a guard in ${name}`, () => {
    let server: Running;
    let service: Service;
    let alone: Service;
    let locked: Running;
    let stranger: Service;

    before(async () => {
      server = await run();
      await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
      service = await serve({ baseUrl: server.address });
      alone = await serve({ baseUrl: NOWHERE, retries: 0 });
      locked = await runWithKeys();
      stranger = await serve({ baseUrl: locked.address, apiKey: 'pk_wrong' });
    });
    after(async () => {
      await Promise.all([service.close(), alone.close(), stranger.close()]);
      await Promise.all([server.close(), locked.close()]);
    });

    const post = (to: Service, path: string, body: unknown = {}, user = 'sam'): Promise<Got> =>
      request(to.address + path, 'POST', body, user === '' ? {} : { 'X-User': user });

    it('lets through who may, with the decision on the request', async () => {
      const { status, json } = await post(service, '/images', FIVE);
      expect([status, json]).to.deep.equal([200, { made: true, tier: 'starter', fallback: false }]);
      const early = await post(service, '/models/m-1');
      expect(early.json).to.deep.equal({ early_access: { included: true, freeTrial: true } });
    });

    it('answers 403 with the reason to who may not', async () => {
      const { status, json, headers } = await post(service, '/images', { ...FIVE, loras: 6 });
      expect(status).to.equal(403);
      expect(headers.get('content-type')).to.match(/^application\/problem\+json/);
      expect(json).to.deep.include({
        status: 403,
        code: 'limit_exceeded',
        detail: 'This uses 6 LoRAs; your plan allows 5.',
        message: 'This uses 6 LoRAs; your plan allows 5.',
        action: 'generation.create',
        unlockedBy: 'hobbyist',
        validUntil: STARTER_TERM.endsAt,
      });
      expect(json.reason).to.deep.include({ code: 'limit_exceeded', perk: 'loras_per_generation' });
      expect((await post(service, '/models/m-1', {}, 'ann')).json.code).to.equal('not_in_plan');
    });

    it('401 where it is not known who asks', async () => {
      const { status, json, headers } = await post(service, '/images', FIVE, '');
      expect([status, json.code]).to.deep.equal([401, 'unauthenticated']);
      expect(headers.get('www-authenticate')).to.equal('Bearer');
      const basic = await post(service, '/basic', {}, '');
      expect([basic.status, basic.headers.get('www-authenticate')]).to.deep.equal([401, 'Basic realm="shop"']);
    });

    it('400 where the request itself has the wrong input', async () => {
      const { status, json } = await post(service, '/images', { loras: 'six', width: 1, height: 1 });
      expect([status, json.code, json.field]).to.deep.equal([400, 'invalid_field', '/input/loras']);
      const typo = await post(service, '/images', { lora: 6, width: 1, height: 1 });
      expect([typo.status, typo.json.field, typo.json.didYouMean]).to.deep.equal([400, '/input/lora', 'loras']);
    });

    it('400 or 413 where the request is nested too deep, or too large, for anybody to read', async () => {
      const deep: unknown = JSON.parse('{"a":'.repeat(110) + '1'.padEnd(111, '}'));
      const nested = await post(service, '/images', { ...FIVE, deep });
      expect([nested.status, nested.json.code]).to.deep.equal([400, 'malformed_json']);
      const large = await post(service, '/images', { ...FIVE, text: 'x'.repeat(2_000_000) });
      expect([large.status, large.json.code]).to.deep.equal([413, 'body_too_large']);
      expect(large.headers.get('content-type')).to.match(/^application\/problem\+json/);
    });

    it('400 where the route stumbles over what the request lacks, and says so once on stderr', async () => {
      const warnings: Error[] = [];
      const listen = (warning: Error) => void warnings.push(warning);
      process.on('warning', listen);
      try {
        expect((await post(service, '/sized', { size: { width: 64, height: 64 } })).status).to.equal(200);
        const bare = await request(`${service.address}/sized`, 'POST', undefined, { 'X-User': 'sam' });
        const shallow = [{}, { size: null }, [1]].map((body) => post(service, '/sized', body));
        for (const { status, headers, json, text } of [bare, ...(await Promise.all(shallow))]) {
          expect(status).to.equal(400);
          expect(headers.get('content-type')).to.match(/^application\/problem\+json/);
          expect(json).to.include({ code: 'unreadable_request', field: '/input' });
          expect(text).to.not.match(/undefined|\.[jt]s\b/);
        }
      } finally {
        // After the turn in which warnings are told.
        await new Promise((resolve) => setImmediate(resolve));
        process.removeListener('warning', listen);
      }
      const told = warnings.filter((each) => each.name === 'PerkbookWarning').map(({ message }) => message);
      expect(told).to.have.lengthOf(1);
      expect(told[0]).to.match(
        /^the guard of `generation.create` answers 400 where its `input` .*: Cannot .*undefined/,
      );
    });

    it('but not over what is no fault of the request, or is thrown on purpose', async () => {
      expect((await post(service, '/away')).status).to.equal(500);
      expect((await post(service, '/refused')).status).to.equal(418);
    });

    it('503 where nobody can tell', async () => {
      const { status, json, headers } = await post(alone, '/images', FIVE);
      expect([status, json.code, headers.get('retry-after')]).to.deep.equal([503, 'perkbook_unreachable', '1']);
      expect(headers.get('content-type')).to.match(/^application\/problem\+json/);
    });

    it('or as the route says', async () => {
      expect((await post(alone, '/lenient')).json).to.deep.equal({ made: true, fallback: true });
      const strict = await post(alone, '/strict');
      expect([strict.status, strict.json.code]).to.deep.equal([403, 'client_fallback']);
      expect(strict.text).to.not.include('127.0.0.1');
    });

    it('a wrong key opens nothing, however often it is sent, and is a 500', async () => {
      const statuses = new Set<number>();
      for (let i = 0; i < 40; i++) statuses.add((await post(stranger, '/lenient')).status);
      expect([...statuses]).to.deep.equal([500]);
    });

    it('a mistake of the service is a 500, and not the status that Perkbook answered with', async () => {
      for (const path of ['/typo', '/no-resource', '/no-input'])
        expect((await post(service, path)).status, path).to.equal(500);
      expect((await post(service, '/images', FIVE, 'x'.repeat(300))).status).to.equal(500);
    });
  });
}
