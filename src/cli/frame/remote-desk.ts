import type { ApiDecision } from '../../api/to-api-decision.ts';
import type { ApiExplanation } from '../../api/to-api-explanation.ts';
import type { Action } from '../../rules/rule-set.ts';
import type { Desk } from './desk.ts';
import { NotDone, WrongUse } from './errors.ts';
import { reasonOf, serverAddress } from './server-address.ts';

interface RuleSetContents {
  readonly tiers: readonly { readonly id: string; readonly title: string }[];
  readonly actions: readonly (Pick<Action, 'input' | 'resource'> & { readonly id: string })[];
}

const WITHIN_MS = 10_000;

/** Answers from a running server. */
export async function openRemoteDesk(url: string): Promise<Desk> {
  const base = serverAddress(url);
  const { ruleSets } = await call<{ readonly ruleSets: readonly { readonly id: string }[] }>(base, '/v1/rule-sets');
  const contents = new Map(
    await Promise.all(
      ruleSets.map(async ({ id }) => [id, await call<RuleSetContents>(base, `/v1/rule-sets/${id}`)] as const),
    ),
  );
  const all = [...contents.values()];
  return {
    // What nobody declares is read as plain text; the server says what is wrong with it.
    actionNamed: async (action, ruleSet) =>
      (ruleSet === undefined ? all : [contents.get(ruleSet)])
        .flatMap((each) => each?.actions ?? [])
        .find((each) => each.id === action) ?? { input: {}, resource: null },
    ask: (question) => call<ApiDecision>(base, '/v1/decisions', question),
    explain: (question) => call<ApiExplanation>(base, '/v1/decisions/explain', question),
    titleOf: (tier) => all.flatMap((each) => each.tiers).find((each) => each.id === tier)?.title ?? tier,
    close: async () => {},
  };
}

/** One request. A problem that the caller can mend is `WrongUse`; one of the server's is `NotDone`. */
async function call<T>(base: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(base + path, {
      signal: AbortSignal.timeout(WITHIN_MS),
      ...(body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    answer = await response.json();
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'it does not answer with JSON' : reasonOf(cause);
    throw new NotDone(`\`${base}\` cannot be asked: ${why}`, { cause });
  }
  if (response.ok) return answer as T;
  const { detail, title, didYouMean } = answer as Readonly<Record<string, string | undefined>>;
  const message = detail ?? title ?? `status ${response.status}`;
  if (response.status < 500 && response.status !== 429) throw new WrongUse(message, didYouMean);
  throw new NotDone(`\`${base}\` could not answer: ${message}`);
}
