import type { Instant } from '../../domain/instant.ts';
import { listed } from '../../domain/listed.ts';
import type { Step as StepText } from '../../generated/scenario.ts';
import type { Path } from '../../rules/load/finding.ts';
import type { Context } from './context.ts';
import { noInstant } from './term-text.ts';
import { DURATION_FORM, parseDuration, parseTime } from './time-text.ts';

const VERBS = [
  'subscribe',
  'cancel',
  'end',
  'upgrade',
  'put',
  'store',
  'ask',
  'consume',
  'release',
  'perks',
  'preview',
] as const;
export type StepVerb = (typeof VERBS)[number];

/** What may stand beside each verb; `at`, `after` and `member` always may. */
const BESIDE: Readonly<Record<StepVerb, readonly (keyof StepText)[]>> = {
  subscribe: [],
  cancel: [],
  end: [],
  upgrade: [],
  put: [],
  store: [],
  ask: ['as', 'input', 'resource', 'context', 'amount', 'expect'],
  consume: ['input', 'resource', 'context', 'amount', 'key', 'times', 'expect'],
  release: ['expect'],
  perks: [],
  preview: [],
};

/** When a step is: what it says, or so long after the one before, or at once after it. */
export function instantOf(
  step: StepText,
  path: Path,
  before: Instant | undefined,
  context: Context,
): Instant | undefined {
  const report = (message: string, key?: string) =>
    context.report({ code: 'wrong_date', message, path: key === undefined ? path : [...path, key] });
  if (step.at !== undefined && step.after !== undefined)
    report('`at` and `after` are both there: leave one out', 'after');
  if (step.at !== undefined) {
    const at = parseTime(step.at);
    if (at === undefined) report(noInstant(step.at), 'at');
    return at;
  }
  if (before === undefined) {
    report('the first step needs `at`: when the story begins');
    return undefined;
  }
  if (step.after === undefined) return before;
  const later = parseDuration(step.after);
  if (later === undefined) report(`\`${step.after}\` is no stretch of time: write ${DURATION_FORM}`, 'after');
  return later?.(before);
}

/** The one thing that happens in a step. Undefined when something was reported. */
export function verbOf(step: StepText, path: Path, context: Context): StepVerb | undefined {
  // As they are written, so that the second one is the one too many.
  const verbs = Object.keys(step).filter((each): each is StepVerb => (VERBS as readonly string[]).includes(each));
  const [verb, second] = verbs;
  if (verb === undefined) {
    context.report({ code: 'missing_property', message: `nothing happens in this step: write ${listed(VERBS)}`, path });
  } else if (second !== undefined) {
    const message = `\`${verb}\` and \`${second}\` are two things: make two steps of it`;
    context.report({ code: 'wrong_value', message, path: [...path, second], atKey: true });
  } else {
    for (const key of Object.keys(step) as (keyof StepText)[]) {
      if (key === verb || key === 'at' || key === 'after' || key === 'member' || BESIDE[verb].includes(key)) continue;
      const message = `\`${key}\` means nothing beside \`${verb}\``;
      context.report({ code: 'unknown_property', message, path: [...path, key], atKey: true });
    }
    return verb;
  }
  return undefined;
}
