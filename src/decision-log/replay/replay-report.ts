import type { Decision } from '../../domain/decision.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ApiLogEntry } from '../../generated/answers/log/entry.ts';
import type { RuleBook, Version } from '../../rules/rule-set.ts';
import { SHADOW_DIFFERENCES, type ShadowDifference } from '../../use-cases/shadow/shadow-difference.ts';
import { Candidate } from './judge-by-candidate.ts';
import type { NotJudged } from './not-judged.ts';
import { replayEntry } from './replay-entry.ts';

type Counts<Name extends string> = Partial<Record<Name, number>>;

/** One old answer that the same rules do not give any more. */
export interface Mismatch {
  readonly id: string;
  readonly action: string;
  readonly differs: readonly string[];
}

/** One old question that a candidate answers otherwise. */
export interface ChangedAnswer {
  readonly entry: ApiLogEntry;
  readonly difference: ShadowDifference;
  readonly before: Decision;
  readonly after: Decision;
}

export interface CandidateReport {
  readonly ruleSet: string;
  readonly digest: string;
  /** When it is supposed to have started. */
  readonly since: Instant;
  readonly same: number;
  readonly different: number;
  /** How many that would have been if all allows were logged. */
  readonly estimated: number;
  /** How many different users are answered otherwise. */
  readonly users: number;
  /** How many of them are denied what they were allowed. */
  readonly usersDenied: number;
  /** Who denies most of what was allowed comes first. */
  readonly actions: Readonly<Record<string, Counts<ShadowDifference>>>;
  readonly notJudged: Counts<NotJudged>;
  /** The weightiest first. */
  readonly examples: readonly ChangedAnswer[];
}

export interface ReplayReport {
  readonly entries: number;
  /** Answered as they were. */
  readonly same: number;
  /** Not answered as they were, though the rules are the same. */
  readonly mismatches: number;
  readonly notJudged: Counts<NotJudged>;
  readonly examples: readonly Mismatch[];
  readonly candidate?: CandidateReport;
}

export interface CandidateChoice {
  readonly ruleSet: string;
  readonly version: Version;
  /** Absent: with the first question that is judged. */
  readonly since: Instant | undefined;
}

const MOST_EXAMPLES = 20;
const EXAMPLES_OF_EACH = 3;

/** Replays entries one after the other, and counts. */
export class Replay {
  readonly #book: RuleBook;
  readonly #choice: CandidateChoice | undefined;
  readonly #notJudged: Counts<NotJudged> = {};
  readonly #mismatched: Mismatch[] = [];
  #entries = 0;
  #same = 0;
  #mismatches = 0;
  #candidate: Candidate | undefined;
  #since: Instant | undefined;
  #candidateSame = 0;
  #different = 0;
  #estimated = 0;
  readonly #actions = new Map<string, Counts<ShadowDifference>>();
  readonly #candidateNotJudged: Counts<NotJudged> = {};
  readonly #users = new Set<string>();
  readonly #usersDenied = new Set<string>();
  /** By action and difference. */
  readonly #changed = new Map<string, ChangedAnswer[]>();
  readonly #mostExamples: number | undefined;

  /** `examples`: so many changed answers are shown; absent: a few of each difference. */
  constructor(book: RuleBook, choice?: CandidateChoice, { examples }: { readonly examples?: number | undefined } = {}) {
    this.#book = book;
    this.#choice = choice;
    this.#mostExamples = examples;
    this.#since = choice?.since;
  }

  get entries(): number {
    return this.#entries;
  }

  add(entry: ApiLogEntry): void {
    this.#entries++;
    const replayed = replayEntry(entry, this.#book);
    if ('notJudged' in replayed) {
      count(this.#notJudged, replayed.notJudged);
      return;
    }
    if (replayed.differs.length > 0) {
      this.#mismatches++;
      const { id, action } = entry;
      if (this.#mismatched.length < MOST_EXAMPLES) this.#mismatched.push({ id, action, differs: replayed.differs });
      return;
    }
    this.#same++;
    if (this.#choice === undefined) return;
    this.#since ??= replayed.again.at;
    this.#candidate ??= new Candidate(this.#choice.ruleSet, this.#choice.version, this.#since);
    const judged = this.#candidate.judge(entry, replayed);
    if ('notJudged' in judged) count(this.#candidateNotJudged, judged.notJudged);
    else if (judged.difference === undefined) this.#candidateSame++;
    else this.#note({ entry, difference: judged.difference, before: replayed.decision, after: judged.decision });
  }

  get report(): ReplayReport {
    const report: ReplayReport = {
      entries: this.#entries,
      same: this.#same,
      mismatches: this.#mismatches,
      notJudged: this.#notJudged,
      examples: this.#mismatched,
    };
    if (this.#choice === undefined) return report;
    const candidate: CandidateReport = {
      ruleSet: this.#choice.ruleSet,
      digest: this.#choice.version.ref.digest,
      since: this.#since ?? this.#choice.version.from,
      same: this.#candidateSame,
      different: this.#different,
      estimated: Math.round(this.#estimated),
      users: this.#users.size,
      usersDenied: this.#usersDenied.size,
      actions: Object.fromEntries(
        [...this.#actions].sort(([, a], [, b]) => (b.allowToDeny ?? 0) - (a.allowToDeny ?? 0)),
      ),
      notJudged: this.#candidateNotJudged,
      examples: this.#shown(),
    };
    return { ...report, candidate };
  }

  #note(changed: ChangedAnswer): void {
    const { entry, difference } = changed;
    this.#different++;
    this.#users.add(entry.user);
    if (difference === 'allowToDeny') this.#usersDenied.add(entry.user);
    this.#estimated += 1 / (entry.sample ?? 1);
    const counts = this.#actions.get(entry.action) ?? {};
    this.#actions.set(entry.action, counts);
    count(counts, difference);
    const key = JSON.stringify([entry.action, difference]);
    const kept = this.#changed.get(key) ?? [];
    this.#changed.set(key, kept);
    if (kept.length < (this.#mostExamples ?? EXAMPLES_OF_EACH)) kept.push(changed);
  }

  #shown(): readonly ChangedAnswer[] {
    const most = this.#mostExamples ?? MOST_EXAMPLES;
    const ofEach =
      this.#mostExamples === undefined ? EXAMPLES_OF_EACH : Math.ceil(this.#mostExamples / this.#changed.size);
    const weight = ({ difference }: ChangedAnswer) => SHADOW_DIFFERENCES.indexOf(difference);
    return [...this.#changed.values()]
      .flatMap((each) => each.slice(0, ofEach))
      .sort((a, b) => weight(a) - weight(b))
      .slice(0, most);
  }
}

function count<Name extends string>(counts: Counts<Name>, name: Name): void {
  counts[name] = ((counts[name] as number | undefined) ?? 0) + 1;
}
