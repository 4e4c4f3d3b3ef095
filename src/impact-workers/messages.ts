import type { Instant } from '../domain/instant.ts';
import type { Counted } from '../use-cases/impact/impact-count.ts';
import type { IdRange } from '../use-cases/impact/ports.ts';

/** Where the members are. */
export type StoreLocation =
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'mongo'; readonly uri: string }
  /** A collection of another shape, read by a mapping file. */
  | { readonly kind: 'mapped'; readonly uri: string; readonly file: string };

/** A version on its way to another process: the checked file, which it compiles again. */
export interface SentVersion {
  readonly json: unknown;
  readonly digest: string;
}

/** Everything that a worker has to know before it begins. */
export interface Job {
  readonly location: StoreLocation;
  readonly ruleSet: string;
  /** In the order of their numbers, the candidate last. */
  readonly versions: readonly SentVersion[];
  readonly at: Instant;
  /** An earlier instant for which the same is counted beside it. */
  readonly today?: Instant;
}

export type ToWorker =
  | { readonly kind: 'begin'; readonly job: Job }
  | { readonly kind: 'divide'; readonly size: number }
  | { readonly kind: 'judge'; readonly part: number; readonly range: IdRange }
  | { readonly kind: 'stop' }
  | { readonly kind: 'end' };

export type FromWorker =
  | { readonly kind: 'ready'; readonly recounted: readonly string[] }
  | { readonly kind: 'divided'; readonly ends: readonly string[]; readonly total: number }
  | { readonly kind: 'progress'; readonly members: number }
  | { readonly kind: 'judged'; readonly part: number; readonly counted: Counted }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };
