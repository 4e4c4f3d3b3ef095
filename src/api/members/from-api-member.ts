import type { ErrorObject } from 'ajv';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import type { Extra, Term, UsageEntry } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';
import type { ApiExtra, ApiMember, ApiTerm, ApiUsageEntry } from '../../generated/member.ts';
import type { MemberFields } from '../../use-cases/members/member-fields.ts';
import { SchemaCheck } from '../schema.ts';
import { pointerToken, schemaProblem } from '../schema-problem.ts';

const memberCheck = new SchemaCheck<ApiMember>('member');
const termCheck = new SchemaCheck<ApiTerm>('member', { definition: '#/definitions/term' });

/**
 * What a member's JSON gives, `id` being the member it is for. Throws a `Problem` that names the field: 400 for what cannot be understood,
 * `invalid_member` (422) for what can, but must not be. Whether tiers, perks and holdings exist is for `checkVocabulary`.
 */
export function fromApiMember(json: unknown, id: string): MemberFields {
  if (!memberCheck.matches(json)) throw memberProblem(memberCheck.errors);
  checkSameId(json.id, id);
  return {
    ...(json.terms && { terms: json.terms.map((term, i) => fromTerm(term, `/terms/${i}`)) }),
    ...(json.holdings && { holdings: json.holdings }),
    ...(json.usage && { usage: fromUsage(json.usage) }),
    ...(json.extras && { extras: json.extras.map((extra, i) => fromExtra(extra, `/extras/${i}`)) }),
    ...(json.attributes && { attributes: json.attributes }),
  };
}

/** The revision that a checked body of a member repeats, if it does. */
export function revisionIn(json: unknown): number | undefined {
  const { revision } = json as { readonly revision?: unknown };
  return typeof revision === 'number' ? revision : undefined;
}

/** One term, `id` being its id in the address. */
export function fromApiTerm(json: unknown, id: string): Term & { readonly id: string } {
  if (!termCheck.matches(json)) throw memberProblem(termCheck.errors);
  checkSameId(json.id, id);
  return { ...fromTerm(json, ''), id };
}

/** Who reads, changes and writes back what was read repeats the id. */
function checkSameId(given: string | undefined, id: string): void {
  if (given === undefined || given === id) return;
  throw new Problem('invalid_field', `\`id\` is \`${given}\`, but the address names \`${id}\`; leave it out`, {
    field: '/id',
  });
}

function fromTerm(term: ApiTerm, at: string): Term {
  const startsAt = instant(term.startsAt, `${at}/startsAt`);
  const endsAt = instant(term.endsAt, `${at}/endsAt`);
  if (endsAt <= startsAt) {
    const message = `\`endsAt\` (${term.endsAt}) must be later than \`startsAt\` (${term.startsAt})`;
    throw new Problem('invalid_member', message, { field: `${at}/endsAt` });
  }
  return {
    ...(term.id !== undefined && { id: term.id }),
    tier: term.tier,
    channel: term.channel,
    startsAt,
    endsAt,
    ...(typeof term.cancelledAt === 'string' && { cancelledAt: instant(term.cancelledAt, `${at}/cancelledAt`) }),
    ...(term.autoRenew !== undefined && { autoRenew: term.autoRenew }),
  };
}

function fromUsage(usage: Readonly<Record<string, readonly ApiUsageEntry[]>>): Record<string, readonly UsageEntry[]> {
  return Object.fromEntries(
    Object.entries(usage).map(([perk, entries]) => [
      perk,
      entries.map((entry, i) => ({
        at: instant(entry.at, `/usage/${pointerToken(perk)}/${i}/at`),
        amount: entry.amount ?? 1,
        ...(entry.key !== undefined && { key: entry.key }),
      })),
    ]),
  );
}

function fromExtra(extra: ApiExtra, at: string): Extra {
  const from = typeof extra.from === 'string' ? instant(extra.from, `${at}/from`) : undefined;
  const until = typeof extra.until === 'string' ? instant(extra.until, `${at}/until`) : undefined;
  if (from !== undefined && until !== undefined && until <= from) {
    const message = `\`until\` (${extra.until}) must be later than \`from\` (${extra.from})`;
    throw new Problem('invalid_member', message, { field: `${at}/until` });
  }
  return {
    perk: extra.perk,
    amount: extra.amount ?? 1,
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(extra.note !== undefined && { note: extra.note }),
  };
}

function instant(text: string, field: string): Instant {
  const parsed = parseInstant(text);
  if (parsed !== undefined) return parsed;
  const message = `\`${text}\` is no instant; write it like \`2026-11-22T10:00:00Z\`, with a zone and a date that exists`;
  throw new Problem('invalid_member', message, { field });
}

/** What has the right shape but not a possible value can be understood, and so is a 422. */
function memberProblem(errors: readonly ErrorObject[] | null | undefined): Problem {
  const problem = schemaProblem(errors);
  const [error] = errors ?? [];
  if (error === undefined || problem.code !== 'invalid_field' || !isAboutTheValue(error)) return problem;
  const { field, didYouMean } = problem;
  return new Problem('invalid_member', problem.message, {
    ...(field !== undefined && { field }),
    ...(didYouMean !== undefined && { didYouMean }),
  });
}

function isAboutTheValue({ keyword, params, data }: ErrorObject): boolean {
  if (keyword === 'type') return params.type === 'integer' && typeof data === 'number';
  return keyword !== 'enum' || typeof data === 'string';
}
