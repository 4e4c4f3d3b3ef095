import type { ApiDecision } from '../../generated/answers/decisions/decision.ts';
import { PerkbookError } from '../perkbook-error.ts';
import type { Settings } from '../settings.ts';
import { Crowd } from '../transport/crowd.ts';
import { freeze } from './answer-in.ts';
import { answersTo } from './answers.ts';
import { canonical } from './canonical.ts';
import { depthOf } from './depth.ts';
import { atEndOfTurn } from './end-of-turn.ts';
import { thisMoment } from './moment.ts';
import type { OwnWrites } from './own-writes.ts';
import { Remembered } from './remembered.ts';

/** A question as it is sent: what its types allow is settled outside. */
export interface Asked {
  readonly user: string;
  readonly at?: string;
  readonly minRevision?: number;
}

/** A question that is under way. Whoever waits for its answer does so as one of the crowd of its request. */
export interface Inquiry {
  readonly answer: Promise<ApiDecision>;
  readonly crowd: Crowd;
}

interface Pending extends Inquiry {
  readonly key: string;
  readonly asked: Asked;
  readonly body: string;
  /** Whether its answer may be remembered. */
  readonly isLasting: boolean;
  readonly resolve: (answer: ApiDecision) => void;
  readonly reject: (error: unknown) => void;
}

interface Batch {
  readonly crowd: Crowd;
  readonly questions: Pending[];
  size: number;
}

/** The server's own bounds: questions in a batch, and bytes in a body, here in characters of three bytes at most. */
const MOST_QUESTIONS = 1_000;
const MOST_CHARACTERS = 300_000;
/** The server reads no body with more than 100 levels in it, and a batch adds two of them. */
const DEEPEST_IN_BATCH = 90;

/**
 * Asks each question once: what is remembered is not asked, the same question under way is shared, and the questions of one turn go
 * in one request.
 */
export class Inquiries {
  readonly #settings: Settings;
  readonly #writes: OwnWrites;
  readonly #remembered: Remembered;
  readonly #underWay = new Map<string, Pending>();
  #batch: Batch | undefined;

  constructor(settings: Settings, writes: OwnWrites) {
    this.#settings = settings;
    this.#writes = writes;
    this.#remembered = new Remembered(settings);
  }

  /** The answer where it is remembered, else the inquiry. `key`: the question in its canonical form. INVARIANT: never throws. */
  ask(key: string, asked: Asked): ApiDecision | Inquiry {
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const shared = this.#underWay.get(key);
    return shared === undefined || shared.crowd.isGone ? this.#begin(key, asked) : shared;
  }

  /** Forgets what was decided about a user, or everybody: also what is under way is neither shared nor remembered any more. */
  forget(user?: string): void {
    this.#remembered.drop(user);
    for (const [key, { asked }] of this.#underWay) {
      if (user === undefined || asked.user === user) this.#underWay.delete(key);
    }
  }

  #begin(key: string, asked: Asked): Pending {
    const minRevision = this.#writes.leastRevision(asked.user, asked.minRevision);
    const body = minRevision === asked.minRevision ? key : canonical({ ...(JSON.parse(key) as object), minRevision });
    const batch = this.#batchFor(body);
    let resolve: Pending['resolve'] = () => {};
    let reject: Pending['reject'] = () => {};
    const answer = new Promise<ApiDecision>((fulfil, fail) => {
      resolve = fulfil;
      reject = fail;
    });
    // Its callers may all have gone by then.
    answer.catch(() => {});
    const isLasting = asked.at === undefined && !this.#writes.isDoubtful(asked.user);
    const pending: Pending = { key, asked, body, isLasting, answer, crowd: batch.crowd, resolve, reject };
    batch.questions.push(pending);
    batch.size += body.length;
    this.#underWay.set(key, pending);
    return pending;
  }

  #batchFor(body: string): Batch {
    if (depthOf(body) > DEEPEST_IN_BATCH) return this.#newBatch();
    const open = this.#batch;
    if (open !== undefined && !open.crowd.isGone && hasRoom(open, body)) return open;
    const batch = this.#newBatch();
    this.#batch = batch;
    return batch;
  }

  #newBatch(): Batch {
    const batch: Batch = { crowd: new Crowd(), questions: [], size: 0 };
    atEndOfTurn(() => {
      if (this.#batch === batch) this.#batch = undefined;
      void this.#send(batch);
    });
    return batch;
  }

  async #send({ questions, crowd }: Batch): Promise<void> {
    const askedAt = thisMoment();
    try {
      const bodies = questions.map(({ body }) => body);
      for (const [i, answer] of (await answersTo(bodies, crowd, this.#settings)).entries()) {
        const pending = questions[i];
        if (pending === undefined) continue;
        if (answer instanceof PerkbookError) pending.reject(answer);
        else pending.resolve(this.#kept(pending, freeze(answer), askedAt));
      }
    } catch (error) {
      for (const { reject } of questions) reject(error);
    } finally {
      for (const pending of questions) {
        if (this.#underWay.get(pending.key) === pending) this.#underWay.delete(pending.key);
      }
    }
  }

  /** Remembered, unless it is not to last, or what it was made from has changed since. */
  #kept(pending: Pending, answer: ApiDecision, askedAt: ReturnType<typeof thisMoment>): ApiDecision {
    const isCurrent = this.#underWay.get(pending.key) === pending;
    if (isCurrent && pending.isLasting) this.#remembered.keep(pending.key, answer, askedAt);
    return answer;
  }
}

function hasRoom({ questions, size }: Batch, body: string): boolean {
  return questions.length < MOST_QUESTIONS && size + body.length <= MOST_CHARACTERS;
}
