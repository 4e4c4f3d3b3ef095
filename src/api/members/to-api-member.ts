import { MOST_CONFLICTS } from '../../domain/conflicts.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { Extra, Member, Term, UsageEntry } from '../../domain/member.ts';
import type { ApiMemberShown } from '../../generated/answers/members/member.ts';
import type { ApiMemberPage } from '../../generated/answers/members/member-page.ts';
import type { ApiConflict, ApiExtra, ApiMember, ApiTerm, ApiUsageEntry } from '../../generated/member.ts';
import type { TermDeleted } from '../../use-cases/members/delete-term.ts';
import type { MemberPage } from '../../use-cases/members/list-members.ts';
import type { MemberView } from '../../use-cases/members/write-member.ts';

/** A member as callers get it. Never fails, whatever an older rule set has left in it. */
export function toApiMember({ member, conflicts }: MemberView): ApiMemberShown {
  return {
    id: member.id,
    revision: member.revision,
    ...toApiFields(member),
    conflicts: conflicts.slice(0, MOST_CONFLICTS).map(
      ({ terms, from, until, counts }): ApiConflict => ({
        terms,
        from: formatInstant(from),
        until: formatInstant(until),
        counts,
      }),
    ),
    ...(conflicts.length > MOST_CONFLICTS && { moreConflicts: true }),
  };
}

/** What of a member can be written: what a merge patch is merged into. */
export function toApiFields({
  terms,
  holdings,
  usage,
  extras,
  attributes,
}: Member): Required<Omit<ApiMember, 'id' | 'revision' | 'conflicts' | 'moreConflicts'>> {
  return {
    terms: terms.map(toApiTerm),
    holdings,
    usage: Object.fromEntries(Object.entries(usage).map(([perk, entries]) => [perk, entries.map(toApiUsageEntry)])),
    extras: extras.map(toApiExtra),
    attributes,
  };
}

export function toApiMemberPage({ members, unreadable, next }: MemberPage): ApiMemberPage {
  return { members: members.map(toApiMember), ...(unreadable.length > 0 && { unreadable }), next };
}

/** The member that is left; undefined (no content) where there is none. */
export function toApiTermDeleted({ view }: TermDeleted): ApiMember | undefined {
  return view === null ? undefined : toApiMember(view);
}

function toApiTerm({ startsAt, endsAt, cancelledAt, ...term }: Term): ApiTerm {
  return {
    ...term,
    startsAt: formatInstant(startsAt),
    endsAt: formatInstant(endsAt),
    ...(cancelledAt !== undefined && { cancelledAt: formatInstant(cancelledAt) }),
  };
}

function toApiUsageEntry({ at, ...entry }: UsageEntry): ApiUsageEntry {
  return { at: formatInstant(at), ...entry };
}

function toApiExtra({ from, until, ...extra }: Extra): ApiExtra {
  return {
    ...extra,
    ...(from !== undefined && { from: formatInstant(from) }),
    ...(until !== undefined && { until: formatInstant(until) }),
  };
}
