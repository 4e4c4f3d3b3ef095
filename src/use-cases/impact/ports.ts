import type { Member } from '../../domain/member.ts';
import type { Impact, ImpactProgress } from './impact.ts';
import type { ImpactQuestion } from './question-at.ts';

/** A part of the members by the order of their ids: after `after`, up to `until` itself; open where absent. */
export interface IdRange {
  readonly after?: string | undefined;
  readonly until?: string | undefined;
}

/** Reads all members once, in parts. Never writes. Every method throws `StoreUnreachable`. */
export interface MemberScan {
  count(): Promise<number>;
  /** Ids that divide the members into parts of about this size, in order; the last part has no end. */
  ends(size: number): Promise<readonly string[]>;
  /** A page at a time. */
  pages(range: IdRange): AsyncIterable<readonly Member[]>;
  close(): Promise<void>;
}

/** How an impact is watched and stopped. */
export interface ImpactWatch {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImpactProgress) => void) | undefined;
}

/** Measures what a candidate would do to the members in the store, beside the caller: in processes of its own. */
export type MeasureImpact = (question: ImpactQuestion, watch?: ImpactWatch) => Promise<Impact>;
