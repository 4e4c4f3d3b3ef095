import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../domain/problem.ts';
import { UnknownStoreFormat } from '../../stores/store-format.ts';
import { type ExportPage, pagesOfStore } from '../../transfer/export-members.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { openLocalStore } from '../desk/local-store.ts';
import { credentials, serverAddress } from '../desk/server-address.ts';
import { settingsOf } from '../desk/settings.ts';
import { command } from '../frame/command.ts';
import { NotDone, WrongUse } from '../frame/errors.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import { progressOn } from '../frame/progress.ts';
import { progressBar } from '../frame/progress-bar.ts';
import type { Terminal } from '../frame/terminal.ts';
import { pagesOfServer, ServerRefuses } from '../transfer/server-members.ts';

export const exportCommand = command({
  usage: 'export [file]',
  says: 'Writes every member as a line of JSON, in the order of their ids, as `perkbook import` takes them. Without a file: to stdout.',
  options: {
    force: { type: 'boolean', says: 'in place of a file that is there' },
    url: { type: 'string', value: '<address>', says: 'export from a running server; its key is PERKBOOK_API_KEY' },
  },
  example: 'perkbook export members.jsonl',
  notes:
    'Everything that can be written of a member is in it. Revisions and remembered idempotency keys are not: a copy of a whole embedded store is `perkbook backup`.',
  run: async ({ options, words: [file] }, terminal) => {
    const toFile = file === undefined || file === '-' ? undefined : file;
    if (toFile !== undefined && existsSync(toFile) && !options.force) {
      throw new WrongUse(`\`${toFile}\` is there already; \`--force\` puts the export in its place`);
    }
    const source = await openSource(terminal, options.url);
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    process.once('SIGINT', stop);
    try {
      return await exported(source, toFile, stopping.signal, terminal);
    } finally {
      process.off('SIGINT', stop);
      await source.close();
    }
  },
});

interface Source {
  /** How many there are; undefined where a server is not asked for that. */
  readonly total: number | undefined;
  /** What it is where a member cannot be read. */
  readonly whyUnreadable: string;
  pages(signal: AbortSignal): AsyncIterable<ExportPage>;
  close(): Promise<void>;
}

async function openSource(terminal: Terminal, url: string | undefined): Promise<Source> {
  if (url !== undefined) {
    const server = { base: serverAddress(url), headers: credentials(terminal.environment.PERKBOOK_API_KEY) };
    const whyUnreadable = 'the server cannot read it, its log says why';
    return { total: undefined, whyUnreadable, pages: (signal) => pagesOfServer(server, signal), close: async () => {} };
  }
  const store = await openLocalStore(terminal);
  const isMapped = settingsOf(terminal).mapping !== undefined;
  const whyUnreadable = isMapped
    ? 'it is not as the mapping says, and `perkbook mapping` tells in what'
    : 'a newer perkbook has written it';
  return {
    total: await store.count(),
    whyUnreadable,
    pages: (signal) => pagesOfStore(store, signal),
    close: () => store.close(),
  };
}

async function exported(
  { total, whyUnreadable, pages }: Source,
  file: string | undefined,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<0 | 1 | 130> {
  const progress = progressOn(terminal);
  const unreadable: string[] = [];
  let members = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const page of pages(signal)) {
      members += page.members;
      unreadable.push(...page.unreadable);
      const bar = total === undefined ? '' : `${progressBar(members, total)}  `;
      progress.show(() => `${bar}${members.toLocaleString('en')} members`);
      yield page.lines;
    }
  }
  try {
    await orNotDone(
      () => written(lines(), file, signal, terminal),
      StoreUnreachable,
      UnknownStoreFormat,
      ServerRefuses,
      Problem,
    );
  } finally {
    progress.clear();
  }
  for (const id of unreadable) terminal.err(`\`${id}\` is left out: ${whyUnreadable}\n`);
  if (signal.aborted) {
    terminal.err(`stopped${file === undefined ? '' : `: \`${file}\` was not written`}\n`);
    return 130;
  }
  if (file !== undefined) terminal.out(`${members.toLocaleString('en')} members are in \`${file}\`\n`);
  return unreadable.length > 0 ? 1 : 0;
}

/** A file is there whole, or not at all. */
async function written(
  lines: AsyncGenerator<string>,
  file: string | undefined,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  if (file === undefined) {
    for await (const text of lines) {
      terminal.out(text);
      await terminal.taken(signal);
    }
    return;
  }
  const partial = `${file}.partial`;
  try {
    await pipeline(Readable.from(lines), createWriteStream(partial));
    if (!signal.aborted) renameSync(partial, file);
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) {
      throw new NotDone(`\`${file}\` cannot be written: ${cause.message}`, { cause });
    }
    throw cause;
  } finally {
    rmSync(partial, { force: true });
  }
}
