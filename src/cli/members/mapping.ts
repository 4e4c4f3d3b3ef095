import { toApiMember } from '../../api/members/to-api-member.ts';
import type { Member } from '../../domain/member.ts';
import { standingAt } from '../../domain/standing.ts';
import { memberReader } from '../../mapping/member-reader.ts';
import { BadMapping, readMapping } from '../../mapping/read-mapping.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { rankOfTier } from '../../use-cases/decisions/membership-rules.ts';
import { viewOf } from '../../use-cases/members/write-member.ts';
import { StoreUnreachable, UnknownStoreFormat } from '../../use-cases/ports.ts';
import { folderRules } from '../desk/local-rules.ts';
import { settingsOf } from '../desk/settings.ts';
import { command } from '../frame/command.ts';
import { HasFindings, WrongUse } from '../frame/errors.ts';
import { wholeNumber } from '../frame/one-of.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import { progressOn } from '../frame/progress.ts';
import type { Terminal } from '../frame/terminal.ts';

const SHOWN = 10;
const PAGE = { members: 500, bytes: 4 * 1_048_576 };

export const mappingCommand = command({
  usage: 'mapping [file] [users…]',
  says: 'Checks a mapping file against the rules, and shows what is read by it: of the users that are named, or of the first ones. Nothing is written.',
  options: {
    members: { type: 'string', value: '<n>', says: `how many are shown (default: ${SHOWN})` },
    all: { type: 'boolean', says: 'read every member, and show those only that cannot be read' },
    json: { type: 'boolean', says: 'what is read as JSON, a line each' },
  },
  example: 'perkbook mapping mapping.yaml --all',
  notes:
    'Without a file: the one that PERKBOOK_MAPPING names. The exit code is 1 where something cannot be read, a path leads nowhere, or `onlyIf` leaves out everybody. Who cannot be read is not free: a server answers about them `degraded`, each perk by its `whenFactsUnavailable`.',
  run: async ({ options, words: [file, ...users] }, terminal) => {
    const { mongodbUri: uri, mapping: named } = settingsOf(terminal);
    const path = file ?? named;
    if (path === undefined) throw new WrongUse('name a mapping file, or set PERKBOOK_MAPPING');
    const most = options.members === undefined ? SHOWN : wholeNumber('members', options.members, 1);
    const book = await folderRules(terminal);
    const reader = memberReader(readOrSay(path, book, terminal), { book }, { now: Date.now });
    if (uri === undefined) throw new WrongUse(`\`${path}\` is right; set MONGODB_URI to see what is read by it`);
    const { openMappedStore } = await import('../../stores/mapped/mapped-store.ts');
    const store = await orNotDone(() => openMappedStore({ uri, reader }), StoreUnreachable, UnknownStoreFormat);
    const found = { members: 0, wrong: 0 };
    const show = (member: Member) => terminal.out(options.json ? jsonLine(book, member) : textLine(book, member));
    const complain = (message: string) => {
      found.wrong += 1;
      terminal.err(`${message}\n`);
    };
    try {
      for (const doubt of store.doubts) complain(doubt);
      if (users.length > 0) await readUsers(users);
      else await readAll();
    } finally {
      await store.close();
    }
    terminal.err(
      `${found.members.toLocaleString('en')} ${found.members === 1 ? 'member' : 'members'} read, ${found.wrong.toLocaleString('en')} ${found.wrong === 1 ? 'complaint' : 'complaints'}\n`,
    );
    return found.wrong > 0 ? 1 : 0;

    async function readUsers(ids: readonly string[]): Promise<void> {
      for (const id of ids) {
        const member = await read(id);
        if (member === 'nobody') complain(`\`${id}\` is not there`);
      }
    }

    async function readAll(): Promise<void> {
      const progress = progressOn(terminal);
      for (let after: string | undefined; ; ) {
        const page = { ...PAGE, members: options.all ? PAGE.members : Math.min(PAGE.members, most - found.members) };
        const { members, unreadable, next } = await orNotDone(() => store.page(after, page), StoreUnreachable);
        found.members += members.length;
        if (!options.all) members.forEach(show);
        progress.clear();
        for (const id of unreadable)
          if ((await read(id)) === 'nobody') complain(`a document (\`${id}\`) has no id that fits`);
        progress.show(() => `${found.members.toLocaleString('en')} members`);
        if (next === null || (!options.all && found.members >= most)) break;
        after = next;
      }
      progress.clear();
    }

    async function read(id: string): Promise<'read' | 'unreadable' | 'nobody'> {
      try {
        const member = await orNotDone(() => store.get(id), StoreUnreachable);
        if (member === undefined) return 'nobody';
        found.members += 1;
        show(member);
        return 'read';
      } catch (error) {
        if (!(error instanceof UnknownStoreFormat)) throw error;
        complain(error.message);
        return 'unreadable';
      }
    }
  },
});

function readOrSay(file: string, book: RuleBook, terminal: Terminal): ReturnType<typeof readMapping> {
  try {
    return readMapping(file, book, terminal.errColours.isColorSupported);
  } catch (error) {
    if (!(error instanceof BadMapping)) throw error;
    terminal.err(`${error.message}\n`);
    throw new HasFindings('the mapping has errors', { cause: error });
  }
}

function jsonLine(book: RuleBook, member: Member): string {
  return `${JSON.stringify(toApiMember(viewOf(book, member)))}\n`;
}

/** `ada  pro until 2027-01-01T00:00:00.000Z  private_models 3  free_lora_training 2 used  role admin` */
function textLine(book: RuleBook, member: Member): string {
  const { term } = standingAt(member, Date.now(), rankOfTier(book));
  const parts = [
    member.id,
    term === null
      ? `no running term (of ${member.terms.length})`
      : `${term.tier} until ${new Date(term.endsAt).toISOString()}`,
    ...Object.entries(member.holdings).map(([name, count]) => `${name} ${count}`),
    ...Object.entries(member.usage).map(
      ([perk, uses]) => `${perk} ${uses.reduce((sum, { amount }) => sum + amount, 0)} used`,
    ),
    ...Object.entries(member.attributes).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
  ];
  return `${parts.join('  ')}\n`;
}
