import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../domain/instant.ts';
import { digestOf, fileFinding } from '../rules/load/check-rule-file.ts';
import type { Finding } from '../rules/load/finding.ts';
import { type LoadedRules, loadSources } from '../rules/load/folder/load-rules.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import type {
  CandidateText,
  Current,
  LiveRuleBook,
  RuleSetStore,
  StoredRules,
  Watching,
} from '../use-cases/rule-sets/ports.ts';
import { CheckedFiles } from './folder/checked-files.ts';
import { newBook, newWarnings, RIGHT_AGAIN, rejectedNews } from './rule-news.ts';
import { Starts } from './starts.ts';
import { withVersion } from './with-version.ts';

/** How often what is unknown may make the rules be read. */
const UNKNOWN_EVERY_MS = 200;

/** How often the rules were loaded, by what came of it; counts from the start of the process. */
export interface RuleLoads {
  /** A new book is in force. */
  readonly loaded: number;
  /** There was an error, and the last good book goes on. */
  readonly rejected: number;
  /** The place that they are kept in did not answer. */
  readonly unreachable: number;
}

export interface LiveRulesOptions {
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
  /** What the server's clock says; the real time when absent. */
  readonly now?: () => Instant;
}

/** The rules could not be loaded when the server was started, so that there is no book to begin with. */
export class NoRules extends Error {
  override readonly name = 'NoRules';
  readonly loaded: LoadedRules;

  constructor(loaded: LoadedRules) {
    super('there are no rules that can judge');
    this.loaded = loaded;
  }
}

/**
 * The rules in force. INVARIANT: `book` is one immutable object and changes by one assignment, so whoever reads it once sees the old
 * rules or the new ones, never some of each. What is kept is read anew whenever it may have changed; what has an error in it
 * changes nothing.
 */
export class LiveRules implements LiveRuleBook {
  #book: RuleBook;
  #history: StoredRules['history'];
  #findings: readonly Finding[];
  #fingerprint: string;
  #current: Current;
  #reading: Promise<Current> | undefined;
  #next: Promise<Current> | undefined;
  /** The read that those wait for who ask for what is unknown. */
  #soon: Promise<void> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #watching: Watching | undefined;
  #closed = false;
  #isUnreachable = false;
  readonly #loads = { loaded: 1, rejected: 0, unreachable: 0 };
  readonly #store: RuleSetStore;
  readonly #log: LiveRulesOptions['log'];
  readonly #checked: CheckedFiles;
  readonly #now: () => Instant;
  readonly #starts: Starts;

  private constructor(
    store: RuleSetStore,
    current: Current & { readonly book: RuleBook },
    checked: CheckedFiles,
    { log, now = Date.now }: LiveRulesOptions,
  ) {
    this.#store = store;
    this.#current = current;
    this.#book = current.book;
    this.#history = current.stored.history;
    this.#findings = current.loaded.findings;
    this.#fingerprint = fingerprintOf(current.stored);
    this.#checked = checked;
    this.#log = log;
    this.#now = now;
    this.#starts = new Starts(() => this.#book, now, log);
    this.#logWarnings([]);
  }

  /** Loads what the store has and follows it. Throws `NoRules` when that cannot judge. */
  static async open(store: RuleSetStore, options: LiveRulesOptions): Promise<LiveRules> {
    const checked = new CheckedFiles();
    const stored = await store.read();
    const { now = Date.now } = options;
    const loaded = loadSources(stored, checked.check, now());
    const { book } = loaded;
    if (book === undefined || book.ruleSets.size === 0) throw new NoRules(loaded);
    const live = new LiveRules(store, { stored, loaded, book }, checked, options);
    live.#watching = await store.watch(() => void live.refresh().catch(() => undefined));
    // What changed between the first look and the watch would otherwise stay unseen.
    await live.refresh().catch(() => undefined);
    return live;
  }

  get book(): RuleBook {
    return this.#book;
  }

  get history(): StoredRules['history'] {
    return this.#history;
  }

