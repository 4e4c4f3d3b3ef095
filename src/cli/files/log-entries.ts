import { checkedLine, type LogLine, linesOf, logFilesAt } from '../../decision-log/read/log-lines.ts';
import { formatInstant, type Instant, parseInstant } from '../../domain/instant.ts';
import { RemoteServer } from '../desk/remote-server.ts';
import { NotDone, WrongUse } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';

/** Entries that were told at `from` or later, and before `until`. */
export interface LogSpan {
  readonly from: Instant | undefined;
  readonly until: Instant | undefined;
}

const PAGE = 500;

/** The lines of a file, a folder of files, or stdin (`-`). */
export async function logLinesAt(log: string, span: LogSpan): Promise<AsyncIterable<LogLine>> {
  const files = log === '-' ? ['-'] : await logFilesAt(log);
  if (files === undefined) throw new WrongUse(`there is no log \`${log}\`; name a file, a folder, or \`-\` for stdin`);
  if (files.length === 0) throw new WrongUse(`there are no files of a decision log in \`${log}\``);
  return linesIn(files, span);
}

async function* linesIn(files: readonly string[], { from, until }: LogSpan): AsyncGenerator<LogLine> {
  try {
    for (const file of files) {
      for await (const line of file === '-' ? linesOf('stdin', process.stdin) : linesOf(file)) {
        const time = 'entry' in line ? parseInstant(line.entry.time) : undefined;
        const isOutside =
          time !== undefined && ((from !== undefined && time < from) || (until !== undefined && time >= until));
        if (!isOutside) yield line;
      }
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new NotDone(`the log cannot be read: ${cause.message}`, { cause });
  }
}

/** The log that a server keeps, wherever it keeps it. The newest come first. */
export async function* logLinesOf(url: string, span: LogSpan, { environment }: Terminal): AsyncGenerator<LogLine> {
  const server = new RemoteServer(url, { apiKey: environment.PERKBOOK_API_KEY });
  const query = new URLSearchParams({ limit: String(PAGE) });
  for (const [name, at] of Object.entries(span)) if (at !== undefined) query.set(name, formatInstant(at));
  for (let line = 1; ; ) {
    const { entries, next } = await server.get<{
      readonly entries?: readonly unknown[];
      readonly next?: string | null;
    }>(`/v1/decisions-log?${query}`);
    if (!Array.isArray(entries))
      throw new NotDone(`\`${server.address}\` is something else than Perkbook: it has no log`);
    for (const entry of entries) yield checkedLine(entry, server.address, line++);
    if (next === null || next === undefined) return;
    query.set('after', next);
  }
}
