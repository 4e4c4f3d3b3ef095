import type { Instant } from '../../domain/instant.ts';
import type { Asked, MemberFacts, StoreState } from '../compile/scenario.ts';

/** A way into Perkbook: a scenario is the same whichever it is replayed through. */
export interface Door {
  /** For reports: `core`, `http://127.0.0.1:8080`. */
  readonly name: string;
  /** Sends one request, at this instant of the test clock. */
  send(request: DoorRequest, at: Instant): Promise<DoorReply>;
  /** The answer to `POST /v1/decisions/explain`. Never throws: what cannot be explained is an answer with a problem. */
  explain(user: string, question: Asked, at: Instant): Promise<DoorReply>;
  /** Makes the facts unreadable, or old, until told otherwise. Absent where that cannot be done: such scenarios are skipped. */
  setStore?(state: StoreState): Promise<void>;
  /** Takes away the members that were written through it. Never throws: `leave` tells who had to stay. */
  forget?(): Promise<void>;
  /** Puts back what replaying has changed, such as a clock, or says what it could not; never throws. It may be used again. */
  leave?(): Promise<string | undefined>;
}

export type DoorRequest =
  | { readonly kind: 'put'; readonly user: string; readonly facts: MemberFacts }
  /** Nothing must be known of the user afterwards. */
  | { readonly kind: 'remove'; readonly user: string }
  /** `as`: the type of the subject, where it is no user and only has the id of one. */
  | { readonly kind: 'ask'; readonly user: string; readonly as?: string | undefined; readonly question: Asked }
  | { readonly kind: 'consume'; readonly user: string; readonly question: Asked; readonly key: string }
  | { readonly kind: 'release'; readonly user: string; readonly key: string }
  | { readonly kind: 'perks' | 'preview'; readonly user: string };

/** What came back, as the API has it: an answer, or a problem. */
export type DoorReply =
  | { readonly ok: true; readonly body: Json }
  | { readonly ok: false; readonly code: string; readonly field: string | undefined; readonly detail: string };

export type Json = Readonly<Record<string, unknown>>;
