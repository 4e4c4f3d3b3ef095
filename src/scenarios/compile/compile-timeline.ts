import type { Instant } from '../../domain/instant.ts';
import type { Step as StepText } from '../../generated/scenario.ts';
import { type Path, pointerOf } from '../../rules/load/finding.ts';
import { isRecord } from '../../rules/load/shape/tree.ts';
import type { Cast } from './cast.ts';
import { ALLOW, compileExpect, expectsProblem, withInstants } from './compile-expect.ts';
import { compileQuestion } from './compile-question.ts';
import { type Context, isKnown, lineOf, newestOf } from './context.ts';
import type { Expectation, Step } from './scenario.ts';
import { instantOf, type StepVerb, verbOf } from './step-head.ts';
import { shortTime } from './time-text.ts';

/** The steps of a scenario, each with its instant; terms and other facts are worked out as the steps tell them. */
export function compileTimeline(
  steps: readonly StepText[],
  path: Path,
  cast: Cast,
  defaultMember: string | undefined,
  context: Context,
): readonly Step[] {
  let now: Instant | undefined;
  return steps.flatMap((step, i): readonly Step[] => {
    const where = [...path, i];
    const at = instantOf(step, where, now, context);
    const verb = verbOf(step, where, context);
    if (at === undefined || verb === undefined) return [];
    if (now !== undefined && at < now) {
      const message = `\`${step.at}\` lies before the step above: a timeline runs forwards`;
      context.report({ code: 'wrong_date', message, path: [...where, 'at'] });
    }
    now = at;
    const compiled = compileStep(step, verb, at, where, cast, defaultMember, context);
    return compiled === undefined ? [] : [compiled];
  });
}

function compileStep(
  step: StepText,
  verb: StepVerb,
  at: Instant,
  path: Path,
  cast: Cast,
  defaultMember: string | undefined,
  context: Context,
): Step | undefined {
  const line = lineOf(context, path);
  if (step.store !== undefined)
    return { kind: 'store', state: step.store, line, at, title: `${shortTime(at)} the store is ${step.store}` };
  const member = step.member ?? defaultMember;
  if (member === undefined) {
    context.report({ code: 'missing_property', message: 'several members take part: say which with `member`', path });
    return undefined;
  }
  if (
    !isKnown(context, {
      name: member,
      known: cast.names,
      what: 'member of this scenario',
      path: step.member === undefined ? path : [...path, 'member'],
    })
  )
    return undefined;
  const place = (what: string) => ({ line, at, title: `${shortTime(at)} ${member}: ${what}`, member });
  const put = (facts: ReturnType<Cast['put']>, what: string): Step | undefined =>
    facts === undefined ? undefined : { kind: 'put', ...place(what), facts };

  switch (verb) {
    case 'subscribe':
      return put(
        cast.subscribe(member, step.subscribe ?? '', at, [...path, verb]),
        `subscribe ${written(step.subscribe)}`,
      );
    case 'cancel':
      return put(cast.cancel(member, step.cancel ?? '', at, [...path, verb]), `cancel ${step.cancel}`);
    case 'end':
      return put(cast.end(member, step.end ?? '', at, [...path, verb]), `end ${step.end}`);
    case 'upgrade':
      return put(cast.upgrade(member, step.upgrade ?? '', at, [...path, verb]), `upgrade ${step.upgrade}`);
    case 'put':
      return put(cast.put(member, step.put ?? {}, [...path, verb]), `put ${written(step.put)}`);
    case 'ask':
    case 'consume': {
      const action = step[verb] ?? '';
      const question = compileQuestion(action, step, { path, verb, wrong: expectsProblem(step.expect), at }, context);
      if (step.expect === undefined && verb === 'ask') {
        context.report({
          code: 'missing_property',
          message: '`expect` is missing: write `allow`, or the code of the denial',
          path,
        });
        return undefined;
      }
      const expect = compileExpect(
        step.expect ?? ALLOW,
        action,
        step.expect === undefined ? path : [...path, 'expect'],
        context,
      );
      const who = step.as === undefined ? '' : ` as a ${step.as}`;
      const what = `${verb} ${action}${step.input === undefined ? '' : ` ${written(step.input)}`}${who}`;
      return verb === 'ask'
        ? { kind: 'ask', ...place(what), as: step.as, question, expect }
        : { kind: 'consume', ...place(what), question, key: step.key, times: step.times ?? 1, expect };
    }
    case 'release':
      return {
        kind: 'release',
        ...place(`release ${step.release}`),
        key: step.release ?? '',
        expect: releaseExpect(step, path, context),
      };
    case 'perks':
    case 'preview': {
      const expected = step[verb] ?? {};
      checkCompared(expected, [...path, verb], context);
      for (const name of Object.keys(expected)) {
        isKnown(context, {
          name,
          known: newestOf(context).cards.keys(),
          what: 'perk',
          path: [...path, verb, name],
          atKey: true,
        });
      }
      const expect = withInstants(expected, [...path, verb], context) as Readonly<Record<string, unknown>>;
      return { kind: verb, ...place(verb), expect };
    }
    default:
      throw new Error(`\`${pointerOf(path)}\` has no verb`);
  }
}

/** A list that names nothing, or a perk of which nothing is said, would always be as expected. */
function checkCompared(expected: Readonly<Record<string, unknown>>, path: Path, { report }: Context): void {
  if (Object.keys(expected).length === 0) {
    const message = 'nothing is compared here: name at least one perk and what is expected of it';
    report({ code: 'missing_property', message, path });
  }
  for (const [name, values] of Object.entries(expected)) {
    if (!isRecord(values) || Object.keys(values).length > 0) continue;
    const message = `nothing of \`${name}\` is compared: say what is expected of it`;
    report({ code: 'missing_property', message, path: [...path, name] });
  }
}

function releaseExpect({ expect }: StepText, path: Path, context: Context): Expectation {
  if (expect === undefined || expect === ALLOW)
    return { exact: new Map(), laterStarts: [], tookPart: null, error: null };
  if (typeof expect === 'object' && expect.error !== undefined)
    return compileExpect(expect, '', [...path, 'expect'], context);
  context.report({
    code: 'wrong_value',
    message: 'a release either goes through or is a problem: write `{error: …}`',
    path: [...path, 'expect'],
  });
  return { exact: new Map(), laterStarts: [], tookPart: null, error: null };
}

function written(value: unknown): string {
  return typeof value === 'string'
    ? value
    : JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ').replaceAll(':', ': ');
}
