import type { Instant } from '../../domain/instant.ts';
import type { LoadedRules, RuleSources } from '../../rules/load/folder/load-rules.ts';
import type { RuleBook, Version } from '../../rules/rule-set.ts';
import type { Clock, RuleBookSource } from '../ports.ts';

/** Who published a version, when and why, and the promises that came with it. */
export interface Publication {
  readonly version: number;
  readonly digest: string;
  readonly author: string;
  readonly publishedAt: Instant;
  readonly note: string;
  /** The version whose content, and whose promises, this one has again. */
  readonly rollbackTo?: number;
  /** The text of a scenario file: what this version promises otherwise than the ones before it. */
  readonly scenarios?: string;
}

/** What is kept: the texts of all versions, and what is known of how each came to be. */
export interface StoredRules extends RuleSources {
  /** By rule set, in the order of the versions. A version that nobody published here, a file put into the folder, has none. */
  readonly history: ReadonlyMap<string, readonly Publication[]>;
}

/** A version that is to be published. */
export interface NewVersion {
  readonly ruleSet: string;
  readonly publication: Publication;
  /** The file, byte for byte. */
  readonly yaml: string;
  readonly from: Instant;
}

/** `lost`: somebody else has published or withdrawn in between, and nothing was written. */
export type Outcome = 'done' | 'lost';

/**
 * Where rule sets are kept: a folder, or MongoDB. Both pass one contract suite. Published versions never change.
 * Every method throws `RuleStoreUnreachable` when the place cannot be read or written.
 */
export interface RuleSetStore {
  read(): Promise<StoredRules>;
  /** One atomic step: the version becomes the newest one if the newest one is the number before it. */
  publish(version: NewVersion): Promise<Outcome>;
  /** One atomic step: the version is gone if it is the newest one and has this digest. */
  withdraw(ruleSet: string, version: number, digest: string): Promise<Outcome>;
  /** Calls back soon after anything may have changed, also in other processes; more often than needed, never too seldom. */
  watch(mayHaveChanged: () => void): Promise<Watching>;
  close(): Promise<void>;
}

export interface Watching {
  stop(): Promise<void>;
}

/** What is kept now, and what became of it when it was loaded. */
export interface Current {
  readonly stored: StoredRules;
  /** Without a book where there is an error; then the last good book goes on judging. */
  readonly loaded: LoadedRules;
}

/** The rules in force, following what is kept. */
export interface LiveRuleBook extends RuleBookSource {
  /** What is known of how the versions in force came to be. */
  readonly history: StoredRules['history'];
  /** Reads what is kept now; what of it can judge is in force in this process when this resolves. */
  refresh(): Promise<Current>;
  /** Judges a text as if it were the next version of a rule set in `current`, with all the checks that loading makes. */
  tryOut(current: Current, candidate: CandidateText): LoadedRules;
}

export interface CandidateText {
  readonly ruleSet: string;
  readonly version: number;
  readonly yaml: string;
}

/** What somebody is working on and has not published. It may be broken. */
export interface Draft {
  readonly ruleSet: string;
  readonly author: string;
  /** The version that it was made from; 0 for a rule set that is new. */
  readonly base: number;
  /** Its digest, because the number of a withdrawn version is used again; null for a base that is not there. */
  readonly baseDigest: string | null;
  readonly savedAt: Instant;
  readonly yaml: string;
}

/** One draft per rule set and author. Throws `RuleStoreUnreachable`. */
export interface DraftStore {
  get(ruleSet: string, author: string): Promise<Draft | undefined>;
  list(ruleSet: string): Promise<readonly Draft[]>;
  put(draft: Draft): Promise<void>;
  /** Whether there was one. */
  delete(ruleSet: string, author: string): Promise<boolean>;
}

/** A version that is about to be published, and what it would be published on top of. */
export interface Candidate {
  readonly version: Version;
  /** The book with the candidate as the newest version of its rule set. */
  readonly book: RuleBook;
  /** The newest version now; absent for a rule set that is new. */
  readonly previous: Version | undefined;
  /** How the versions before it came to be, with the scenarios kept with them. */
  readonly history: readonly Publication[];
}

/** How many of the members in the store would lose something. */
export interface LossCheck {
  /** The largest share that may lose without being accepted; absent: any. */
  readonly threshold: number | undefined;
  lossOf(candidate: Candidate): Promise<Loss>;
}

export interface Loss {
  readonly members: number;
  readonly lose: number;
}

/** A scenario that a candidate breaks. */
export interface BrokenScenario {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly failures: readonly string[];
}

/** What replaying the scenarios against a candidate has shown. */
export interface ScenarioVerdict {
  readonly replayed: number;
  /** Of all that is promised, also of what says nothing about the time after the candidate's start. */
  readonly names: ReadonlySet<string>;
  readonly broken: readonly BrokenScenario[];
}

/** Replays the scenarios dated after a candidate's start against it. Throws a `Problem` for scenarios that cannot be read. */
export interface ScenarioCheck {
  verdictOn(candidate: Candidate, scenarios: string | undefined): Promise<ScenarioVerdict>;
}

/** Everything that publishing needs of the world. */
export interface PublishingPorts {
  readonly live: LiveRuleBook;
  readonly ruleSetStore: RuleSetStore;
  readonly drafts: DraftStore;
  readonly clock: Clock;
  readonly lossCheck?: LossCheck | undefined;
  readonly scenarioCheck?: ScenarioCheck | undefined;
  /** Is told of what was published in spite of a warning. */
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}
