import type { RuleBook, RuleSet } from '../../rules/rule-set.ts';
import type { Case } from '../../scenarios/compile/scenario.ts';
import type { Coverage } from '../../scenarios/coverage/coverage.ts';
import type { Door } from '../../scenarios/replay/door.ts';
import type { CaseResult } from '../../scenarios/replay/results.ts';
import { reasonOf } from '../../sdk/transport/reason-of.ts';
import { NotDone } from '../frame/errors.ts';
import { serverAddress } from './server-address.ts';

export interface Replayed {
  readonly results: readonly CaseResult[];
  /** Of each rule set that was named. */
  readonly coverages: readonly Coverage[];
  /** What a server was left with that is not its own. */
  readonly left?: string | undefined;
  /** Ctrl-C ended it before all were replayed. */
  readonly stopped?: boolean;
}

/** A statement means the scenarios that prove it; any other text is looked for in names. */
export function thoseWith(text: string, cases: readonly Case[]): readonly Case[] {
  const proving = cases.filter(({ proves }) => proves.includes(text));
  if (proving.length > 0) return proving;
  const wanted = text.toLowerCase();
  return cases.filter(({ file, group, name }) =>
    [file, group, name].some((each) => each.toLowerCase().includes(wanted)),
  );
}

/** Through a server, or without one through the core itself, where also the coverage of rule sets can be measured. */
export async function replayScenarios(
  cases: readonly Case[],
  book: RuleBook,
  server: { readonly url: string; readonly apiKey: string | undefined } | undefined,
  covered: readonly RuleSet[],
): Promise<Replayed> {
  if (server !== undefined) {
    const { HttpDoor } = await import('../../scenarios/doors/http.ts');
    const door = new HttpDoor(serverAddress(server.url), { apiKey: server.apiKey });
    return { ...(await untilStopped(door, cases)), coverages: [] };
  }
  const { CoreDoor } = await import('../../scenarios/doors/core.ts');
  if (covered.length === 0) return { ...(await replayThrough(new CoreDoor(book), cases)), coverages: [] };
  const { coverageOf, Hits } = await import('../../scenarios/coverage/coverage.ts');
  const hits = new Hits();
  const { results } = await replayThrough(new CoreDoor(book, hits.onJudged), cases);
  return { results, coverages: covered.map((each) => coverageOf(each, hits, results)) };
}

/** Ctrl-C waits for the request that is under way, so that the server is left as it was found; pressed once more, it does not. */
async function untilStopped(door: Door, cases: readonly Case[]): Promise<Omit<Replayed, 'coverages'>> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  try {
    return { ...(await replayThrough(door, cases, signal)), stopped: signal.aborted };
  } finally {
    process.off('SIGINT', stop);
  }
}

async function replayThrough(
  door: Door,
  cases: readonly Case[],
  signal?: AbortSignal,
): Promise<Pick<Replayed, 'results' | 'left'>> {
  const { replayCases } = await import('../../scenarios/replay/replay.ts');
  let left: string | undefined;
  try {
    const results = await replayCases(cases, door, signal).finally(async () => {
      left = await door.leave?.();
    });
    return { results, left };
  } catch (cause) {
    // An answer that nobody expected is a result; only the door itself can fail.
    const why = left === undefined ? reasonOf(cause) : `${reasonOf(cause)}; ${left}`;
    throw new NotDone(`the scenarios could not be replayed through ${door.name}: ${why}`, { cause });
  }
}
