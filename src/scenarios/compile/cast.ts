import { formatInstant, type Instant, parseInstant } from '../../domain/instant.ts';
import type { Term } from '../../domain/member.ts';
import { newMember } from '../../domain/member.ts';
import { standingAt } from '../../domain/standing.ts';
import type { Facts, ScenarioTerm } from '../../generated/scenario.ts';
import type { Path } from '../../rules/load/finding.ts';
import { compileFacts, compileTerm } from './compile-facts.ts';
import { type Context, isKnown, newestOf } from './context.ts';
import type { CastMember, MemberFacts, TermFacts } from './scenario.ts';

const CURRENT = 'current';
const NOTHING: MemberFacts = { terms: [], extras: [], attributes: {} };

/** Who takes part in a scenario, and what a billing service would have told of them so far. */
export class Cast {
  readonly #members: ReadonlyMap<string, CastMember>;
  readonly #context: Context;
  readonly #facts = new Map<string, MemberFacts>();

  constructor(members: ReadonlyMap<string, CastMember>, context: Context) {
    this.#members = members;
    this.#context = context;
    for (const [name, { facts = NOTHING }] of members) {
      // Usage and holdings change with what is consumed: after the beginning they are only sent when a step gives them.
      const { usage: _usage, holdings: _holdings, ...known } = facts;
      this.#facts.set(name, known);
    }
  }

  get names(): Iterable<string> {
    return this.#members.keys();
  }

  subscribe(member: string, term: ScenarioTerm, at: Instant, path: Path): MemberFacts | undefined {
    const { terms } = this.#of(member);
    const added = compileTerm(term, path, this.#context, `t${terms.length + 1}`, at);
    if (added === undefined) return undefined;
    return this.#withTerms(member, [...terms.filter(({ id }) => id !== added.id), added]);
  }

  cancel(member: string, id: string, at: Instant, path: Path): MemberFacts | undefined {
    return this.#changeTerm(member, id, at, path, (term) => ({ ...term, cancelledAt: formatInstant(at) }));
  }

  end(member: string, id: string, at: Instant, path: Path): MemberFacts | undefined {
    return this.#changeTerm(member, id, at, path, (term) => ({ ...term, endsAt: formatInstant(at) }));
  }

  upgrade(member: string, text: string, at: Instant, path: Path): MemberFacts | undefined {
    const term = this.#termNamed(member, CURRENT, at, path);
    if (term === undefined) return undefined;
    const { terms } = this.#of(member);
    const onSameChannel = / on /.test(text) ? text : text.replace(/^(\S+)/, `$1 on ${term.channel}`);
    const next = compileTerm(onSameChannel, path, this.#context, `t${terms.length + 1}`, at, parseInstant(term.endsAt));
    if (next === undefined) return undefined;
    const ended = terms.map((each) => (each === term ? { ...each, endsAt: formatInstant(at) } : each));
    return this.#withTerms(member, [...ended, next]);
  }

  put(member: string, facts: Facts, path: Path): MemberFacts | undefined {
    const next = compileFacts(facts, this.#of(member), path, this.#context);
    const { usage: _usage, holdings: _holdings, ...known } = next;
    this.#facts.set(member, known);
    return next;
  }

  #of(member: string): MemberFacts {
    return this.#facts.get(member) ?? NOTHING;
  }

  #withTerms(member: string, terms: readonly TermFacts[]): MemberFacts {
    const facts = { ...this.#of(member), terms };
    this.#facts.set(member, facts);
    return facts;
  }

  #changeTerm(member: string, id: string, at: Instant, path: Path, change: (term: TermFacts) => TermFacts) {
    const term = this.#termNamed(member, id, at, path);
    if (term === undefined) return undefined;
    return this.#withTerms(
      member,
      this.#of(member).terms.map((each) => (each === term ? change(each) : each)),
    );
  }

  #termNamed(member: string, id: string, at: Instant, path: Path): TermFacts | undefined {
    const { terms } = this.#of(member);
    if (id !== CURRENT) {
      const known = [CURRENT, ...terms.map((term) => term.id)];
      isKnown(this.#context, { name: id, known, what: `term of \`${member}\``, path });
      return terms.find((term) => term.id === id);
    }
    const { rankOf } = newestOf(this.#context);
    const running = standingAt({ ...newMember(member), terms: terms.map(toTerm) }, at, rankOf).term;
    const term = terms.find((each) => each.id === running?.id);
    if (term === undefined) {
      this.#context.report({
        code: 'wrong_value',
        message: `\`${member}\` has no running term at ${formatInstant(at)}`,
        path,
      });
    }
    return term;
  }
}

function toTerm({ id, tier, channel, startsAt, endsAt }: TermFacts): Term {
  return { id, tier, channel, startsAt: parseInstant(startsAt) ?? 0, endsAt: parseInstant(endsAt) ?? 0 };
}
