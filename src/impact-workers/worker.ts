// A process that judges parts of the members. A process and not a thread: what goes wrong here ends only this one, and it can step
// back behind a server that answers.
import { setPriority } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { RuleFile } from '../generated/rule-file.ts';
import { compileVersion } from '../rules/compile/compile.ts';
import { ruleBookOf } from '../rules/load/folder/load-rules.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { ruleSetOf } from '../rules/rule-set-of.ts';
import { membershipRules } from '../use-cases/decisions/membership-rules.ts';
import type { Comparison } from '../use-cases/impact/compare/comparison.ts';
import { type Comparisons, comparisonsFor, impactCount } from '../use-cases/impact/impact-count.ts';
import type { IdRange, MemberScan } from '../use-cases/impact/ports.ts';
import type { ImpactQuestion } from '../use-cases/impact/question-at.ts';
import { succeeding } from '../use-cases/impact/succession.ts';
import { StoreUnreachable } from '../use-cases/ports.ts';
import type { FromWorker, Job, ToWorker } from './messages.ts';

const PROGRESS_EVERY_MS = 100;
/** Behind whoever answers questions on the same processors. */
const NICE = 10;

interface Begun {
  readonly question: ImpactQuestion;
  readonly comparisons: Comparisons;
  readonly scan: MemberScan;
}

let begun: Begun | undefined;
let stopped = false;
// One thing after another, in the order in which it was asked for; only stopping does not wait.
let last: Promise<void> = Promise.resolve();

process.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') stopped = true;
  else last = last.then(() => handle(message)).catch(fail);
});
// Whoever asked is gone.
process.on('disconnect', () => process.exit(0));

try {
  setPriority(NICE);
} catch {
  // Not everywhere may a process do that; it works without.
}

async function handle(message: Exclude<ToWorker, { readonly kind: 'stop' }>): Promise<void> {
  switch (message.kind) {
    case 'begin':
      begun = await begin(message.job);
      return send({ kind: 'ready', recounted: begun.comparisons.present.touched.recounted });
    case 'divide': {
      const { scan } = begunOrThrow();
      return send({ kind: 'divided', ends: await scan.ends(message.size), total: await scan.count() });
    }
    case 'judge':
      return judge(begunOrThrow(), message.part, message.range);
    case 'end':
      await begun?.scan.close();
      process.disconnect();
  }
}

function begunOrThrow(): Begun {
  if (begun === undefined) throw new Error('the job has not begun');
  return begun;
}

async function begin({ location, ruleSet, versions, at, today }: Job): Promise<Begun> {
  const compiled = versions.map(({ json, digest }) => compileVersion(json as RuleFile, { yaml: '', digest }));
  const candidate = compiled.at(-1);
  const earlier = { id: ruleSet, versions: compiled.slice(0, -1) };
  const succession = candidate === undefined ? undefined : succeeding(earlier, candidate);
  if (succession === undefined) throw new Error('there is nothing to compare with');
  const question = { succession, at, ...(today === undefined ? {} : { today }) };
  const comparisons = comparisonsFor(question);
  return {
    question,
    comparisons,
    // INVARIANT: today's reads the same, because its versions differ from these only in their starts.
    scan: await openScan(location, comparisons.present, ruleSetOf(ruleSet, compiled)),
  };
}

/** Each store is loaded only where it is used. */
async function openScan(location: Job['location'], { unread }: Comparison, ruleSet: RuleSet): Promise<MemberScan> {
  switch (location.kind) {
    case 'embedded':
      return (await import('../stores/embedded/embedded-scan.ts')).openEmbeddedScan(location.folder);
    case 'mongo':
      return (await import('../stores/mongo/mongo-scan.ts')).openMongoScan(location.uri, unread);
    case 'mapped': {
      const { BadMapping, readAttributes, readMapping } = await import('../mapping/read-mapping.ts');
      const { memberReader } = await import('../mapping/member-reader.ts');
      const { openMappedScan } = await import('../stores/mapped/mapped-scan.ts');
      const rules = { book: ruleBookOf([ruleSet]) };
      const { file, uri } = location;
      try {
        const mapping =
          membershipRules(rules.book) === undefined ? readAttributes(file) : readMapping(file, rules.book);
        return await openMappedScan(uri, memberReader(mapping, rules, { now: Date.now }));
      } catch (error) {
        if (!(error instanceof BadMapping)) throw error;
        throw new StoreUnreachable(error.message, { cause: error });
      }
    }
  }
}

async function judge({ question, comparisons, scan }: Begun, part: number, range: IdRange): Promise<void> {
  const { add, counted } = impactCount(question, comparisons);
  let told = 0;
  let toldAt = performance.now();
  for await (const page of scan.pages(range)) {
    for (const member of page) add(member);
    if (performance.now() - toldAt > PROGRESS_EVERY_MS) {
      send({ kind: 'progress', members: counted.now.members - told });
      told = counted.now.members;
      toldAt = performance.now();
    }
    // Lets a message in: to stop is one.
    await setImmediate();
    if (stopped) break;
  }
  send({ kind: 'progress', members: counted.now.members - told });
  send({ kind: 'judged', part, counted });
}

function send(message: FromWorker): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  send({ kind: 'failed', name, message });
}
