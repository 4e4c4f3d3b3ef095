import type { ApiRuleSetList } from '../../generated/answers/rule-sets/rule-set-list.ts';
import type { ApiVersionList } from '../../generated/answers/rule-sets/version-list.ts';
import { digestOf } from '../../rules/load/check-rule-file.ts';
import { loadSources, type RuleSetSource } from '../../rules/load/folder/load-rules.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { reasonOf } from '../../sdk/transport/reason-of.ts';
import { NotDone } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';
import { bookIn } from './local-rules.ts';
import { RemoteServer } from './remote-server.ts';
import { credentials } from './server-address.ts';

const WITHIN_MS = 10_000;

/** Every version of every rule set that a running server lets the caller read. The key needs the scope `rules:read`. */
export async function serverRules(url: string, terminal: Terminal): Promise<RuleBook> {
  const apiKey = terminal.environment.PERKBOOK_API_KEY;
  const server = new RemoteServer(url, { apiKey });
  const { ruleSets: heads = [] } = await server.get<Partial<ApiRuleSetList>>('/v1/rule-sets');
  const ruleSets: RuleSetSource[] = [];
  for (const { id } of heads) {
    const { versions } = await server.get<ApiVersionList>(`/v1/rule-sets/${id}/versions`);
    const texts = await Promise.all(
      versions.map(async ({ version, digest }) => {
        const path = `/v1/rule-sets/${id}/versions/${version}`;
        return {
          version,
          file: `${id}/v${version}.yaml`,
          text: await ruleFileAt(server.address, path, digest, apiKey),
        };
      }),
    );
    const lock = new Map(versions.map(({ version, digest }) => [version, digest]));
    ruleSets.push({ id, shown: id, versions: texts, lock, findings: [] });
  }
  return bookIn(loadSources({ ruleSets, findings: [] }), terminal);
}

/** Byte for byte: the digest is of the text, and not of what it means. */
async function ruleFileAt(base: string, path: string, digest: string, apiKey: string | undefined): Promise<string> {
  const headers = { accept: 'application/yaml', ...credentials(apiKey) };
  let response: Response;
  let text: string;
  try {
    response = await fetch(base + path, { headers, redirect: 'manual', signal: AbortSignal.timeout(WITHIN_MS) });
    text = await response.text();
  } catch (cause) {
    throw new NotDone(`\`${base}\` cannot be reached: ${reasonOf(cause)}`, { cause });
  }
  if (!response.ok) throw new NotDone(`\`${base + path}\` answered with status ${response.status}`);
  if (digestOf(text) === digest) return text;
  throw new NotDone(`\`${base + path}\` is another text than its digest says: something between changes it`);
}
