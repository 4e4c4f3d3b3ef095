import type { ApiRuleSetList } from '../generated/answers/rule-sets/rule-set-list.ts';
import type { ApiVersion } from '../generated/answers/rule-sets/version.ts';
import type { RuleFile } from '../generated/rule-file.ts';
import type { Version } from '../rules/rule-set.ts';
import { ruleSetNamed } from '../use-cases/decisions/rule-set-named.ts';
import { versionInForce, versionNumbered } from './frame/chosen-rules.ts';
import { command } from './frame/command.ts';
import { WrongUse } from './frame/errors.ts';
import { writeFileOrSay } from './frame/files.ts';
import { localRules } from './frame/local-rules.ts';
import type { Terminal } from './frame/terminal.ts';

/** What is to be written: of one rule set, or of all; a version of it, or the one in force. */
interface Wanted {
  readonly ruleSet: string | undefined;
  readonly version: string | undefined;
}

/** A version with the content of its file. */
interface Written {
  readonly version: number;
  readonly digest: string;
  readonly content: RuleFile;
}

export const types = command({
  usage: 'types [rule-set]',
  says: 'Writes the actions, inputs, perks, tiers and reasons of a rule set as TypeScript, for `perkbook/client`: a mistyped one then does not compile. Of one rule set, or of all.',
  options: {
    out: { type: 'string', value: '<file>', says: 'where the types go (default: stdout)' },
    version: { type: 'string', value: '<n>', says: 'which version (default: the one in force now)' },
    url: { type: 'string', value: '<address>', says: 'the rules of a running server instead of those here' },
  },
  example: 'perkbook types pixai-membership --out src/pixai-membership.ts',
  run: async ({ options: { out, version, url }, words: [ruleSet] }, terminal) => {
    if (version !== undefined && ruleSet === undefined)
      throw new WrongUse('each rule set has versions of its own: say which one');
    const wanted = { ruleSet, version };
    const versions = url === undefined ? await local(wanted, terminal) : await remote(wanted, url, terminal);
    const { ruleSetAsTypescript } = await import('../rules/rule-set-as-typescript.ts');
    const head = versions.map((each) => `// ${each.content.ruleSet}, version ${each.version}, ${each.digest}\n`);
    const text = [
      `// Made by \`perkbook types\`. Do not edit.\n${head.join('')}`,
      ...versions.map(({ content }) => ruleSetAsTypescript(content)),
    ].join('\n');
    if (out === undefined) terminal.out(text);
    else {
      writeFileOrSay(out, text);
      terminal.out(`${out}\n`);
    }
    return 0;
  },
});

async function local({ ruleSet, version }: Wanted, terminal: Terminal): Promise<readonly Written[]> {
  const book = await localRules(terminal);
  const ruleSets = ruleSet === undefined ? [...book.ruleSets.values()] : [ruleSetNamed(book, ruleSet)];
  return ruleSets
    .map((each) => (version === undefined ? versionInForce(each) : versionNumbered(each, version)))
    .filter((each) => each !== undefined)
    .map(({ ref, json }: Version) => ({ version: ref.version, digest: ref.digest, content: json as RuleFile }));
}

async function remote({ ruleSet, version }: Wanted, url: string, terminal: Terminal): Promise<readonly Written[]> {
  const { RemoteServer } = await import('./frame/remote-server.ts');
  const server = new RemoteServer(url, { apiKey: terminal.environment.PERKBOOK_API_KEY });
  const { ruleSets } = await server.get<ApiRuleSetList>('/v1/rule-sets');
  const chosen = ruleSet === undefined ? ruleSets : ruleSets.filter(({ id }) => id === ruleSet);
  // The server says what is near.
  if (ruleSet !== undefined && chosen.length === 0) await server.get(`/v1/rule-sets/${encodeURIComponent(ruleSet)}`);
  return Promise.all(
    chosen.map(async ({ id, inForce }) => {
      const got = await server.get<ApiVersion>(
        `/v1/rule-sets/${id}/versions/${encodeURIComponent(version ?? inForce)}`,
      );
      return { ...got, content: got.content as RuleFile };
    }),
  );
}
