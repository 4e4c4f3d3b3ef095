import type { ApiDecision } from '../../generated/answers/decisions/decision.ts';
import type { ApiExplanation } from '../../generated/answers/decisions/explanation.ts';
import type { ApiRuleSet } from '../../generated/answers/rule-sets/rule-set.ts';
import { PerkbookError } from '../../sdk/perkbook-error.ts';
import { NotDone } from '../frame/errors.ts';
import type { Desk } from './desk.ts';
import { type RemoteOptions, RemoteServer } from './remote-server.ts';

/** Answers from a running server. */
export async function openRemoteDesk(url: string, options: RemoteOptions = {}): Promise<Desk> {
  const server = new RemoteServer(url, options);
  const contents = await ruleSetsOf(server);
  const all = [...(contents?.values() ?? [])];
  return {
    // What nobody declares is read as plain text; the server says what is wrong with it.
    actionNamed: async (action, ruleSet) =>
      contents &&
      ((ruleSet === undefined ? all : [contents.get(ruleSet)])
        .flatMap((each) => each?.actions ?? [])
        .find((each) => each.id === action) ?? { input: {}, resource: null }),
    ask: (question) => server.post<ApiDecision>('/v1/decisions', question),
    explain: (question) => server.post<ApiExplanation>('/v1/decisions/explain', question),
    titleOf: (tier) => all.flatMap((each) => each.tiers).find((each) => each.id === tier)?.title ?? tier,
    knows: (user) => server.isThere(`/v1/members/${encodeURIComponent(user)}`),
    close: async () => {},
  };
}

/** By id. Undefined where the caller may ask, and not read the rules. */
async function ruleSetsOf(server: RemoteServer): Promise<ReadonlyMap<string, ApiRuleSet> | undefined> {
  try {
    const { ruleSets } = await server.get<{ readonly ruleSets?: readonly { readonly id: string }[] }>('/v1/rule-sets');
    if (!Array.isArray(ruleSets))
      throw new NotDone(`\`${server.address}\` is something else than Perkbook: it has no rule sets`);
    const read = ruleSets.map(async ({ id }) => [id, await server.get<ApiRuleSet>(`/v1/rule-sets/${id}`)] as const);
    return new Map(await Promise.all(read));
  } catch (error) {
    const { cause } = error as Error;
    if (cause instanceof PerkbookError && cause.status === 403) return undefined;
    throw error;
  }
}