  /** What is wrong with, or doubtful in, what is kept now; errors say why the book in force is an older one. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  get loads(): RuleLoads {
    return { ...this.#loads };
  }

  /** One read at a time. A call during one waits for the next, which begins after the call: it sees what the caller has written. */
  refresh(): Promise<Current> {
    if (this.#reading === undefined) {
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined;
      });
      return this.#reading;
    }
    this.#next ??= this.#reading.then(ignore, ignore).then(() => {
      this.#next = undefined;
      return this.refresh();
    });
    return this.#next;
  }

  /**
   * The same for what is not known here, which may have been published elsewhere a moment ago, or never: all who ask for such wait
   * for one read, a few times a second, and while the rules cannot be read for none. Never throws.
   */
  async lookForUnknown(): Promise<void> {
    if (this.#isUnreachable || this.#closed) return;
    this.#soon ??= this.#lookSoon();
    await this.#soon;
  }

  tryOut(current: Current, candidate: CandidateText): LoadedRules {
    return loadSources(withVersion(current.stored, candidate), this.#checked.checkCandidate);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#starts.stop();
    await this.#watching?.stop();
    await (this.#next ?? this.#reading)?.catch(ignore);
  }

  async #lookSoon(): Promise<void> {
    // Also where nothing is left to wait for: only after a pause does whoever called this have it in `#soon`.
    await sleep(Math.max(0, UNKNOWN_EVERY_MS - (performance.now() - this.#readAt)));
    // Whoever comes from here on may know of something that this read is too early for.
    this.#soon = undefined;
    await this.refresh().catch(ignore);
  }

  async #read(): Promise<Current> {
    this.#readAt = performance.now();
    const stored = await this.#store.read().catch((error: unknown) => {
      this.#noteUnreachable(error);
      throw error;
    });
    if (this.#isUnreachable) this.#log({ level: 'info', message: 'the rules can be read again' });
    this.#isUnreachable = false;
    const fingerprint = fingerprintOf(stored);
    if (fingerprint === this.#fingerprint) return this.#current;
    this.#fingerprint = fingerprint;
    this.#checked.beginLoad();
    const wasRejected = this.#current.loaded.book === undefined;
    const now = this.#now();
    const loaded = withoutLoss(this.#book, loadSources(stored, this.#checked.check, now), now);
    this.#current = { stored, loaded };
    const known = this.#findings;
    this.#findings = loaded.findings;
    this.#logWarnings(known);
    if (loaded.book === undefined) {
      this.#loads.rejected++;
      const news = rejectedNews(loaded.findings);
      if (news !== undefined) this.#log(news);
      return this.#current;
    }
    this.#loads.loaded++;
    this.#history = stored.history;
    if (wasRejected) this.#log(RIGHT_AGAIN);
    const news = newBook(this.#book, loaded.book, now);
    this.#book = loaded.book;
    if (news === undefined) return this.#current;
    this.#log(news);
    this.#starts.see();
    return this.#current;
  }

  #logWarnings(known: readonly Finding[]): void {
    for (const warning of newWarnings(known, this.#findings)) this.#log(warning);
  }

  #noteUnreachable(error: unknown): void {
    this.#loads.unreachable++;
    if (this.#isUnreachable || this.#closed) return;
    this.#isUnreachable = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#log({ level: 'warn', message: `the rules cannot be read, the ones in force go on: ${reason}` });
  }
}

/**
 * INVARIANT: a rule set that has judged does not go out of force because its folder is gone, which is a mistake, or a checkout half way
 * through. Only one whose single version never started can have been withdrawn.
 */
function withoutLoss(inForce: RuleBook, loaded: LoadedRules, now: Instant): LoadedRules {
  const { book } = loaded;
  if (book === undefined) return loaded;
  const lost = [...inForce.ruleSets.values()].filter(
    ({ id, versions: [first, ...others] }) =>
      !book.ruleSets.has(id) && (others.length > 0 || first === undefined || first.from <= now),
  );
  if (lost.length === 0) return loaded;
  const gone = lost.map(({ id }) =>
    fileFinding(`${id}/v1.yaml`, 'missing_version', `the rule set \`${id}\` is gone: bring it back`),
  );
  return { ...loaded, book: undefined, findings: [...loaded.findings, ...gone] };
}

function fingerprintOf({ ruleSets, findings, history }: StoredRules): string {
  const hash = createHash('sha256');
  for (const { id, versions, lock, findings: ofLock } of ruleSets) {
    for (const { version, text } of versions)
      hash.update(`${id} ${version} ${text === undefined ? '' : digestOf(text)}\n`);
    hash.update(JSON.stringify([id, [...lock], ofLock, history.get(id) ?? []]));
  }
  return hash.update(JSON.stringify(findings)).digest('hex');
}

function ignore(): void {}
