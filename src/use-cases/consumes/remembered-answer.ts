import type { RememberedKey } from '../../domain/consumption.ts';
import type { Consumption } from './consumption.ts';

/** What the answer to an allow has besides its values, mostly: left out, and put back by `fromRemembered`. */
const USUAL = { reason: null, answers: null, unlockedBy: null, mixed: null, degraded: false, endedAt: null } as const;

/** The first answer to a key as short text: without what goes without saying and what is remembered beside it. */
export function toRemembered({
  decision,
  after,
  replayed: _replayed,
  revision: _byStore,
  ...rest
}: Consumption): string {
  const { effects: _effects, ...said } = decision;
  const usual: Readonly<Record<string, unknown>> = USUAL;
  const unusual = Object.fromEntries(Object.entries(said).filter(([name, value]) => usual[name] !== value));
  // Where nothing was recorded, the values afterwards are those before.
  const same = JSON.stringify(after) === JSON.stringify(decision.values);
  return JSON.stringify({ ...rest, decision: unusual, ...(same ? {} : { after }) });
}

/** The rule set whose consume is remembered: every answer says it, also one from before anybody asked. */
export function ruleSetIdOf(remembered: RememberedKey): string {
  return fromRemembered(remembered).decision.judgedBy.id;
}

/** INVARIANT: `answer` is what `toRemembered` wrote, here or before it left anything out. */
export function fromRemembered({ answer, effects, revision }: RememberedKey): Consumption {
  const { decision, after, ...rest } = JSON.parse(answer) as Omit<Consumption, 'after'> & Partial<Consumption>;
  const whole = { ...USUAL, ...decision, effects };
  // What was remembered before stores set the revision has it in the text.
  return {
    ...rest,
    decision: whole,
    after: after ?? whole.values,
    revision: revision ?? rest.revision,
    replayed: true,
  };
}
