import { expect } from 'chai';
import fc from 'fast-check';
import { mergePatch } from '../../src/api/members/merge-patch.ts';

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe('mergePatch', () => {
  it('gives the results of RFC 7396', () => {
    const cases: readonly (readonly [target: unknown, patch: unknown, result: unknown])[] = [
      [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
      [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
      [{ a: 'b' }, { a: null }, {}],
      [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
      [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
      [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
      [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
      [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
      [
        ['a', 'b'],
        ['c', 'd'],
        ['c', 'd'],
      ],
      [{ a: 'b' }, ['c'], ['c']],
      [{ a: 'foo' }, null, null],
      [{ a: 'foo' }, 'bar', 'bar'],
      [{ e: null }, { a: 1 }, { e: null, a: 1 }],
      [[1, 2], { a: 'b', c: null }, { a: 'b' }],
      [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ];
    for (const [target, patch, result] of cases) {
      expect(mergePatch(target, patch), JSON.stringify([target, patch])).to.deep.equal(result);
    }
  });

  it('twice is once, and an empty patch changes nothing', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).to.deep.equal(once);
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (target) => {
        expect(mergePatch(target, {})).to.deep.equal(target);
      }),
    );
  });

  it('a property called `__proto__` stays a property', () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__": {"polluted": 1}}')) as object;
    expect(Object.keys(merged)).to.deep.equal(['__proto__']);
    expect(merged).to.not.have.property('polluted');
  });
});
