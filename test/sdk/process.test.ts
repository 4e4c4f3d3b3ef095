import { expect } from 'chai';
import { program } from './program.ts';

describe('a process that uses the client', () => {
  it('ends with its own work: what was answered leaves no timer behind', () => {
    const begun = performance.now();
    const { status, stdout } = program(`
      const fetch = async () => new Response('{"decision":"allow","user":"a","degraded":false,"at":"2031-01-01T00:00:00Z","validUntil":null}');
      const perkbook = new Perkbook({ baseUrl: 'http://perkbook.test', timeout: 60_000, fetch });
      console.log((await perkbook.may({ user: 'a', action: 'b' })).decision);
      const closed = new Perkbook({ baseUrl: 'http://perkbook.test', timeout: 60_000, fetch: () => new Promise(() => {}) });
      closed.may({ user: 'a', action: 'b' }).catch(({ kind }) => console.log(kind));
      closed.close();
      // Also one that is on its way, by a fetch that does not stop for it.
      const deaf = new Perkbook({ baseUrl: 'http://perkbook.test', timeout: 60_000, fetch: () => new Promise(() => {}) });
      const asked = deaf.perks({ user: 'a' }).catch(({ kind }) => console.log(kind));
      await new Promise((resolve) => setTimeout(resolve, 50));
      deaf.close();
      await asked;`);
    expect([status, stdout]).to.deep.equal([0, 'allow\naborted\naborted\n']);
    expect(performance.now() - begun).to.be.below(10_000);
  });

  it('does not end while somebody waits for the next attempt', () => {
    const { status, stdout } = program(`
      let n = 0;
      const fetch = async () => n++ < 2 ? new Response('{}', { status: 503 }) : new Response('{"decision":"deny"}');
      const perkbook = new Perkbook({ baseUrl: 'http://perkbook.test', fetch });
      console.log((await perkbook.may({ user: 'a', action: 'b' })).decision, n);`);
    expect([status, stdout]).to.deep.equal([0, 'deny 3\n']);
  });

  it('does not end while somebody waits for a `fetch` that holds nothing: the time-out comes', () => {
    const { status, stdout } = program(`
      const perkbook = new Perkbook({ baseUrl: 'http://perkbook.test', fetch: () => new Promise(() => {}) });
      const { decision, fallback } = await perkbook.may({ user: 'a', action: 'b' }, { timeout: 300, orElse: 'deny' });
      console.log(decision, fallback);`);
    expect([status, stdout]).to.deep.equal([0, 'deny true\n']);
  });

  it('does not end with a call that is wrong, once that was caught', () => {
    const { status, stdout, stderr } = program(`
      let sent = 0;
      const fetch = async () => { sent++; return new Response('{}', { status: 404 }); };
      const perkbook = new Perkbook({ baseUrl: 'http://perkbook.test', fetch, retries: 0 });
      const one = { user: 'a', action: 'nope' };
      const circle = {};
      circle.self = circle;
      const kinds = [];
      for (const ask of [
        () => perkbook.mayAll([one, { ...one, input: { loras: 1n } }]),
        () => perkbook.mayAll([one, { ...one, context: circle }]),
        () => perkbook.mayAll([one, undefined]),
        () => perkbook.may(one, { signal: {} }),
        () => perkbook.perks({ user: 'a' }, { signal: {} }),
      ]) await ask().catch(({ kind }) => kinds.push(kind));
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log(kinds.join(), sent);`);
    expect(stderr).to.equal('');
    expect([status, stdout]).to.deep.equal([0, 'misuse,misuse,misuse,misuse,misuse 0\n']);
  });

  const where = {
    'in Node': '',
    'where there is no `setImmediate`': 'delete globalThis.setImmediate;',
    'nor a `MessageChannel`': 'delete globalThis.setImmediate; delete globalThis.MessageChannel;',
  };
  for (const [place, before] of Object.entries(where)) {
    it(`asks once for what is asked in one turn, ${place}, and ends`, () => {
      const { status, stdout } = program(
        `const sizes = [];
        const fetch = async (url, { body }) => {
          const { questions = [1] } = JSON.parse(body);
          sizes.push(questions.length);
          return new Response(JSON.stringify({ decision: 'allow', decisions: questions.map(() => ({ decision: 'allow' })) }));
        };
        const perkbook = new Perkbook({ baseUrl: 'http://perkbook.test', timeout: 60_000, fetch });
        const after = async (rounds) => {
          for (let i = 0; i < rounds; i++) await null;
          return perkbook.may({ user: 'u-' + rounds, action: 'b' });
        };
        await Promise.all([0, 1, 5, 50].map(after));
        console.log(sizes.join());`,
        before,
      );
      expect([status, stdout]).to.deep.equal([0, '4\n']);
    });
  }
});
