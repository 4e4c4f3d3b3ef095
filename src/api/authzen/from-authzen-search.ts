import type { AuthzenActionSearch } from '../../generated/authzen/action-search.ts';
import type { AuthzenNextPage, AuthzenPage } from '../../generated/authzen/next-page.ts';
import type { AuthzenResourceSearch } from '../../generated/authzen/resource-search.ts';
import type { AuthzenSubjectSearch } from '../../generated/authzen/subject-search.ts';
import { SchemaCheck } from '../schema.ts';
import { schemaProblem } from '../schema-problem.ts';
import type { AskedByRequest, Entity } from './from-authzen-evaluation.ts';

/** What is searched for. */
export type Searched = 'subject' | 'resource' | 'action';

/** A search without its page and without what is ignored: the same query is always the same value. */
export interface AuthzenQuery extends Omit<AskedByRequest, 'action'> {
  readonly subject: Entity;
  /** Absent where actions are searched for. */
  readonly action?: AskedByRequest['action'];
}

type AnySearch = AuthzenSubjectSearch | AuthzenResourceSearch | AuthzenActionSearch;

const referred = ['question', 'authzen/entities'];
const checks: Readonly<Record<Searched, SchemaCheck<AnySearch>>> = {
  subject: new SchemaCheck<AuthzenSubjectSearch>('authzen/subject-search', { referred }),
  resource: new SchemaCheck<AuthzenResourceSearch>('authzen/resource-search', { referred }),
  action: new SchemaCheck<AuthzenActionSearch>('authzen/action-search', { referred }),
};
const nextPageCheck = new SchemaCheck<AuthzenNextPage>('authzen/next-page', { referred });

/** The query of a search from the wire. Throws a `Problem` that names the field. */
export function fromAuthzenSearch(searched: Searched, json: unknown): AuthzenQuery {
  const check = checks[searched];
  if (!check.matches(json)) throw schemaProblem(check.errors);
  const { subject, resource, context, action } = json as AnySearch & Pick<AuthzenSubjectSearch, 'action'>;
  return {
    subject: entity(subject, searched !== 'subject'),
    ...(searched === 'action' ? {} : { action: named(action) }),
    resource: entity(resource, searched !== 'resource'),
    ...filled({ context }),
  };
}

/** The page that a body asks for, where it names one by its token. */
export function nextPageIn(json: unknown): (AuthzenPage & { readonly token: string }) | undefined {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, 'page')) return undefined;
  if (!nextPageCheck.matches(json)) throw schemaProblem(nextPageCheck.errors);
  const { token = '' } = json.page;
  return token === '' ? undefined : { ...json.page, token };
}

/** The most results that the body would like on a page. The search has been checked. */
export function limitIn(json: unknown): number | undefined {
  return (json as AnySearch).page?.limit;
}

/** Whether a body with a token repeats the query, as it may. */
export function repeatsQuery(json: unknown): boolean {
  return ['subject', 'action', 'resource', 'context'].some((name) => Object.hasOwn(json as object, name));
}

function entity({ type, id, properties }: Entity, isNamed: boolean): Entity {
  return {
    type,
    ...(isNamed && id !== undefined ? { id } : {}),
    ...filled({ properties }),
  };
}

function named({ name, properties }: AuthzenSubjectSearch['action']): NonNullable<AuthzenQuery['action']> {
  return { name, ...filled({ properties }) };
}

/** Without what is empty: it says as little as what is left out. */
function filled<T extends object>(parts: { readonly [name in keyof T]: T[name] | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(parts).filter(([, part]) => part !== undefined && Object.keys(part as object).length > 0),
  ) as Partial<T>;
}
