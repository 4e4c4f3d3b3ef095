import { expect } from 'chai';
import fc from 'fast-check';
import { canonical } from '../../src/sdk/asking/canonical.ts';

/** The same value with the names of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, each]) => [name, reordered(each)]),
  );
}

/** By which an answer is found again: two questions must never share one, or somebody gets the answer to another. */
describe('the key of a question', () => {
  const json = () => fc.jsonValue({ maxDepth: 4 });

  it('does not depend on the order of names', () => {
    fc.assert(fc.property(json(), (value) => canonical(reordered(value)) === canonical(value)));
  });

  it('is the question itself: nothing is lost, and so no two have the same', () => {
    fc.assert(
      fc.property(json(), (value) => {
        expect(JSON.parse(canonical(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('what is no JSON has none', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const value of [circle, { amount: 1n }]) {
      expect(() => canonical(value))
        .to.throw()
        .with.property('kind', 'misuse');
    }
  });
});
