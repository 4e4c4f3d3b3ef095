import type { Attribute, Scalar } from '../../domain/member.ts';

/** The facts that conditions read, as they are at one instant. Null where empty; instants are epoch milliseconds. */
export interface Frame {
  readonly member: MemberFacts;
  readonly term: TermFacts;
  /** Stored facts about the user. */
  readonly user: { readonly attributes: Readonly<Record<string, Attribute>> };
  readonly subject: ClaimFacts;
  readonly resource: ClaimFacts & { readonly attributes: Readonly<Record<string, Attribute>> };
  readonly input: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  /** What the gates of perks compare, by perk id. Not for the conditions of a rule file. */
  readonly perk: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface MemberFacts {
  readonly id: string;
  readonly known: boolean;
  readonly membership: string;
  readonly tier: string | null;
  readonly lastTier: string | null;
  readonly endedAt: number | null;
}

export interface TermFacts {
  readonly tier: string | null;
  readonly channel: string | null;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly cancelledAt: number | null;
  readonly autoRenew: boolean | null;
}

/** What the caller says of a subject or a resource: claims, never facts. */
export interface ClaimFacts {
  readonly type: string | null;
  readonly id: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

export type FactName = keyof Frame;

/** The facts a condition of a rule file may name, each with the paths that are always there; `open`: any path below. */
export const READABLE_FACTS: Readonly<
  Record<Exclude<FactName, 'perk'>, { readonly paths: readonly string[]; readonly open: readonly string[] }>
> = {
  member: { paths: ['id', 'known', 'membership', 'tier', 'lastTier', 'endedAt'], open: [] },
  term: { paths: ['tier', 'channel', 'startsAt', 'endsAt', 'cancelledAt', 'autoRenew'], open: [] },
  user: { paths: [], open: ['attributes'] },
  subject: { paths: ['type', 'id'], open: ['properties'] },
  resource: { paths: ['type', 'id'], open: ['properties', 'attributes'] },
  input: { paths: [], open: [''] },
  context: { paths: [], open: [''] },
};

/** The facts that change by themselves, with the member's terms. */
export const TERM_FACTS: readonly FactName[] = ['member', 'term', 'perk'];
/** The facts that come from the member store. */
export const MEMBER_FACTS: readonly FactName[] = [...TERM_FACTS, 'user'];

export const PATH_PATTERN = /^\$(\.[A-Za-z_]\w*)+$/;

/**
 * The value at a path such as `$.properties.owner`, by own properties only, null where there is none.
 * INVARIANT: only a scalar or a list of scalars comes out. An object could carry a `toString` of the caller's making into
 * an operator; so it reads as null.
 */
export function readPath(value: unknown, path: string): Attribute {
  return readKeys(value, pathKeys(path));
}

export function pathKeys(path: string): readonly string[] {
  return path.split('.').slice(1);
}

export function readKeys(value: unknown, keys: readonly string[]): Attribute {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    at = (at as Record<string, unknown>)[key];
  }
  if (isScalar(at)) return at;
  return Array.isArray(at) && at.every(isScalar) ? at : null;
}

function isScalar(value: unknown): value is Scalar {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return true;
    default:
      return value === null;
  }
}
