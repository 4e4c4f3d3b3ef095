import { expect } from 'chai';
import fc from 'fast-check';
import { hasSecret, withoutSecrets } from '../../src/domain/hidden-secrets.ts';

const LETTERS = [...'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const letters = (from: number, to: number, units = LETTERS) =>
  fc.string({ unit: fc.constantFrom(...units), minLength: from, maxLength: to });
const base64 = (from: number, to: number) => letters(from, to, [...LETTERS, '-', '_']);

const key = fc.tuple(letters(10, 10, LETTERS.slice(0, 36)), letters(8, 43));
const token = fc.tuple(base64(8, 60), base64(8, 120), base64(0, 60));
/** What may stand around a secret, made of what secrets are made of: the worst there is to tell them from. */
const around = fc.array(
  fc.oneof(fc.constantFrom('eyJ', '-eyJ', 'pk_', '.', '_', '-', ' ', '"', '/', 'é', '\n'), base64(0, 12)),
  { maxLength: 8 },
);

/** Whether a text still tells what is too long to be there by chance. */
function isTold(secret: string, text: string): boolean {
  return secret.length > 4 && text.includes(secret);
}

describe('what is written down', () => {
  it('has no API key in it, whatever stands around one', () => {
    fc.assert(
      fc.property(around, key, around, (before, [id, secret], after) => {
        const text = `${before.join('')}pk_${id}_${secret}${after.join('')}`;
        expect(hasSecret(text)).to.equal(true);
        const hidden = withoutSecrets(text);
        expect(isTold(`${id}_${secret}`, hidden), hidden).to.equal(false);
        expect(hasSecret(hidden), hidden).to.equal(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('has no token in it, wherever one begins', () => {
    fc.assert(
      fc.property(
        around,
        fc.constantFrom('', ' ', '-', '_', '.', '"', 'x-', 'a.b.'),
        token,
        around,
        (first, join, [head, body, sign], after) => {
          const before =
            first.length === 0 || /[^0-9A-Za-z]$/.test(first.join('')) ? first.join('') : `${first.join('')} `;
          const text = `${before}${join}eyJ${head}.${body}.${sign}${after.join('')}`;
          expect(hasSecret(text)).to.equal(true);
          const hidden = withoutSecrets(text);
          for (const part of [`${head}.${body}`, `.${body}.`]) expect(isTold(part, hidden), hidden).to.equal(false);
          expect(hasSecret(hidden), hidden).to.equal(false);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('is otherwise as it was', () => {
    for (const text of [
      '',
      'monkeyJungleBook.background',
      'www.example.org',
      'pk_short_x',
      'eyJhbGciOiJ',
      'a.b.c',
      'é…',
    ]) {
      expect(hasSecret(text), text).to.equal(false);
      expect(withoutSecrets(text)).to.equal(text);
    }
    expect(withoutSecrets('key pk_4f9a1kq0zt_0123456789abcdef, please')).to.equal('key pk_4f9a1kq0zt_…, please');
    expect(withoutSecrets('Bearer eyJhbGciOiJI.eyJzdWIiOiIx.c2ln!')).to.equal('Bearer eyJ…!');
    expect(withoutSecrets('eyJhbGciOiJI.eyJzdWIiOiIx')).to.equal('eyJ…');
  });

  const MIB = 1_048_576;
  for (const part of [
    '-eyJ',
    'eyJ',
    '-eyJaaaaaaaa.',
    '.eyJaaaaaaaa',
    'pk_',
    'pk_0123456789_',
    'a',
    '-',
    '.',
    '.-',
    'a.',
    'eyJ.a',
  ]) {
    it(`takes little time to be made from a mebibyte of \`${part}\``, () => {
      const text = part.repeat(Math.ceil(MIB / part.length));
      const before = performance.now();
      hasSecret(text);
      withoutSecrets(text);
      expect(performance.now() - before).to.be.below(200);
    });
  }
});
