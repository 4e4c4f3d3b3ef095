import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { type Provider, ProviderEvents, OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { expect } from 'chai';
import { type Running, run, STARTER_TERM } from '../http/running.ts';
import { until } from '../support/expecting.ts';

const POLL_MS = 40;

describe('OpenFeature', () => {
  let server: Running;
  beforeEach(async () => {
    server = await run();
    await server.send('PUT', '/v1/members/sam', {
      terms: [STARTER_TERM],
      usage: { free_lora_training: [{ at: '2026-11-20T00:00:00Z' }] },
    });
  });
  afterEach(async () => {
    await OpenFeature.clearProviders();
    await WebOpenFeature.clearProviders();
    await server.close();
  });

  describe('in a service, with @openfeature/server-sdk and @openfeature/ofrep-provider', () => {
    const clientFor = async () => {
      await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: server.address }));
      return OpenFeature.getClient();
    };
    const sam = { targetingKey: 'sam' };

    it('reads switches, numbers and objects, with why and until when', async () => {
      const client = await clientFor();
      const turbo = await client.getBooleanDetails('turbo_mode', false, sam);
      expect(turbo).to.include({ value: true, reason: 'TARGETING_MATCH' });
      expect(turbo.flagMetadata).to.include({ tier: 'starter', validUntil: STARTER_TERM.endsAt });
      const trainings = await client.getNumberDetails('free_lora_training', 0, sam);
      expect(trainings.value).to.equal(3);
      expect(trainings.flagMetadata).to.include({ used: 1, remaining: 2 });
      expect(await client.getObjectValue('topup_bonus', {}, sam)).to.deep.equal({
        5: 50_000,
        10: 100_000,
        30: 300_000,
      });
      const nobody = await client.getBooleanDetails('turbo_mode', true, { targetingKey: 'nobody' });
      expect(nobody).to.include({ value: false, reason: 'DEFAULT' });
      expect(nobody.flagMetadata).to.include({ reasonCode: 'not_in_plan' });
    });

    it('reads what is unlimited as a number', async () => {
      const details = await (await clientFor()).getObjectDetails('image_size', {}, sam);
      expect(details.value).to.deep.equal({ width: Number.MAX_SAFE_INTEGER, height: Number.MAX_SAFE_INTEGER });
      expect(details.flagMetadata).to.include({ unlimited: true });
    });

    it('falls back to the default of the code, and says why: no such flag, no user, the wrong type', async () => {
      const client = await clientFor();
      const unknown = await client.getBooleanDetails('turbo_mod', true, sam);
      expect(unknown).to.include({ value: true, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' });
      expect(unknown.errorMessage).to.include('did you mean `turbo_mode`?');
      const nobody = await client.getBooleanDetails('turbo_mode', true);
      expect(nobody).to.include({ value: true, errorCode: 'TARGETING_KEY_MISSING' });
      const broken = await client.getBooleanDetails('turbo_mode', true, { targetingKey: 'x'.repeat(300) });
      expect(broken).to.include({ value: true, errorCode: 'INVALID_CONTEXT' });
      expect(await client.getBooleanDetails('free_lora_training', true, sam)).to.include({
        value: true,
        errorCode: 'TYPE_MISMATCH',
      });
    });

    it('sees the end of a membership at once', async () => {
      const client = await clientFor();
      await server.send('PUT', '/v1/clock', { now: STARTER_TERM.endsAt });
      const turbo = await client.getBooleanDetails('turbo_mode', true, sam);
      expect(turbo.value).to.equal(false);
      expect(turbo.flagMetadata).to.include({ membership: 'ended', reasonCode: 'membership_ended' });
    });
  });

  describe('in a page, with @openfeature/web-sdk and @openfeature/ofrep-web-provider', () => {
    const statuses: number[] = [];
    beforeEach(() => {
      statuses.length = 0;
    });
    const watched: typeof fetch = async (...request) => {
      const response = await fetch(...request);
      statuses.push(response.status);
      return response;
    };
    // Its optional properties are declared looser than the SDK declares them.
    const webProvider = (options: Partial<ConstructorParameters<typeof OFREPWebProvider>[0]>) =>
      new OFREPWebProvider({ baseUrl: server.address, cacheMode: 'disabled', ...options }) as Provider;
    const clientFor = async (targetingKey: string) => {
      await WebOpenFeature.setContext({ targetingKey });
      await WebOpenFeature.setProviderAndWait(webProvider({ pollInterval: POLL_MS, fetchImplementation: watched }));
      return WebOpenFeature.getClient();
    };

    it('reads all flags at once, and another user’s after a change of user', async () => {
      const client = await clientFor('sam');
      expect(client.getBooleanValue('turbo_mode', false)).to.equal(true);
      expect(client.getNumberDetails('free_lora_training', 0).flagMetadata).to.include({ remaining: 2 });
      expect(client.getObjectValue('image_size', {})).to.deep.equal({
        width: Number.MAX_SAFE_INTEGER,
        height: Number.MAX_SAFE_INTEGER,
      });
      expect(client.getBooleanDetails('turbo_mod', true).errorCode).to.equal('FLAG_NOT_FOUND');
      await WebOpenFeature.setContext({ targetingKey: 'nobody' });
      expect(client.getBooleanValue('turbo_mode', true)).to.equal(false);
      expect(statuses.filter((status) => status !== 304).every((status) => status === 200)).to.equal(true);
    });

    it('is told by 304 that nothing has changed, and learns the moment a membership ends', async () => {
      const client = await clientFor('sam');
      const changed: (readonly string[])[] = [];
      client.addHandler(ProviderEvents.ConfigurationChanged, (event) => changed.push(event?.flagsChanged ?? []));
      await until(() => Promise.resolve(statuses.filter((status) => status === 304).length >= 3), 5_000);
      expect(statuses.filter((status) => status === 200)).to.have.length(1);
      expect(changed).to.deep.equal([]);
      await server.send('PUT', '/v1/clock', { now: STARTER_TERM.endsAt });
      await until(() => Promise.resolve(!client.getBooleanValue('turbo_mode', true)), 5_000);
      expect(changed[0]).to.include('turbo_mode');
      expect(client.getBooleanDetails('turbo_mode', true).flagMetadata).to.include({ reasonCode: 'membership_ended' });
    });

    it('starts without a user with an error that says so', async () => {
      await WebOpenFeature.setContext({});
      const failure = await WebOpenFeature.setProviderAndWait(webProvider({})).then(
        () => 'nothing',
        (error: unknown) => String(error),
      );
      expect(failure).to.match(/400|targetingKey/);
    });
  });
});
