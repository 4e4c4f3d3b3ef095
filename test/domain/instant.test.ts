import { expect } from 'chai';
import fc from 'fast-check';
import { formatInstant, parseInstant } from '../../src/domain/instant.ts';

const instant = fc.integer({ min: Date.parse('0000-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') });
const two = (n: number) => String(n).padStart(2, '0');

describe('parseInstant', () => {
  it('reads what is written in answers', () => {
    fc.assert(fc.property(instant, (at) => parseInstant(formatInstant(at)) === at));
  });

  it('reads every zone and every fraction as the runtime does', () => {
    const minutes = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
    const common = fc.integer({ min: Date.UTC(1000, 0), max: Date.UTC(9000, 0) });
    fc.assert(
      fc.property(common, minutes, fc.stringMatching(/^\d{0,9}$/), (at, offset, fraction) => {
        const text = new Date(at).toISOString().slice(0, 19);
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
        const seconds = Math.floor(at / 1000) * 1000 - offset * 60_000;
        const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
        expect(parseInstant(`${text}${fraction && `.${fraction}`}${zone}`)).to.equal(seconds + ms);
      }),
    );
  });

  it('refuses dates and times that do not exist, and texts without a zone', () => {
    const wrong = [
      '2026-02-29T00:00:00Z',
      '2026-04-31T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-00-10T00:00:00Z',
      '2026-01-00T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:60:00Z',
      '2026-12-31T23:59:60Z',
      '2026-01-01T00:00:00+24:00',
      '2026-01-01T00:00:00',
      '2026-01-01T00:00Z',
      '2026-01-01',
      '2026-1-1T00:00:00Z',
      ' 2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z\n',
      '+002026-01-01T00:00:00Z',
      'tomorrow',
      '',
    ];
    for (const text of wrong) expect(parseInstant(text), text).to.equal(undefined);
    expect(parseInstant('2028-02-29T00:00:00z')).to.equal(Date.UTC(2028, 1, 29));
  });

  it('refuses what its zone moves out of the years that can be written', () => {
    expect(parseInstant('0000-01-01T00:00:00+00:01')).to.equal(undefined);
    expect(parseInstant('9999-12-31T23:59:59-00:01')).to.equal(undefined);
    expect(parseInstant('9999-12-31T23:59:59.999Z')).to.equal(Date.parse('9999-12-31T23:59:59.999Z'));
  });
});
