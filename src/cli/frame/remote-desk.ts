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

/** Answers from a running server. `withinMs`: how long it may take over each answer. */
export async function openRemoteDesk(url: string, { withinMs = WITHIN_MS } = {}): Promise<Desk> {
  const server: Server = { base: serverAddress(url), withinMs };
  const { ruleSets } = await call<{ readonly ruleSets?: readonly { readonly id: string }[] }>(server, '/v1/rule-sets');
  if (!Array.isArray(ruleSets))
    throw new NotDone(`\`${server.base}\` is something else than Perkbook: it has no rule sets`);
  const contents = new Map(
    await Promise.all(
      ruleSets.map(async ({ id }) => [id, await call<RuleSetContents>(server, `/v1/rule-sets/${id}`)] as const),
    ),
  );
  const all = [...contents.values()];
  return {
    // What nobody declares is read as plain text; the server says what is wrong with it.
    actionNamed: async (action, ruleSet) =>
      (ruleSet === undefined ? all : [contents.get(ruleSet)])
        .flatMap((each) => each?.actions ?? [])
        .find((each) => each.id === action) ?? { input: {}, resource: null },
    ask: (question) => call<ApiDecision>(server, '/v1/decisions', question),
    explain: (question) => call<ApiExplanation>(server, '/v1/decisions/explain', question),
    titleOf: (tier) => all.flatMap((each) => each.tiers).find((each) => each.id === tier)?.title ?? tier,
    knows: (user) => isThere(server, `/v1/members/${encodeURIComponent(user)}`),
    close: async () => {},
  };
}

interface Server {
  readonly base: string;
  readonly withinMs: number;
}

async function isThere({ base, withinMs }: Server, path: string): Promise<boolean | undefined> {
  const response = await fetch(base + path, { signal: AbortSignal.timeout(withinMs) }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.status === 404 ? false : response?.ok === true ? true : undefined;
}

/** One request. A problem that the caller can mend is `WrongUse`; one of the server's is `NotDone`. */
async function call<T>({ base, withinMs }: Server, path: string, body?: unknown): Promise<T> {
  const response = await answerOf(base, withinMs, path, body);
  if (response.status >= 300 && response.status < 400) {
    const to = response.headers.get('location');
    const where = to === null ? 'elsewhere' : `to \`${to}\``;
    throw new NotDone(`\`${base}\` sends its callers ${where}; give the address of the server itself`);
  }
  const answer = jsonObjectIn(response.text);
  if (response.ok && answer !== undefined) return answer as T;
  if (response.ok) throw new NotDone(`\`${base}\` cannot be asked: it does not answer with a JSON object`);
  const { detail, title, didYouMean } = (answer ?? {}) as Readonly<Record<string, string | undefined>>;
  const message = detail ?? title ?? `status ${response.status}`;
  const isOurs = detail !== undefined && response.status < 500 && response.status !== 429;
  if (isOurs) throw new WrongUse(message, didYouMean);
  const seconds = response.headers.get('retry-after');
  const again = seconds === null ? '' : `; ask again in ${seconds} ${seconds === '1' ? 'second' : 'seconds'}`;
  throw new NotDone(`\`${base}\` could not answer: ${message}${again}`);
}

interface Got {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function answerOf(base: string, withinMs: number, path: string, body: unknown): Promise<Got> {
  try {
    const response = await fetch(base + path, {
      signal: AbortSignal.timeout(withinMs),
      // A question that is sent on as a `GET` would be another one.
      redirect: 'manual',
      ...(body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const { ok, status, headers } = response;
    return { ok, status, headers, text: await response.text() };
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === 'TimeoutError';
    const why = isLate ? `no answer within ${withinMs / 1000} s` : reasonOf(cause);
    throw new NotDone(`\`${base}\` cannot be asked: ${why}`, { cause });
  }
}

function jsonObjectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
