import type { ApiRuleSetList } from '../../generated/answers/rule-sets/rule-set-list.ts';
import type { ApiVersion } from '../../generated/answers/rule-sets/version.ts';
import type { RuleFile } from '../../generated/rule-file.ts';
import type { Version } from '../../rules/rule-set.ts';
import { ruleSetNamed } from '../../use-cases/decisions/rule-set-named.ts';
import { versionInForce, versionNumbered } from '../desk/chosen-rules.ts';
import { localRules } from '../desk/local-rules.ts';
import { writeFileOrSay } from '../files/files.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';

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
    version: {
      type: 'string',
      value: '<n>',
      says: 'which version alone (default: the one in force now, with those that still judge some members)',
    },
    url: { type: 'string', value: '<address>', says: 'the rules of a running server instead of those here' },
  },
  example: 'perkbook types pixai-membership --out src/pixai-membership.ts',
  run: async ({ options: { out, version, url }, words: [ruleSet] }, terminal) => {
    if (version !== undefined && ruleSet === undefined)
      throw new WrongUse('each rule set has versions of its own: say which one');
    const wanted = { ruleSet, version };
    const ruleSets = url === undefined ? await local(wanted, terminal) : await remote(wanted, url, terminal);
    const { ruleSetAsTypescript } = await import('../../rules/rule-set-as-typescript.ts');
    const head = ruleSets
      .flat()
      .map(({ content, version, digest }) => `// ${content.ruleSet}, version ${version}, ${digest}\n`);
    const text = [
      `// Made by \`perkbook types\`. Do not edit.\n${head.join('')}`,
      ...ruleSets.map(([newest, ...older]) =>
        ruleSetAsTypescript(
          newest.content,
          older.map(({ content }) => content),
        ),
      ),
    ].join('\n');
    if (out === undefined) terminal.out(text);
    else {
      writeFileOrSay(out, text);
      terminal.out(`${out}\n`);
    }
    return 0;
  },
});

/** The newest version that is wanted, and those before it that still judge some members. */
type Judging = readonly [Written, ...Written[]];

async function local({ ruleSet, version }: Wanted, terminal: Terminal): Promise<readonly Judging[]> {
  const book = await localRules(terminal);
  const ruleSets = ruleSet === undefined ? [...book.ruleSets.values()] : [ruleSetNamed(book, ruleSet)];
  return Promise.all(
    ruleSets.flatMap((each) => {
      const found = version === undefined ? versionInForce(each) : versionNumbered(each, version);
      if (found === undefined) return [];
      const read = (number: string) => written(versionNumbered(each, number));
      return [version === undefined ? judging(written(found), read) : ([written(found)] as const)];
    }),
  );
}

function written({ ref, json }: Version): Written {
  return { version: ref.version, digest: ref.digest, content: json as RuleFile };
}

async function remote({ ruleSet, version }: Wanted, url: string, terminal: Terminal): Promise<readonly Judging[]> {
  const { RemoteServer } = await import('../desk/remote-server.ts');
  const server = new RemoteServer(url, { apiKey: terminal.environment.PERKBOOK_API_KEY });
  const { ruleSets } = await server.get<ApiRuleSetList>('/v1/rule-sets');
  const chosen = ruleSet === undefined ? ruleSets : ruleSets.filter(({ id }) => id === ruleSet);
  // The server says what is near.
  if (ruleSet !== undefined && chosen.length === 0) await server.get(`/v1/rule-sets/${encodeURIComponent(ruleSet)}`);
  return Promise.all(
    chosen.map(async ({ id, inForce }) => {
      const read = async (number: string): Promise<Written> => {
        const got = await server.get<ApiVersion>(`/v1/rule-sets/${id}/versions/${encodeURIComponent(number)}`);
        return { ...got, content: got.content as RuleFile };
      };
      return version === undefined ? judging(await read(String(inForce)), read) : ([await read(version)] as const);
    }),
  );
}

/** One that is for everybody is the last that counts: nobody is judged by those before it. */
async function judging(inForce: Written, read: (number: string) => Written | Promise<Written>): Promise<Judging> {
  const older: Written[] = [];
  for (let last = inForce; last.version > 1 && isForSomeOnly(last.content); ) {
    last = await read(String(last.version - 1));
    older.push(last);
  }
  return [inForce, ...older];
}

function isForSomeOnly({ effective, perks = {} }: RuleFile): boolean {
  const policies = [effective, ...Object.values(perks)].map(({ existingMembers = 'now' }) => existingMembers);
  return policies.some((policy) => policy !== 'now');
}
