import { expect } from 'chai';
import { Breaker } from '../../src/stores/breaker/breaker.ts';
import { StoreUnreachable } from '../../src/use-cases/ports.ts';
import { failureOf, until } from '../support/expecting.ts';

describe('the breaker in front of a store', () => {
  let isUp: boolean;
  let probes: number;
  let told: string[];
  let breaker: Breaker;

  const good = async () => 'good';
  const bad = () => Promise.reject(new StoreUnreachable('no answer'));
  const never = () => new Promise<string>(() => {});

  beforeEach(() => {
    isUp = true;
    probes = 0;
    told = [];
    breaker = new Breaker({
      probeEveryMs: 5,
      longMs: 40,
      probe: async () => {
        probes += 1;
        if (!isUp) throw new Error('still down');
      },
      onOpen: (error) => told.push(`open: ${error.message}`),
      onClose: () => told.push('closed'),
    });
  });
  afterEach(() => breaker.stop());

  async function opened(): Promise<void> {
    isUp = false;
    await failureOf(breaker.run(bad));
    await until(() => breaker.count === 1);
  }

  it('lets one slow call among good ones be', async () => {
    expect((await failureOf(breaker.run(bad))).message).to.equal('no answer');
    await until(() => !breaker.isDown);
    expect(await breaker.run(good)).to.equal('good');
    expect({ probes, count: breaker.count, told }).to.deep.equal({ probes: 1, count: 0, told: [] });
  });

  it('refuses at once what comes while the store is down, without asking it', async () => {
    await opened();
    let asked = false;
    const failure = await failureOf(
      breaker.run(async () => {
        asked = true;
      }),
    );
    expect(failure).to.be.instanceOf(StoreUnreachable);
    expect(failure.message).to.equal('the store is down: no answer');
    expect({ asked, refused: breaker.refused }).to.deep.equal({ asked: false, refused: 1 });
  });

  it('lets those go who are waiting when it opens', async () => {
    const waiting = failureOf(breaker.run(never));
    await opened();
    expect(await waiting).to.be.instanceOf(StoreUnreachable);
  });

  it('does not wait for a call to fail that may take long', async () => {
    isUp = false;
    const failure = await failureOf(breaker.run(never));
    expect(failure.message).to.equal('the store is down: no answer for 40 ms');
    expect(breaker.count).to.equal(1);
  });

  it('lets a call be long where the store answers, and everybody else go on', async () => {
    let end = (_: string): void => {};
    const slow = breaker.run(
      () =>
        new Promise<string>((resolve) => {
          end = resolve;
        }),
    );
    await until(() => probes > 1);
    expect(breaker.isDown).to.equal(false);
    end('late');
    expect(await slow).to.equal('late');
  });

  it('finds out by itself that the store is back, and says both once', async () => {
    await opened();
    const before = probes;
    await until(() => probes > before + 2);
    isUp = true;
    await until(() => !breaker.isDown);
    expect(await breaker.run(good)).to.equal('good');
    expect(told).to.deep.equal(['open: no answer', 'closed']);
  });

  it('does not doubt a store that is back because of a call from before', async () => {
    let fail = (_: Error): void => {};
    const early = failureOf(
      breaker.run(
        () =>
          new Promise<never>((_, reject) => {
            fail = reject;
          }),
      ),
    );
    await opened();
    await early;
    isUp = true;
    await until(() => !breaker.isDown);
    const before = probes;
    fail(new StoreUnreachable('late'));
    await new Promise((resolve) => setTimeout(resolve));
    expect({ isDown: breaker.isDown, probes }).to.deep.equal({ isDown: false, probes: before });
  });

  it('is not opened by a refusal, which says that the store is there', async () => {
    isUp = false;
    await failureOf(breaker.run(() => Promise.reject(new TypeError('too large'))));
    expect({ isDown: breaker.isDown, probes }).to.deep.equal({ isDown: false, probes: 0 });
  });
});
