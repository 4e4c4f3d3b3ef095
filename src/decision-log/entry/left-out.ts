import type { Question } from '../../domain/question.ts';
import type { ApiLogEntry } from '../../generated/answers/log/entry.ts';
import type { Part, ToLog } from '../to-log.ts';
import { roughSize } from './rough-size.ts';

const PARTS: readonly Part[] = ['input', 'context', 'resource.properties', 'subject.properties'];

const NOTHING = Object.freeze({});

/**
 * An answer about a question of which nothing is too large for an entry, and about how many bytes it takes. INVARIANT: no part of a
 * question keeps its answer out of the log, and what is left out is not held on to.
 */
export function withoutLarge(told: ToLog): { readonly told: ToLog; readonly size: number } {
  const { question } = told.answered.asked;
  const large: Part[] = [];
  let size = 0;
  for (const part of PARTS) {
    const own = roughSize(partOf(question, part));
    if (own === Number.POSITIVE_INFINITY) large.push(part);
    else size += own;
  }
  return { told: large.length === 0 ? told : without(told, large), size };
}

/** An answer without all that its caller has made: for one that cannot be written down otherwise. */
export function withoutClaims(told: ToLog): ToLog {
  const { question } = told.answered.asked;
  return without(
    told,
    PARTS.filter((part) => roughSize(partOf(question, part)) > EMPTY_SIZE),
  );
}

const EMPTY_SIZE = roughSize(NOTHING);

/** The same of an entry. */
export function withoutClaimsIn<
  Entry extends Pick<ApiLogEntry, 'input' | 'context' | 'resource' | 'subject' | 'leftOut'>,
>(entry: Entry): Entry {
  const { input, context, ...rest } = entry;
  const { resource, subject, leftOut = [] } = entry;
  const gone: Part[] = [];
  if (input !== undefined) gone.push('input');
  if (context !== undefined) gone.push('context');
  const changed = { ...rest } as { -readonly [Name in keyof Entry]: Entry[Name] };
  if (resource?.properties !== undefined) {
    const { properties, ...bare } = resource;
    gone.push('resource.properties');
    changed.resource = bare;
  }
  if (subject !== undefined && Object.keys(subject.properties).length > 0) {
    gone.push('subject.properties');
    changed.subject = { ...subject, properties: {} };
  }
  changed.leftOut = [...leftOut, ...gone];
  return changed;
}

function partOf({ input, context, resource, subject }: Question, part: Part): unknown {
  switch (part) {
    case 'input':
      return input;
    case 'context':
      return context;
    case 'resource.properties':
      return resource === null ? NOTHING : resource.properties;
    case 'subject.properties':
      return subject.properties;
  }
}

function without(told: ToLog, parts: readonly Part[]): ToLog {
  const { answered } = told;
  const { question } = answered.asked;
  const { subject, resource } = question;
  const bare: Question = {
    ...question,
    ...(parts.includes('input') ? { input: NOTHING } : {}),
    ...(parts.includes('context') ? { context: NOTHING } : {}),
    ...(parts.includes('resource.properties') && resource !== null
      ? { resource: { ...resource, properties: NOTHING } }
      : {}),
    ...(parts.includes('subject.properties') ? { subject: { ...subject, properties: NOTHING } } : {}),
  };
  return { ...told, answered: { ...answered, asked: { ...answered.asked, question: bare } }, leftOut: parts };
}
