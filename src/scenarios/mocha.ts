import { readFileSync } from 'node:fs';
import type { Finding } from '../rules/load/finding.ts';
import { loadRules } from '../rules/load/folder/load-rules.ts';
import { renderFinding } from '../rules/load/render-finding.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import { checkedOptions } from './check-replay-options.ts';
import { findFiles } from './compile/find-files.ts';
import { compileText } from './compile/load.ts';
import { scenarioFiles } from './compile/read-file.ts';
import type { Case } from './compile/scenario.ts';
import { CoreDoor } from './doors/core.ts';
import { HttpDoor } from './doors/http.ts';
import type { Door } from './replay/door.ts';
import { failureText } from './replay/failure-text.ts';
import { replayCase } from './replay/replay.ts';
import type { CaseResult } from './replay/results.ts';

export interface ReplayOptions {
  /** Files, folders, or globs with `*` and `**`. */
  readonly fixtures: string | readonly string[];
  /** The folder of the rule sets that the scenarios are about. */
  readonly rules: string;
  /**
   * A server that was started with `PERKBOOK_TEST_CLOCK`, or how to find out its address once the tests run. The key that it asks for is
   * in `PERKBOOK_API_KEY` by then. Absent: the rules are judged in this process, with no server at all.
   */
  readonly baseUrl?: string | (() => string);
  /** Told of every result: for a report of one's own. */
  readonly onResult?: (result: CaseResult) => void;
}

/**
 * Registers one mocha test for every scenario and every table. Called at the top of a test file, or inside of a `describe`; with
 * mocha's own `describe`, `it` and `before`. A file that cannot be read is a test that fails with file:line:column.
 */
export function replay(options: ReplayOptions): void {
  const { fixtures, rules, baseUrl, onResult } = checkedOptions(options);
  const files = [fixtures].flat().flatMap(findFiles);
  if (files.length === 0) throw new Error(`there are no scenarios in \`${[fixtures].flat().join('`, `')}\``);
  const prepared = once(() => prepare(rules, baseUrl));
  for (const file of new Set(files)) describeFile(file, prepared, onResult);
}

interface Prepared {
  readonly book: RuleBook;
  readonly door: Door;
}

function describeFile(file: string, prepared: () => Promise<Prepared>, onResult: ReplayOptions['onResult']): void {
  const text = readFileSync(file, 'utf8');
  // The names of the tests are needed at once; the rules, which are read later, only to check and to replay.
  const { read, findings } = scenarioFiles.read(text, file);
  describe(read?.data.title ?? file, () => {
    if (read === undefined) {
      it(`${file} can be read`, () => {
        throw new Error(shown(findings, text));
      });
      return;
    }
    let door: Door | undefined;
    const compiled = once(async () => {
      const ready = await prepared();
      door = ready.door;
      return compileText(text, file, ready.book);
    });
    // While the server is still there: hooks of the suites around this one run later.
    after(() => door && leave(door));
    for (const { name } of [...(read.data.scenarios ?? []), ...(read.data.tables ?? [])]) {
      it(name, async function () {
        const { cases, findings } = await compiled();
        if (findings.length > 0) throw new Error(shown(findings, text));
        const each = cases.find((one) => one.name === name);
        if (each === undefined) throw new Error(`\`${name}\` is not in ${file}`);
        const result = await untilInterrupted(each, (await prepared()).door);
        onResult?.(result);
        if (result.outcome === 'skipped') this.skip();
        if (result.outcome === 'failed') throw failed(result);
      });
    }
    if ((read.data.scenarios ?? []).length + (read.data.tables ?? []).length === 0) {
      it(`${file} proves something`, () => {
        throw new Error(`${file} has no scenarios and no tables`);
      });
    }
  });
}

async function prepare(rules: string, baseUrl: ReplayOptions['baseUrl']): Promise<Prepared> {
  const { book, findings, files } = await loadRules(rules);
  if (book?.ruleSets.size === 0) throw withoutStack(new Error(`there are no rules in \`${rules}\``));
  if (book === undefined) {
    const texts = new Map(files.map(({ file, text }) => [file, text]));
    throw new Error(
      findings.map((finding) => renderFinding(finding, texts.get(finding.file) ?? '', false)).join('\n\n'),
    );
  }
  const url = typeof baseUrl === 'function' ? baseUrl() : baseUrl;
  if (url === undefined) return { book, door: new CoreDoor(book) };
  return { book, door: new HttpDoor(url, { apiKey: process.env.PERKBOOK_API_KEY }) };
}

/** Ctrl-C ends mocha at once: what has been written to a server is taken away before. */
async function untilInterrupted(each: Case, door: Door): Promise<CaseResult> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  try {
    return await replayCase(each, door, stopping.signal);
  } finally {
    process.off('SIGINT', stop);
    if (stopping.signal.aborted) {
      await leave(door);
      // Where somebody else listens, it is theirs to end.
      if (process.listenerCount('SIGINT') === 0) process.kill(process.pid, 'SIGINT');
    }
  }
}

async function leave(door: Door): Promise<void> {
  const left = await door.leave?.();
  if (left !== undefined) process.emitWarning(left);
}

/** The stack of the runner says nothing about a scenario. */
function failed(result: CaseResult): Error {
  return withoutStack(new Error(`\n${failureText(result)}`));
}

function withoutStack(error: Error): Error {
  error.stack = error.message;
  return error;
}

function shown(findings: readonly Finding[], text: string): string {
  return findings.map((finding) => renderFinding(finding, text, false)).join('\n\n');
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
