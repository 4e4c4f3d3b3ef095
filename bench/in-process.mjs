// `decide` against json-rules-engine judging the same gates (one engine an action, the facts ready made and our own path
// resolver: what a careful user of the library would do), after both were seen to agree on every question.
import { Engine } from 'json-rules-engine';
import { fromApiQuestion } from '../dist/src/api/decisions/from-api-question.js';
import { decide, judgingAt } from '../dist/src/decide/decide.js';
import { frameOf, gatesOf } from '../dist/src/decide/gates-of.js';
import { readPath } from '../dist/src/rules/compile/frame.js';
import { loadBook } from './load-book.mjs';
import { atLeast, inTurns, row, timeAsyncCalls, timeCalls } from './measure.mjs';
import { memberNamed, NOW, QUESTIONS } from './questions.mjs';

const FACTS = ['member', 'term', 'user', 'subject', 'resource', 'input', 'context', 'perk'];
const book = await loadBook();
const ruleSet = book.ruleSets.get('pixai-membership');
const member = memberNamed('u-1');
const facts = { state: 'fresh', member };
const engines = new Map();

function engineFor(action, version) {
  let engine = engines.get(action.id);
  if (engine === undefined) {
    engine = new Engine([], { pathResolver: readPath });
    for (const [name, condition] of Object.entries(version.conditions)) engine.setCondition(name, condition);
    for (const { gate } of gatesOf({ version, action })) {
      engine.addRule({ name: gate.name, conditions: gate.condition, event: { type: gate.name } });
    }
    engines.set(action.id, engine);
  }
  return engine;
}

const cases = QUESTIONS.map((asked) => {
  const { question } = fromApiQuestion({ user: 'u-1', ...asked }, book, NOW);
  const judging = judgingAt(ruleSet, member, question, NOW);
  const frame = frameOf(judging, question, member, NOW);
  const known = Object.fromEntries(FACTS.map((fact) => [fact, frame[fact]]));
  return { question, known, judging, engine: engineFor(judging.action, judging.version) };
});

for (const { question, known, judging, engine } of cases) {
  const { results } = await engine.run(known);
  const held = new Set(results.map((result) => result.name));
  const asked = gatesOf(judging).filter(({ when }) => when === null || when.holds(known));
  const failed = asked.find(({ gate }) => !held.has(gate.name));
  const { reason } = decide({ ruleSet, facts, question, now: NOW });
  if ((failed?.gate.code ?? null) !== (reason?.code ?? null)) {
    throw new Error(`${question.action}: the engine says ${failed?.gate.code}, decide says ${reason?.code}`);
  }
}

const medians = await inTurns(
  {
    decide: () => timeCalls((i) => decide({ ruleSet, facts, question: cases[i % cases.length].question, now: NOW })),
    engine: () =>
      timeAsyncCalls((i) => {
        const { engine, known } = cases[i % cases.length];
        return engine.run(known);
      }),
  },
  7,
);
const ratio = medians.engine / medians.decide;
console.log(
  JSON.stringify([
    row('decide, in process', medians.decide, 'µs'),
    row('json-rules-engine, the same gates', medians.engine, 'µs', ratio, 'decide', atLeast(ratio, 20)),
  ]),
);
