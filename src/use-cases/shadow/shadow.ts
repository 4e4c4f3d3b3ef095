import { decide } from '../../decide/decide.ts';
import type { Decision, VersionRef } from '../../domain/decision.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Question } from '../../domain/question.ts';
import type { Version } from '../../rules/rule-set.ts';
import type { Answered } from '../decisions/ask.ts';
import { CandidateInForce } from './candidate-in-force.ts';
import { type ShadowDifference, shadowDifference } from './shadow-difference.ts';

/** Runs work later, when the answers of this turn of the event loop are on their way. */
export type Later = (work: () => void) => void;

export interface ShadowOptions {
  /** The share of questions that is judged twice. */
  readonly sample: number;
  /** So many questions may wait; what comes while they do is dropped. */
  readonly mostWaiting: number;
  /** So many are judged in one go: few enough that no answer waits for them. */
  readonly atOnce: number;
  readonly later: Later;
  readonly random: () => number;
}

export interface ShadowExample {
  readonly user: string;
  readonly action: string;
  readonly question: Pick<Question, 'input' | 'context' | 'resource' | 'amount'>;
  readonly at: Instant;
  readonly difference: ShadowDifference;
  readonly live: Decision;
  readonly candidate: Decision;
}

export interface ShadowReport {
  readonly candidate: VersionRef;
  readonly since: Instant;
  readonly sample: number;
  /** same + different + failed. */
  readonly judged: number;
  readonly same: number;
  readonly different: number;
  /** The candidate gave no answer at all. */
  readonly failed: number;
  /** Were not judged, because too many waited. */
  readonly dropped: number;
  readonly waiting: number;
  readonly actions: Readonly<Record<string, Readonly<Partial<Record<ShadowDifference, number>>>>>;
  readonly examples: readonly ShadowExample[];
}

const MOST_EXAMPLES = 20;
const EXAMPLES_OF_EACH = 3;

/**
 * A candidate that judges the questions of one rule set beside the versions in force, as if it had started at `since`. What it says is
 * compared and forgotten: INVARIANT: it never changes an answer, and all that happens before one is that the question is put in line.
 */
export class Shadow {
  readonly #candidate: Version;
  readonly #since: Instant;
  readonly #options: ShadowOptions;
  #waiting: Answered[] = [];
  #scheduled = false;
  #same = 0;
  #different = 0;
  #failed = 0;
  #dropped = 0;
  readonly #actions = new Map<string, Map<ShadowDifference, number>>();
  readonly #examples: ShadowExample[] = [];
  /** Other versions may be put in force meanwhile. */
  readonly #inForce: CandidateInForce;

  constructor(candidate: Version, since: Instant, options: ShadowOptions) {
    this.#candidate = candidate;
    this.#since = since;
    this.#options = options;
    this.#inForce = new CandidateInForce(candidate, since);
  }

  /** Puts a question in line. Never throws. */
  observe(answered: Answered): void {
    const { sample, random, mostWaiting, later } = this.#options;
    // Questions about the time before are none of the candidate's, and without facts it would say what the live rules say.
    if (answered.at < this.#since || answered.facts.state === 'unreachable' || (sample < 1 && random() >= sample))
      return;
    if (this.#waiting.length >= mostWaiting) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(answered);
    if (this.#scheduled) return;
    this.#scheduled = true;
    later(() => this.#judgeSome());
  }

  report(): ShadowReport {
    return {
      candidate: this.#candidate.ref,
      since: this.#since,
      sample: this.#options.sample,
      judged: this.#same + this.#different + this.#failed,
      same: this.#same,
      different: this.#different,
      failed: this.#failed,
      dropped: this.#dropped,
      waiting: this.#waiting.length,
      actions: Object.fromEntries([...this.#actions].map(([action, counts]) => [action, Object.fromEntries(counts)])),
      examples: [...this.#examples],
    };
  }

  #judgeSome(): void {
    const { atOnce, later } = this.#options;
    const some = this.#waiting.slice(0, atOnce);
    this.#waiting = this.#waiting.slice(atOnce);
    for (const each of some) this.#judge(each);
    this.#scheduled = this.#waiting.length > 0;
    if (this.#scheduled) later(() => this.#judgeSome());
  }

  #judge({ decision: live, asked, at, ruleSet, facts }: Answered): void {
    const { question } = asked;
    let candidate: Decision;
    try {
      candidate = decide({ ruleSet: this.#inForce.at(ruleSet, at), facts, question, now: at });
    } catch {
      this.#failed++;
      return;
    }
    const difference = shadowDifference(live, candidate);
    if (difference === undefined) {
      this.#same++;
      return;
    }
    this.#different++;
    const counts = this.#actions.get(question.action) ?? new Map<ShadowDifference, number>();
    this.#actions.set(question.action, counts);
    const count = (counts.get(difference) ?? 0) + 1;
    counts.set(difference, count);
    if (count > EXAMPLES_OF_EACH || this.#examples.length >= MOST_EXAMPLES) return;
    const { input, context, resource, amount } = question;
    const shown = { input, context, resource, amount };
    const user = question.subject.id;
    this.#examples.push({ user, action: question.action, question: shown, at, difference, live, candidate });
  }
}
