import type { Member } from '../domain/member.ts';
import type { Question } from '../domain/question.ts';
import type { Standing } from '../domain/standing.ts';
import type { Frame, MemberFacts, TermFacts } from '../rules/compile/frame.ts';
import type { Version } from '../rules/rule-set.ts';

const NONE = Object.freeze({});
const NO_TERM: TermFacts = Object.freeze({
  tier: null,
  channel: null,
  startsAt: null,
  endsAt: null,
  cancelledAt: null,
  autoRenew: null,
});

/** The facts at one instant. Each is put together when a condition first reads it: most questions read few. */
export class QuestionFrame implements Frame {
  readonly perk: Record<string, Readonly<Record<string, unknown>>> = {};
  private readonly version: Version;
  private readonly question: Question;
  private readonly known: Member | undefined;
  private readonly standing: Standing;
  private memberFacts: MemberFacts | undefined;
  private resourceFacts: Frame['resource'] | undefined;

  constructor(version: Version, question: Question, member: Member | undefined, standing: Standing) {
    this.version = version;
    this.question = question;
    this.known = member;
    this.standing = standing;
  }

  get member(): MemberFacts {
    this.memberFacts ??= this.makeMemberFacts();
    return this.memberFacts;
  }

  get term(): TermFacts {
    const { term } = this.standing;
    if (term === null) return NO_TERM;
    return {
      tier: term.tier,
      channel: term.channel,
      startsAt: term.startsAt,
      endsAt: term.endsAt,
      cancelledAt: term.cancelledAt ?? null,
      autoRenew: term.autoRenew ?? null,
    };
  }

  get user(): Frame['user'] {
    return { attributes: this.known?.attributes ?? NONE };
  }

  get subject(): Frame['subject'] {
    return this.question.subject;
  }

  get resource(): Frame['resource'] {
    this.resourceFacts ??= this.makeResourceFacts();
    return this.resourceFacts;
  }

  get input(): Frame['input'] {
    return this.question.input;
  }

  get context(): Frame['context'] {
    return this.question.context;
  }

  private makeMemberFacts(): MemberFacts {
    const { tiers } = this.version;
    const { membership, rank, lastRank, endedAt } = this.standing;
    return {
      id: this.question.subject.id,
      known: this.known !== undefined,
      membership,
      tier: tiers[rank]?.id ?? null,
      lastTier: membership === 'ended' ? (tiers[lastRank]?.id ?? null) : null,
      endedAt,
    };
  }

  private makeResourceFacts(): Frame['resource'] {
    const claim = this.question.resource;
    if (claim === null) return { type: null, id: null, properties: NONE, attributes: NONE };
    return { ...claim, attributes: this.catalogued(claim.type, claim.id) };
  }

  private catalogued(type: string, id: string | null): Frame['resource']['attributes'] {
    const { resources } = this.version;
    if (id === null || !Object.hasOwn(resources, type)) return NONE;
    const ofType: Readonly<Record<string, Frame['resource']['attributes']>> = resources[type] ?? {};
    return Object.hasOwn(ofType, id) ? (ofType[id] ?? NONE) : NONE;
  }
}
