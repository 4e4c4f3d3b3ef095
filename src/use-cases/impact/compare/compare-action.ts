import { judge } from '../../../decide/judge.ts';
import type { Reason } from '../../../domain/decision.ts';
import type { Question } from '../../../domain/question.ts';
import type { Direction } from '../impact.ts';
import { type Difference, NO_DIFFERENCE, type Shown } from './difference.ts';
import type { Position, Side } from './position.ts';

/** The sample questions about one action: the first that is answered differently, in each direction and for each perk. */
export function compareAction(questions: readonly Question[], position: Position): Difference {
  const found = new Map<string, Shown>();
  for (const question of questions) {
    const old = denialOf(question, position, position.before);
    const now = denialOf(question, position, position.after);
    if ((old === null) === (now === null)) continue;
    const what: Direction = now === null ? 'gain' : 'lose';
    const perk = (now ?? old)?.perk ?? undefined;
    const key = `${what} ${perk ?? ''}`;
    if (found.has(key)) continue;
    found.set(key, {
      what,
      ...(perk === undefined ? {} : { perk }),
      action: question.action,
      ...askedIn(question),
      from: old === null ? 'allow' : `deny ${old.code}`,
      to: now === null ? 'allow' : `deny ${now.code}`,
    });
  }
  return found.size === 0 ? NO_DIFFERENCE : { shown: [...found.values()] };
}

/** Why it is denied; null where it is allowed. An action that a version does not have is denied. */
function denialOf(question: Question, { member, at }: Position, { version, standing }: Side): Denial | null {
  const action = version.actions.get(question.action);
  if (action === undefined) return UNKNOWN_ACTION;
  return judge(version, action, question, member, standing, at).reason;
}

type Denial = Pick<Reason, 'code' | 'perk'>;

const UNKNOWN_ACTION: Denial = { code: 'unknown_action', perk: null };

/** What an action has to be told, as far as anything was. */
function askedIn({ input, context, resource, amount }: Question): Pick<Shown, 'asked'> {
  const asked = {
    ...(Object.keys(input).length === 0 ? {} : { input }),
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(resource === null ? {} : { resource }),
    ...(amount === 1 ? {} : { amount }),
  };
  return Object.keys(asked).length === 0 ? {} : { asked };
}
