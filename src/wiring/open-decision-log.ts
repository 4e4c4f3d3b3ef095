import type { Config } from '../config/config.ts';
import { hourly } from '../decision-log/hourly.ts';
import { laterKeyTable, openKeyTable } from '../decision-log/keys/open-key-table.ts';
import { UserKeys } from '../decision-log/keys/user-keys.ts';
import { type LogCounts, LogQueue } from '../decision-log/log-queue.ts';
import { logging } from '../decision-log/logging.ts';
import { pageOf } from '../decision-log/read/log-access.ts';
import type { LogReader } from '../decision-log/read/log-filter.ts';
import type { Sink } from '../decision-log/sinks/sink.ts';
import { BadMask, parseMask } from '../domain/mask.ts';
import type { Deps } from '../http/deps.ts';
import type { DecisionLogAccess } from '../http/reading-log.ts';
import type { Log } from '../log/logger.ts';
import { type Print, printTo } from './print.ts';
import { reasonOf, StartError } from './start-error.ts';

/** The decision log as the server has to do with it. */
export interface OpenDecisionLog {
  readonly observers: Pick<Deps, 'onTold' | 'onConsumed'>;
  readonly access: DecisionLogAccess;
  /** Absent where nothing is logged. */
  readonly counts: LogCounts | undefined;
  /** Writes what waits, for some seconds at most. */
  close(): Promise<void>;
}

const FLUSH_WITHIN_MS = 3000;
const TELL_EVERY_MS = 10_000;
const KEYS = 'the keys of the decision log';

/** `print`: writes to stdout; this process does when absent. Throws `StartError`. */
export async function openDecisionLog(config: Config, log: Log, print?: Print): Promise<OpenDecisionLog> {
  const { sink: kind, sampleAllows, keepDays } = config.decisionLog;
  if (kind === 'off') return closedLog(config, log);
  try {
    const masks = config.decisionLog.mask.map(parseMask);
    const { sink, reader } = await placeOf(config, kind, print);
    const table = await openKeyTable(config);
    const keys = new UserKeys(table);
    const queue = new LogQueue(sink, keys, { masks, sample: sampleAllows, onFailure: tellingSometimes(queueOf, log) });
    function queueOf() {
      return queue;
    }
    const add = logging(queue, sampleAllows);
    const endTidying = [
      hourly(async () => sink.tidy?.(), tellingOf('the decision log', log)),
      hourly(() => table.tidy(keepDays), tellingOf(KEYS, log)),
    ];
    return {
      observers: {
        onTold: add,
        onConsumed: ({ consumption, asked, ruleSet, before }, told) => {
          const { decision, at } = consumption;
          const facts = { state: 'fresh', member: before } as const;
          add({ ...told, answered: { decision, asked, at, ruleSet, facts }, consumption });
        },
      },
      access: {
        sink: kind,
        ...(reader === undefined ? {} : { page: (query) => pageOf(reader, keys, query) }),
        forget: (user) => keys.forget(user),
      },
      counts: queue,
      async close() {
        for (const end of endTidying) end();
        await queue.close(FLUSH_WITHIN_MS);
        await Promise.all([reader?.close(), keys.close()]);
      },
    };
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    if (cause instanceof BadMask) throw new StartError(`PERKBOOK_DECISION_LOG_MASK: ${cause.message}`, { cause });
    throw new StartError(`the decision log cannot be kept: ${reasonOf(cause)}`, { cause });
  }
}

/** Nothing is logged; but what was logged before may still have to be forgotten. */
function closedLog(config: Config, log: Log): OpenDecisionLog {
  const keys = laterKeyTable(config);
  const endTidying = hourly(() => keys.tidy(config.decisionLog.keepDays), tellingOf(KEYS, log));
  return {
    observers: {},
    access: { sink: 'off', forget: (user) => keys.forget(user) },
    counts: undefined,
    close() {
      endTidying();
      return keys.close();
    },
  };
}

function tellingOf(what: string, log: Log): (error: unknown) => void {
  return (error) => {
    const message = `${what} cannot be put in order: ${reasonOf(error)}; it is tried again, and what is too old stays until then`;
    log({ level: 'warn', message });
  };
}

async function placeOf(
  { mongodbUri, mapping, decisionLog: { folder, keepDays } }: Config,
  kind: 'file' | 'stdout' | 'mongodb',
  print: Print | undefined,
): Promise<{ readonly sink: Sink<unknown>; readonly reader?: LogReader }> {
  switch (kind) {
    case 'file': {
      const [{ fileSink, requireWritable }, { logFileReader }] = await Promise.all([
        import('../decision-log/sinks/file-sink.ts'),
        import('../decision-log/read/log-file-reader.ts'),
      ]);
      await requireWritable(folder);
      return { sink: fileSink({ folder, keepDays }), reader: logFileReader(folder, { keepDays }) };
    }
    case 'stdout':
      return {
        sink: (await import('../decision-log/sinks/stdout-sink.ts')).stdoutSink(print ?? printTo(process.stdout)),
      };
    case 'mongodb': {
      if (mongodbUri === undefined) {
        throw new StartError(
          mapping === undefined
            ? 'PERKBOOK_DECISION_LOG is `mongodb`, and MONGODB_URI does not say which; `file` keeps the log on this machine'
            : 'PERKBOOK_DECISION_LOG is `mongodb`; with a mapping the database that MONGODB_URI names is only read: set it to `file` or `stdout`',
        );
      }
      const [{ logDatabase }, { mongoSink }, { mongoLogReader }] = await Promise.all([
        import('../decision-log/log-database.ts'),
        import('../decision-log/sinks/mongo-sink.ts'),
        import('../decision-log/read/mongo-log-reader.ts'),
      ]);
      const database = logDatabase(mongodbUri);
      return { sink: mongoSink(database, { keepDays }), reader: mongoLogReader(database) };
    }
  }
}

/** What fails is tried again every second; one line in a while says it. */
function tellingSometimes(counts: () => LogCounts, log: Log): (error: unknown) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = performance.now();
    if (now - last < TELL_EVERY_MS) return;
    last = now;
    const { waiting, dropped } = counts();
    log({ level: 'warn', message: `decisions cannot be logged: ${reasonOf(error)}`, waiting, dropped });
  };
}
