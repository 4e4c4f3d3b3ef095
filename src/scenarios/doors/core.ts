import { fromApiConsume, fromApiQuestion } from '../../api/decisions/from-api-question.ts';
import { toApiDecision } from '../../api/decisions/to-api-decision.ts';
import { toApiExplanation } from '../../api/decisions/to-api-explanation.ts';
import { fromApiMember } from '../../api/members/from-api-member.ts';
import { toApiConsumption, toApiRelease } from '../../api/members/to-api-consumption.ts';
import { toApiPerks } from '../../api/members/to-api-perks.ts';
import { toApiPreview } from '../../api/members/to-api-preview.ts';
import { ANYBODY } from '../../domain/caller.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { CheckedQuestion, Question } from '../../domain/question.ts';
import type { RuleBook, RuleSet } from '../../rules/rule-set.ts';
import { consume } from '../../use-cases/consumes/consume.ts';
import { release } from '../../use-cases/consumes/release.ts';
import { ask } from '../../use-cases/decisions/ask.ts';
import { explain } from '../../use-cases/decisions/explain.ts';
import { deleteMember } from '../../use-cases/members/delete-member.ts';
import { putMember } from '../../use-cases/members/put-member.ts';
import { cancellationPreview } from '../../use-cases/perks/cancellation-preview.ts';
import { perks } from '../../use-cases/perks/perks.ts';
import type { Asked, StoreState } from '../compile/scenario.ts';
import type { Door, DoorReply, DoorRequest, Json } from '../replay/door.ts';
import { MemoryStore } from './memory-store.ts';

/** A decision with everything that it was made from. */
export interface Judged {
  readonly ruleSet: RuleSet;
  readonly facts: Facts;
  readonly question: Question;
  readonly at: Instant;
  readonly decision: Decision;
}

/** Every answer's id: nothing compares it. */
const ID = 'scenario';

/** The rules and the use cases themselves, on members held in memory: no I/O. `onJudged` is told of every decision. */
export class CoreDoor implements Door {
  readonly name = 'core';
  readonly #book: RuleBook;
  readonly #onJudged: ((judged: Judged) => void) | undefined;
  readonly #store = new MemoryStore();
  #now: Instant = 0;

  constructor(book: RuleBook, onJudged?: (judged: Judged) => void) {
    this.#book = book;
    this.#onJudged = onJudged;
  }

  send(request: DoorRequest, at: Instant): Promise<DoorReply> {
    return replyOf(() => this.#answer(request, at));
  }

  explain(user: string, question: Asked, at: Instant): Promise<DoorReply> {
    return replyOf(async () => {
      this.#now = at;
      const explanation = await explain(
        this.#ports,
        this.#book,
        fromApiQuestion({ user, ...question }, this.#book, at),
      );
      return toApiExplanation(explanation, ID);
    });
  }

  async setStore(state: StoreState): Promise<void> {
    this.#store.state = state;
  }

  get #ports() {
    return { store: this.#store, facts: this.#store, clock: { now: () => this.#now } };
  }

  async #answer(request: DoorRequest, at: Instant): Promise<object> {
    this.#now = at;
    const book = this.#book;
    const { user } = request;
    switch (request.kind) {
      case 'put':
        return putMember(this.#ports, book, user, fromApiMember(request.facts, user));
      case 'remove':
        return deleteMember(this.#ports, user);
      case 'ask': {
        const asked = askedAs(request.as, fromApiQuestion({ user, ...request.question }, book, at));
        const answered = await ask(this.#ports, book, asked);
        this.#judged(answered.ruleSet, answered.facts, asked.question, at, answered.decision);
        return toApiDecision(answered, ID);
      }
      case 'consume': {
        const wanted = fromApiConsume({ ...request.question, idempotencyKey: request.key }, user, book, at);
        const facts = this.#store.read(user);
        const consumed = await consume(this.#ports, book, wanted, { key: request.key, id: ID, by: ANYBODY });
        const { decision, replayed } = consumed.consumption;
        if (!replayed) this.#judged(consumed.ruleSet, facts, consumed.asked.question, at, decision);
        return toApiConsumption(consumed);
      }
      case 'release':
        return toApiRelease(await release(this.#ports, { user, key: request.key, by: ANYBODY }));
      case 'perks':
        return toApiPerks(await perks(this.#ports, book, { user }));
      case 'preview':
        return toApiPreview(await cancellationPreview(this.#ports, book, { user }));
    }
  }

  #judged(ruleSet: RuleSet, facts: Facts, question: Question, at: Instant, decision: Decision): void {
    this.#onJudged?.({ ruleSet, facts, question, at, decision });
  }
}

/** The same question of a subject that is no user. */
function askedAs(type: string | undefined, asked: CheckedQuestion): CheckedQuestion {
  if (type === undefined) return asked;
  const { question } = asked;
  return { ...asked, question: { ...question, subject: { ...question.subject, type } } };
}

async function replyOf(answer: () => Promise<object>): Promise<DoorReply> {
  try {
    // As it would come over the wire: nothing undefined, nothing shared.
    return { ok: true, body: JSON.parse(JSON.stringify(await answer())) as Json };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ok: false, code: error.code, field: error.field, detail: error.message };
  }
}
