import { isDeepStrictEqual } from 'node:util';
import type { Decision } from '../../domain/decision.ts';

/** In which way two answers to one question differ, the weightiest first. */
export const SHADOW_DIFFERENCES = ['allowToDeny', 'denyToAllow', 'reason', 'values', 'answers'] as const;
export type ShadowDifference = (typeof SHADOW_DIFFERENCES)[number];

/** Undefined where they are the same. Which version judged, in which words, and until when the answer holds, is no difference. */
export function shadowDifference(live: Decision, candidate: Decision): ShadowDifference | undefined {
  if (live.allowed !== candidate.allowed) return live.allowed ? 'allowToDeny' : 'denyToAllow';
  if (live.reason?.code !== candidate.reason?.code || live.reason?.perk !== candidate.reason?.perk) return 'reason';
  if (!isDeepStrictEqual(live.values, candidate.values)) return 'values';
  if (!isDeepStrictEqual(live.answers, candidate.answers)) return 'answers';
  return undefined;
}
