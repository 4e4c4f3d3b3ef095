import { expect } from 'chai';
import { Problem } from '../../src/domain/problem.ts';
import { importMembers } from '../../src/transfer/import-members.ts';
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
