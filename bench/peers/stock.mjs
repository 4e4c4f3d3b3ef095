// Express as it comes with json-rules-engine as it comes: express.json(), one engine an action, res.json(). It answers the
// same bytes. An engine loses rules when its runs overlap, so each waits for the one before.
import express from 'express';
import { Engine } from 'json-rules-engine';
import { toApiBriefDecision, toApiDecision } from '../../dist/src/api/decisions/to-api-decision.js';
import { judgingAt } from '../../dist/src/decide/decide.js';
import { frameOf, gatesOf } from '../../dist/src/decide/gates-of.js';
import { newDecisionId } from '../../dist/src/http/outgoing/decision-id.js';
import { NOW } from '../questions.mjs';
import { answerer } from './answers.mjs';

const { member, decideAsked } = await answerer();
const FACTS = ['member', 'term', 'user', 'subject', 'resource', 'input', 'context', 'perk'];
const engines = new Map();

function engineFor({ action, version }) {
  let entry = engines.get(action.id);
  if (entry === undefined) {
    const engine = new Engine();
    for (const [name, condition] of Object.entries(version.conditions)) engine.setCondition(name, condition);
    for (const { gate } of gatesOf({ version, action }))
      engine.addRule({ conditions: gate.condition, event: { type: gate.name } });
    entry = { engine, turn: Promise.resolve() };
    engines.set(action.id, entry);
  }
  return entry;
}

async function answer(asked, detail) {
  const answered = decideAsked(asked);
  const { question } = answered.asked;
  const judging = judgingAt(answered.ruleSet, member, question, NOW);
  const frame = frameOf(judging, question, member, NOW);
  const entry = engineFor(judging);
  const run = entry.turn.then(() => entry.engine.run(Object.fromEntries(FACTS.map((fact) => [fact, frame[fact]]))));
  entry.turn = run;
  await run;
  return detail === 'brief' ? toApiBriefDecision(answered) : toApiDecision(answered, newDecisionId());
}

const app = express();
app.use(express.json());
app.post('/v1/decisions', async (request, response) => response.json(await answer(request.body)));
app.post('/v1/decisions/batch', async (request, response) => {
  const { questions, detail } = request.body;
  const decisions = [];
  for (const asked of questions) decisions.push(await answer(asked, detail));
  response.json({ decisions });
});
const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
