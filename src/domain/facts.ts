import type { Member } from './member.ts';

/** What is known when a decision is asked for. `member` is absent for a user nobody has written about. */
export type Facts =
  | { readonly state: 'fresh' | 'stale'; readonly member: Member | undefined }
  | { readonly state: 'unreachable' };
