import type { Instant } from '../domain/instant.ts';
import type { SubjectClaim } from '../domain/question.ts';
import { isStorableId, keyName as shortName } from '../stores/storable-id.ts';
import { withoutLarge } from './entry/left-out.ts';
import type { ToLog } from './to-log.ts';

/** An answer on its way into the log. */
export interface Waiting {
  readonly told: ToLog;
  readonly time: Instant;
  readonly size: number;
  /** What stands for the user, and for the user who is the resource; absent until it has been asked for. */
  names?: Names;
}

export interface Names {
  readonly pseudonym: string;
  readonly ofResource: string | undefined;
}

/** The names of the user, and of the user who is the resource, under which their keys are. */
export function usersIn({ answered: { asked } }: ToLog): readonly string[] {
  const { subject, resource } = asked.question;
  const own = keyName(subject);
  if (resource?.type !== 'user' || resource.id === null) return [own];
  return [own, keyName({ type: 'user', id: resource.id })];
}

/** Other subjects have ids of their own, which may be those of users; no user id has a line break. */
function keyName({ type, id }: Pick<SubjectClaim, 'type' | 'id'>): string {
  const name = type === 'user' ? id : `${type}\n${id}`;
  return isStorableId(name) ? name : `\n${shortName(name)}`;
}

const USUAL_SIZE = 2048;

/** As it waits, with what of it can be large, beside what every answer takes. */
export function sized(answer: ToLog): { readonly told: ToLog; readonly size: number } {
  const { told, size: ofQuestion } = withoutLarge(answer);
  let size = USUAL_SIZE + ofQuestion;
  const { facts } = told.answered;
  if (facts.state !== 'unreachable' && facts.member !== undefined) {
    const { terms, extras, usage } = facts.member;
    size += 100 * (terms.length + extras.length);
    for (const perk in usage) size += 50 * (usage[perk]?.length ?? 0);
  }
  return { told, size };
}
