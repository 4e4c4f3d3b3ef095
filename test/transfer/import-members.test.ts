import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { serverTarget } from '../../src/cli/transfer/server-members.ts';
import { Problem } from '../../src/domain/problem.ts';
import { importMembers, type Rejected } from '../../src/transfer/import-members.ts';
import { type Line, linesOf } from '../../src/transfer/lines.ts';
import type { MemberTarget } from '../../src/transfer/member-target.ts';
import { failureOf } from '../support/expecting.ts';

async function* chunks(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

async function all(lines: AsyncIterable<Line>): Promise<readonly Line[]> {
  const found: Line[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

const shown = (lines: readonly Line[]) =>
  lines.map(({ bytes, ...line }) => ({ ...line, text: bytes?.toString('utf8') }));

const away = () => new Problem('facts_unreachable', 'away');
const ONE_MEMBER = [1, 2, 3].map((n) => `{"id": "u", "attributes": {"n": ${n}}}\n`).join('');

describe('an import whose target is away', () => {
  it('writes the lines about one member in their order all the same', async () => {
    const written: unknown[] = [];
    let failures = 2;
    const target: MemberTarget = {
      put: async ({ fields }) => {
        if (failures-- > 0) throw away();
        written.push(fields.attributes?.n);
        return { created: false, overlaps: false };
      },
    };
    const options = { onError: 'stop', onRejected: () => {} } as const;
    const imported = await importMembers(linesOf(chunks(ONE_MEMBER)), target, options);
    expect(imported).to.include({ ended: 'done', members: 3 });
    expect(written).to.deep.equal([1, 2, 3]);
  });

  it('ends after a while, with the place to go on at', async () => {
    const target: MemberTarget = {
      put: async ({ fields }) => {
        if (fields.attributes?.n !== 1) throw away();
        return { created: true, overlaps: false };
      },
    };
    const options = { onError: 'skip', onRejected: () => {}, patienceMs: 150 } as const;
    const failure = await failureOf(importMembers(linesOf(chunks(ONE_MEMBER)), target, options));
    expect(failure).to.include({ name: 'ImportInterrupted', message: 'away' });
    expect(failure).to.have.deep.property('place', { line: 1, bytes: ONE_MEMBER.indexOf('\n') + 1 });
  });
});

describe('an import whose target says when to come again', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => `{"id": "u-${n}"}\n`).join('');
  const options = { onError: 'stop', onRejected: () => {}, patienceMs: 300 } as const;

  it('goes on as long as any line gets through, however long one has waited', async () => {
    let freeAt = performance.now();
    const target: MemberTarget = {
      put: async () => {
        if (performance.now() < freeAt) throw new Problem('too_many_requests', 'wait', { retryAfter: 0.1 });
        freeAt = performance.now() + 100;
        return { created: true, overlaps: false };
      },
    };
    const begun = performance.now();
    const imported = await importMembers(linesOf(chunks(many(40))), target, { ...options, patienceMs: 1_000 });
    expect(imported).to.include({ ended: 'done', members: 40 });
    expect(performance.now() - begun).to.be.above(3_000);
  }).timeout(20_000);

  it('comes again then and not before, also where that is later than its patience', async () => {
    const asked: number[] = [];
    const target: MemberTarget = {
      put: async () => {
        asked.push(performance.now());
        if (asked.length === 1) throw new Problem('too_many_requests', 'wait', { retryAfter: 1 });
        return { created: true, overlaps: false };
      },
    };
    expect(await importMembers(linesOf(chunks(many(1))), target, options)).to.include({ members: 1 });
    const [first = 0, second = 0] = asked;
    expect(asked).to.have.length(2);
    expect(second - first).to.be.above(990);
  });

  it('gives up where that never helps, and at once where it is stopped', async () => {
    const target: MemberTarget = {
      put: async () => {
        throw new Problem('too_many_requests', 'wait', { retryAfter: 1 });
      },
    };
    const failure = await failureOf(importMembers(linesOf(chunks(many(3))), target, options));
    expect(failure).to.include({ name: 'ImportInterrupted', message: 'wait' });
    const stopping = new AbortController();
    const endless: MemberTarget = {
      put: async () => {
        throw new Problem('too_many_requests', 'wait', { retryAfter: 3_600 });
      },
    };
    setTimeout(() => stopping.abort(), 100);
    const begun = performance.now();
    const stopped = importMembers(linesOf(chunks(many(3))), endless, { ...options, signal: stopping.signal });
    expect(await failureOf(stopped)).to.include({ name: 'ImportInterrupted' });
    expect(performance.now() - begun).to.be.below(3_000);
  }).timeout(20_000);
});

describe('a server that takes no members now', () => {
  const said: Readonly<Record<string, readonly [() => string | undefined, number | undefined]>> = {
    'after so many seconds': [() => '600', 600],
    'on a date': [() => new Date(Date.now() + 600_000).toUTCString(), 600],
    'in words that are no time': [() => 'soon', undefined],
    'not at all': [() => undefined, undefined],
  };
  for (const [how, [header, seconds]] of Object.entries(said)) {
    it(`says when to come again (${how}), and that is known`, async () => {
      const retryAfter = header();
      const server = createServer((_, response) => {
        const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
        response.writeHead(429, headers).end(JSON.stringify({ code: 'too_many_requests', detail: 'wait' }));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const failure = await failureOf(serverTarget({ base, headers: {} }).put({ id: 'u', fields: {}, json: {} }));
      server.close();
      expect(failure).to.include({ name: 'Problem', code: 'facts_unreachable' });
      const told = (failure as Problem).retryAfter;
      if (seconds === undefined) expect(told).to.equal(undefined);
      else expect(told).to.be.within(seconds - 60, seconds);
    });
  }
});

describe('lines that are rejected', () => {
  const wrong = () => new Problem('invalid_field', 'wrong');
  const line = (id: string) => `{"id": "${id}"}\n`;

  /** Refuses whose id begins with `bad`; the first of them late. */
  const target: MemberTarget = {
    put: async ({ id }) => {
      if (id === 'bad-late') await new Promise((resolve) => setTimeout(resolve, 50));
      if (id.startsWith('bad')) throw wrong();
      return { created: true, overlaps: false };
    },
  };

  it('are told in the order of the file, whenever each is found out', async () => {
    const text = `${line('bad-late')}${line('good')}nonsense\n${line('bad-soon')}nonsense\n`;
    for (const onError of ['skip', 'stop'] as const) {
      const told: number[] = [];
      const onRejected = ({ line: { number } }: Rejected) => void told.push(number);
      const imported = await importMembers(linesOf(chunks(text)), target, { onError, onRejected });
      expect(told).to.deep.equal(onError === 'skip' ? [1, 3, 4, 5] : [1, 3]);
      expect(imported).to.include({ members: 1, rejected: told.length });
      expect(imported.place.line).to.equal(onError === 'skip' ? 5 : 0);
    }
  });

  it('do not fill the memory where one before them takes its time', async () => {
    let isWritten = false;
    let readMeanwhile = 0;
    async function* bad(): AsyncGenerator<Buffer> {
      yield Buffer.from(line('slow'));
      for (let n = 0; n < 1_000; n++) {
        if (!isWritten) readMeanwhile += 1;
        yield Buffer.from('nonsense\n');
      }
    }
    const slow: MemberTarget = {
      put: async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        isWritten = true;
        return { created: true, overlaps: false };
      },
    };
    const imported = await importMembers(linesOf(bad()), slow, { onError: 'skip', onRejected: () => {} });
    expect(imported).to.include({ ended: 'done', members: 1, rejected: 1_000 });
    expect(readMeanwhile).to.be.below(200);
  });

  it('end the import where they cannot be kept, and those behind them are not told', async () => {
    const told: number[] = [];
    const full = new Error('no space left');
    const onRejected = ({ line: { number } }: Rejected) => {
      told.push(number);
      if (number === 3) throw full;
    };
    const text = `${line('good')}${line('bad')}${line('bad-late')}${line('bad')}nonsense\n`;
    expect(await failureOf(importMembers(linesOf(chunks(text)), target, { onError: 'skip', onRejected }))).to.equal(
      full,
    );
    expect(told).to.deep.equal([2, 3]);
  });
});

describe('an import of large lines', () => {
  it('has few of them under way at once, and does them all', async () => {
    const line = (n: number) => `${JSON.stringify({ id: `u-${n}` })}${' '.repeat(20 * 1_048_576)}\n`;
    async function* large(): AsyncGenerator<Buffer> {
      for (let n = 0; n < 10; n++) yield Buffer.from(line(n));
    }
    let now = 0;
    let most = 0;
    const target: MemberTarget = {
      put: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 20));
        now -= 1;
        return { created: true, overlaps: false };
      },
    };
    const imported = await importMembers(linesOf(large()), target, { onError: 'stop', onRejected: () => {} });
    expect(imported).to.include({ ended: 'done', members: 10 });
    expect(most).to.equal(4);
  });
});

describe('lines', () => {
  it('are the same however the bytes come, and say where the next one begins', async () => {
    const whole = 'ä\r\n\nlast';
    const bytes = [...Buffer.from(whole)].map((byte) => Buffer.of(byte));
    async function* single(): AsyncGenerator<Buffer> {
      yield* bytes;
    }
    const expected = [
      { number: 1, text: 'ä', end: 4 },
      { number: 2, text: '', end: 5 },
      { number: 3, text: 'last', end: 9 },
    ];
    expect(shown(await all(linesOf(chunks(whole))))).to.deep.equal(expected);
    expect(shown(await all(linesOf(single())))).to.deep.equal(expected);
    expect(shown(await all(linesOf(chunks('last'), { line: 2, bytes: 5 })))).to.deep.equal(expected.slice(2));
  });

  it('that are too long are told, not kept', async () => {
    const found = await all(linesOf(chunks('ab\nabc', 'd\nab\n'), undefined, 3));
    expect(shown(found).map(({ text, end }) => [text, end])).to.deep.equal([
      ['ab', 3],
      [undefined, 8],
      ['ab', 11],
    ]);
  });
});
