import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Condition,
  compileCondition,
  type NamedConditions,
  operatorNamed,
} from '../../src/rules/compile/condition.ts';
import { judgeWithEngine } from '../../src/rules/compile/engine.ts';
import type { Frame } from '../../src/rules/compile/frame.ts';

const scalar = fc.oneof(
  fc.constantFrom('gif', 'web', 'a', '', '5', '10', '9', 'NaN'),
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom(0.5, Number.POSITIVE_INFINITY),
  fc.boolean(),
  fc.constant(null),
);
/** What a caller can send: also things that no operator was made for. */
const claim = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.constantFrom<unknown>({ a: 1 }, [[3]], [{ toString: 1, valueOf: 1 }], { toString: 1, valueOf: 1 }, []),
);
const claims = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'nested'), claim, {
  maxKeys: 4,
});

const frame: fc.Arbitrary<Frame> = fc.record({
  member: fc.record({
    id: fc.constantFrom('a', 'b'),
    known: fc.boolean(),
    membership: fc.constantFrom('active', 'none'),
    tier: fc.constantFrom('free', 'pro', null),
    lastTier: fc.constant(null),
    endedAt: fc.option(fc.integer()),
  }),
  term: fc.record({
    tier: fc.constant(null),
    channel: fc.constantFrom('web', 'ios', null),
    startsAt: fc.option(fc.integer()),
    endsAt: fc.option(fc.integer()),
    cancelledAt: fc.constant(null),
    autoRenew: fc.option(fc.boolean()),
  }),
  user: fc.record({
    attributes: fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }))),
  }),
  subject: fc.record({ type: fc.constant('user'), id: fc.constantFrom('a', 'b'), properties: claims }),
  resource: fc.record({
    type: fc.option(fc.constant('model')),
    id: fc.option(fc.constant('a')),
    properties: claims,
    attributes: fc.constant({}),
  }),
  input: claims,
  context: claims,
  perk: fc.constant({}),
});

const place = fc.constantFrom(
  { fact: 'member', path: '$.id' },
  { fact: 'member', path: '$.membership' },
  { fact: 'member', path: '$.endedAt' },
  { fact: 'term', path: '$.channel' },
  { fact: 'user', path: '$.attributes.a' },
  { fact: 'subject', path: '$.properties.a' },
  { fact: 'resource', path: '$.properties.constructor' },
  { fact: 'input', path: '$.a' },
  { fact: 'input', path: '$.nested.a' },
  { fact: 'context', path: '$.b' },
  { fact: 'context', path: '$.__proto__' },
  { fact: 'context', path: '$.toString' },
) as fc.Arbitrary<{ fact: 'member'; path: string }>;

// Only what lint lets through: lists where an operator needs one, so that nothing can throw.
const comparing = fc.constantFrom(
  ...['equal', 'notEqual', 'lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'],
  ...['contains', 'doesNotContain', 'not:contains', 'not:greaterThan', 'someFact:equal', 'everyFact:notEqual'],
  ...['swap:contains', 'swap:lessThan', 'not:swap:equal', 'someFact:lessThanInclusive'],
);
const listing = fc.constantFrom(
  'in',
  'notIn',
  'not:in',
  'someFact:in',
  'everyFact:notIn',
  'someValue:equal',
  'everyValue:notEqual',
);
const comparison: fc.Arbitrary<Condition> = fc.oneof(
  fc.tuple(place, comparing, fc.oneof(scalar, place)).map(([left, operator, value]) => ({ ...left, operator, value })),
  fc
    .tuple(place, listing, fc.array(scalar, { maxLength: 4 }))
    .map(([left, operator, value]) => ({ ...left, operator, value })),
);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    comparison,
    fc.constantFrom<Condition>({ condition: 'first' }, { condition: 'second' }),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('condition').map((not) => ({ not })),
  ),
}));

describe('a compiled condition', () => {
  it('agrees with json-rules-engine on every condition, frame and operator', async () => {
    const named = fc
      .tuple(comparison, comparison)
      .map(([first, second]): NamedConditions => ({ first, second: { any: [first, second] } }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(condition, { minLength: 1, maxLength: 4 }),
        named,
        frame,
        async (conditions, names, facts) => {
          const judged = await judgeWithEngine(
            conditions.map((each, index) => ({ name: String(index), condition: each, named: names })),
            facts,
          );
          for (const [index, each] of conditions.entries()) {
            expect(compileCondition(each, names)(facts)).to.equal(judged.get(String(index))?.result);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('never lets the library read a path: a path that is code reads as nothing', async () => {
    const path = '$..[?(@.constructor.constructor("throw 1")())]';
    const frames = fc.sample(frame, 1);
    const [facts] = frames;
    if (facts === undefined) throw new Error('no frame was made');
    const poisoned: Condition = { fact: 'context', path, operator: 'equal', value: null };
    const judged = await judgeWithEngine([{ name: 'poisoned', condition: poisoned, named: {} }], facts);
    expect(judged.get('poisoned')?.result).to.equal(true);
  });

  it('refuses an operator or a reference that does not exist', () => {
    expect(operatorNamed('equals')).to.equal(undefined);
    const unknown: Condition = { fact: 'input', path: '$.a', operator: 'equals', value: 1 };
    expect(() => compileCondition(unknown, {})).to.throw('no operator is named `equals`');
    expect(() => compileCondition({ condition: 'nowhere' }, {})).to.throw('no condition is named `nowhere`');
  });
});
