import type { ProblemCode } from '../../domain/problem.ts';
import type { SchemaName } from '../../generated/schema-name.ts';
import type { HeaderName } from './headers.ts';
import type { Parameter } from './parameters.ts';
import type { Tag } from './tags.ts';

/** `POST /v1/decisions`: the method and the path of a route, as the route has them. */
export type OperationKey = `${string} /${string}`;

/**
 * What the description says of a route and the route does not know itself. Its scope, the names of its parameters, the content types and
 * the problems that every such route can give come from the route.
 */
export interface Operation {
  /** The operationId: names the operation in generated clients. */
  readonly id: string;
  /** A few words: the heading. */
  readonly says: string;
  /** More, in Markdown. */
  readonly more?: string;
  readonly tag: Tag;
  /** The parameters of the path and of the query: exactly those that the route has. */
  readonly parameters?: Readonly<Record<string, Parameter>>;
  /** The request headers that mean something here. */
  readonly headers?: Readonly<Record<string, Parameter>>;
  readonly body?: RequestBody;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** The problems beside those that follow from the route: a wrong body, query or path, a caller who may not. */
  readonly problems?: readonly ProblemCode[];
  /** The form of errors of a protocol that has its own: only and always where the route has `refuse`. */
  readonly refusal?: SchemaName;
}

export interface RequestBody {
  /** The JSON in it; absent where the route takes only texts and files. */
  readonly schema?: SchemaName;
  /** What a body that is not JSON is. */
  readonly says?: string;
  /** The files in `multipart/form-data`, by name; the first is required. */
  readonly parts?: Readonly<Record<string, string>>;
  /** By name, for the page. */
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly says: string;
  /** The JSON in it; what is of another content type is a text. */
  readonly schema?: SchemaName;
  /** It is always a text. Without this and a `schema` there is no body. */
  readonly text?: true;
  readonly headers?: readonly HeaderName[];
}
