import { isRecord } from '../../rules/load/shape/tree.ts';
import type { Case, Step } from '../compile/scenario.ts';
import { compareReply, compareSubset } from './compare.ts';
import type { Door, DoorReply, Json } from './door.ts';
import { explanationText } from './explanation-text.ts';
import type { CaseResult, Difference, StepFailure } from './results.ts';

/**
 * Replays a scenario through a door, step by step, and says what was answered otherwise than expected. Members get ids of their own,
 * so that scenarios do not disturb one another in a shared store. Throws only when the door itself fails. Once the signal is aborted,
 * the result is about the steps before.
 */
export async function replayCase(each: Case, door: Door, signal?: AbortSignal): Promise<CaseResult> {
  const started = performance.now();
  const result = (
    outcome: CaseResult['outcome'],
    checked: number,
    failures: readonly StepFailure[],
    why?: string,
  ): CaseResult => ({
    case: {
      kind: each.kind,
      file: each.file,
      line: each.line,
      group: each.group,
      name: each.name,
      proves: each.proves,
      asks: each.asks,
      ruleSet: each.ruleSet,
    },
    door: door.name,
    outcome,
    ...(why === undefined ? {} : { why }),
    checked,
    failures,
    durationMs: performance.now() - started,
  });
  if (door.setStore === undefined && each.steps.some((step) => step.kind === 'store')) {
    return result('skipped', 0, [], `the facts cannot be made unreadable through ${door.name}`);
  }
  const play = new Play(each, door);
  try {
    await play.begin();
    for (const step of each.steps) if (signal?.aborted !== true) await play.take(step);
  } finally {
    await door.setStore?.('up');
    await door.forget?.();
  }
  return result(play.failures.length === 0 ? 'passed' : 'failed', play.checked, play.failures);
}

/** Every scenario through a door, one after the other: they share its clock. With a signal: until it is aborted. */
export async function replayCases(
  cases: readonly Case[],
  door: Door,
  signal?: AbortSignal,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const each of cases) {
    const result = await replayCase(each, door, signal);
    if (signal?.aborted === true) break;
    results.push(result);
  }
  return results;
}

// Each replay in each process has its own ids.
const RUN = `${Date.now().toString(36)}${process.pid.toString(36)}`;
let replays = 0;

class Play {
  checked = 0;
  readonly failures: StepFailure[] = [];
  readonly #case: Case;
  readonly #door: Door;
  readonly #prefix = `sc-${RUN}-${++replays}`;
  #keys = 0;

  constructor(each: Case, door: Door) {
    this.#case = each;
    this.#door = door;
  }

  /** What is known of everybody when the story begins. */
  async begin(): Promise<void> {
    const at = this.#case.steps[0]?.at ?? 0;
    for (const [name, { id, facts }] of this.#case.cast) {
      const user = this.#user(name);
      // A member with an id of the file's own may be left over from another scenario.
      if (id !== undefined) await this.#door.send({ kind: 'remove', user }, at);
      if (facts !== undefined)
        this.#settle(await this.#door.send({ kind: 'put', user, facts }, at), `${name}: put`, this.#case.line);
    }
  }

  async take(step: Step): Promise<void> {
    const { at } = step;
    switch (step.kind) {
      case 'store':
        await this.#door.setStore?.(step.state);
        return;
      case 'put': {
        const reply = await this.#door.send({ kind: 'put', user: this.#user(step.member), facts: step.facts }, at);
        this.#settle(reply, step.title, step.line);
        return;
      }
      case 'ask': {
        const user = this.#user(step.member);
        const reply = await this.#door.send({ kind: 'ask', user, as: step.as, question: step.question }, at);
        // Only what a user is answered can be explained.
        const explain = step.as === undefined ? async () => this.#door.explain(user, step.question, at) : undefined;
        await this.#check(step, compareReply(step.expect, reply), explain);
        return;
      }
      case 'consume':
        for (let i = 0; i < step.times; i++) await this.#consume(step, i);
        return;
      case 'release': {
        const user = this.#user(step.member);
        const reply = await this.#door.send({ kind: 'release', user, key: this.#key(step.key) }, at);
        await this.#check(step, compareReply(step.expect, reply));
        return;
      }
      case 'perks':
      case 'preview': {
        const reply = await this.#door.send({ kind: step.kind, user: this.#user(step.member) }, at);
        const differences = reply.ok
          ? compareSubset(step.expect, perksOf(reply.body, step.kind), '')
          : [problemOf(reply)];
        await this.#check(step, differences);
      }
    }
  }

  async #consume(step: Step & { readonly kind: 'consume' }, round: number): Promise<void> {
    const user = this.#user(step.member);
    const key = step.key === undefined ? this.#key(`step ${++this.#keys}`) : this.#key(step.key);
    const reply = await this.#door.send({ kind: 'consume', user, question: step.question, key }, step.at);
    const title = step.times === 1 ? step.title : `${step.title} (${round + 1} of ${step.times})`;
    await this.#check({ ...step, title }, compareReply(step.expect, reply), async () =>
      this.#door.explain(user, step.question, step.at),
    );
  }

  async #check(
    { line, title }: Pick<Step, 'line' | 'title'>,
    differences: readonly Difference[],
    explain?: () => Promise<DoorReply>,
  ): Promise<void> {
    this.checked++;
    if (differences.length === 0) return;
    const explanation = explain === undefined ? [] : explanationText(await explain());
    this.failures.push({ line, title, differences, explanation });
  }

  /** Facts are no expectation: when they are refused, the story cannot be told. */
  #settle(reply: DoorReply, title: string, line: number): void {
    if (!reply.ok) this.failures.push({ line, title, differences: [problemOf(reply)], explanation: [] });
  }

  #user(name: string): string {
    return this.#case.cast.get(name)?.id ?? `${this.#prefix}-${name}`;
  }

  #key(key: string): string {
    return `${this.#prefix}-${key}`.slice(0, 128);
  }
}

/** By perk: of a list of perks the values, of a preview the numbers now and afterwards, the word and the sentence. */
function perksOf(body: Json, kind: 'perks' | 'preview'): Json {
  const perks = isRecord(body.perks) ? body.perks : {};
  if (kind === 'preview') return perks;
  return Object.fromEntries(Object.entries(perks).map(([perk, each]) => [perk, isRecord(each) ? each.values : null]));
}

function problemOf(reply: DoorReply): Difference {
  return {
    path: 'answer',
    expected: 'an answer',
    actual: reply.ok ? 'an answer' : `problem \`${reply.code}\`: ${reply.detail}`,
  };
}
