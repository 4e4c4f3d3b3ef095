import type { ApiRelease } from '../generated/answers/consuming/release.ts';
import { askAll } from './asking/ask-all.ts';
import { canonical } from './asking/canonical.ts';
import { eachInItsPlace } from './asking/in-its-place.ts';
import { Inquiries } from './asking/inquiries.ts';
import { OwnWrites } from './asking/own-writes.ts';
import { Reads } from './asking/reads.ts';
import { orElseIn, requireList, requireNow, requireObject } from './calls.ts';
import type { CancellationPreview, Consumption, Decision, Perks } from './decision.ts';
import type { About, Attempt, AttemptOf, Question, QuestionOf, Release } from './question.ts';
import type { ActionOf, AnyRuleSet, RuleSetTypes } from './rule-set-types.ts';
import { LONGEST_MS, numberIn, type PerkbookOptions, type Settings, settingsFrom } from './settings.ts';
import { tellOutage } from './tell-outage.ts';
import { Crowd } from './transport/crowd.ts';
import { pathPart } from './transport/path-part.ts';
import { send } from './transport/send.ts';
import { type Caller, WaitingRoom } from './transport/waiting-room.ts';

/** What one call wants to be different. */
export interface CallOptions {
  /** Calls it off. Others who wait for the same answer still get it. */
  readonly signal?: AbortSignal | undefined;
  /** How long this call may take, with its retries, in milliseconds. */
  readonly timeout?: number | undefined;
  /** That `at` is meant: another instant than now. Without it, an `at` is refused. */
  readonly allowAt?: boolean | undefined;
}

export interface AskOptions extends CallOptions {
  /** The decision where none can be had, marked as `fallback`. What is wrong with the question still throws. */
  readonly orElse?: 'allow' | 'deny' | undefined;
}

/**
 * Asks a Perkbook server. What goes wrong is a `PerkbookError`. `R`: what `perkbook types` wrote of the rule set; without
 * it, every action and input compiles and the server says what is wrong with it.
 */
export class Perkbook<R extends RuleSetTypes = AnyRuleSet> {
  readonly #settings: Settings;
  readonly #writes: OwnWrites;
  readonly #inquiries: Inquiries;
  readonly #reads: Reads;
  readonly #room = new WaitingRoom();

  constructor(options: PerkbookOptions) {
    this.#settings = settingsFrom(options);
    this.#writes = new OwnWrites(this.#settings);
    this.#inquiries = new Inquiries(this.#settings, this.#writes);
    this.#reads = new Reads(this.#settings);
  }

  /** May this user do this? A denial is an answer. */
  async may<A extends ActionOf<R>>(question: QuestionOf<R, A>, options: AskOptions = {}): Promise<Decision<R>> {
    // What the types of a rule set leave is a question; so below.
    const [decision] = await this.#ask([question as unknown as Question], options);
    if (decision === undefined) throw new Error('one question has one answer');
    return decision;
  }

  /** The same for many, in their order. One that cannot be understood fails the call, as `Promise.all` does. */
  async mayAll<const As extends readonly ActionOf<R>[]>(
    questions: { readonly [I in keyof As]: QuestionOf<R, As[I]> },
    options: AskOptions = {},
  ): Promise<{ readonly [I in keyof As]: Decision<R> }> {
    const asked = questions as unknown as readonly Question[];
    return (await this.#ask(asked, options)) as { readonly [I in keyof As]: Decision<R> };
  }

  /** Decides and, on an allow, records it, in one step. */
  async consume<A extends ActionOf<R>>(attempt: AttemptOf<R, A>, options: CallOptions = {}): Promise<Consumption<R>> {
    const asked = attempt as unknown as Attempt;
    requireNow(asked, options);
    const { user, ...body } = asked;
    return (await this.#write(user, 'consume', body, options)) as unknown as Consumption<R>;
  }

  /** Gives back what was consumed under a key. Twice is once. */
  async release(attempt: Release, options: CallOptions = {}): Promise<ApiRelease> {
    requireObject(attempt);
    const { user, ...body } = attempt;
    return (await this.#write(user, 'release', body, options)) as unknown as ApiRelease;
  }

  /** Everything that a user has. */
  async perks(about: About, options: CallOptions = {}): Promise<Perks<R>> {
    return (await this.#read(about, 'perks', options)) as unknown as Perks<R>;
  }

  /** What the end of the membership would leave of it. */
  async cancellationPreview(about: About, options: CallOptions = {}): Promise<CancellationPreview<R>> {
    return (await this.#read(about, 'cancellation-preview', options)) as unknown as CancellationPreview<R>;
  }

  /** Forgets what was decided about a user, or about everybody: somebody else has changed something. */
  forget(user?: string): void {
    this.#inquiries.forget(user);
    this.#reads.forget(user);
  }

  /** Calls off what is under way, and forgets everything. */
  close(): void {
    this.#room.close();
    this.forget();
  }

  async #ask(questions: readonly Question[], options: AskOptions): Promise<readonly Decision<R>[]> {
    const caller = this.#callerOf(options);
    requireList(questions);
    eachInItsPlace(questions, (question) => requireNow(question, options));
    const asking = askAll(this.#inquiries, this.#room, questions, { ...caller, orElse: orElseIn(options) });
    const decisions = await this.#telling(asking);
    const fallback = decisions.find((each) => each.fallback === true);
    if (fallback !== undefined) void tellOutage(fallback.error, this.#settings.onOutage);
    return decisions as unknown as readonly Decision<R>[];
  }

  async #write(user: string, verb: string, body: object, options: CallOptions): Promise<object> {
    const caller = this.#callerOf(options);
    const message = { method: 'POST', path: pathOf(user, verb), body: canonical(body) } as const;
    const crowd = new Crowd();
    try {
      const written = await this.#telling(this.#room.wait([crowd], caller, send(message, crowd, this.#settings)));
      if (typeof written.revision === 'number') this.#writes.note(user, written.revision);
      return written;
    } catch (error) {
      // It may have been done all the same, or be done yet: an attempt that is given up may still arrive.
      this.#writes.doubt(user);
      throw error;
    } finally {
      this.forget(user);
    }
  }

  async #read(about: About, what: string, options: CallOptions): Promise<object> {
    requireNow(about, options);
    const { user, at } = about;
    const query = new URLSearchParams();
    const minRevision = this.#writes.leastRevision(user, about.minRevision);
    if (at !== undefined) query.set('at', at);
    if (minRevision !== undefined) query.set('minRevision', String(minRevision));
    const text = query.toString();
    const caller = this.#callerOf(options);
    const { crowd, answer } = this.#reads.of(user, pathOf(user, text === '' ? what : `${what}?${text}`));
    return this.#telling(this.#room.wait([crowd], caller, answer));
  }

  #telling<T>(outcome: Promise<T>): Promise<T> {
    return outcome.catch((error: unknown) => {
      void tellOutage(error, this.#settings.onOutage);
      throw error;
    });
  }

  #callerOf({ timeout = this.#settings.timeout, signal }: CallOptions): Caller {
    const caller = { timeout: numberIn('timeout', timeout, 1, LONGEST_MS), signal: signal ?? undefined };
    this.#room.admit(caller);
    return caller;
  }
}

/** Of what belongs to a user. */
function pathOf(user: string, rest: string): string {
  return `/v1/members/${pathPart(user)}/${rest}`;
}
