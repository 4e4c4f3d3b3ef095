import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fromApiConsume } from '../../src/api/decisions/from-api-question.ts';
import { toApiConsumption } from '../../src/api/members/to-api-consumption.ts';
import { ANYBODY } from '../../src/domain/caller.ts';
import { Problem } from '../../src/domain/problem.ts';
import type { ApiConsumption } from '../../src/generated/answers/consuming/consumption.ts';
import { compileVersion } from '../../src/rules/compile/compile.ts';
import type { RuleBook, RuleSet } from '../../src/rules/rule-set.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { type ConsumePorts, consume } from '../../src/use-cases/consumes/consume.ts';
import type { FactsReader } from '../../src/use-cases/ports.ts';
import { documents, membership } from '../support/rule-sets.ts';

export function bookOf(...ruleSets: readonly RuleSet[]): RuleBook {
  const ruleSetsOf = new Map<string, string[]>();
  for (const { id, versions } of ruleSets) {
    for (const action of new Set(versions.flatMap((version) => [...version.actions.keys()]))) {
      ruleSetsOf.set(action, [...(ruleSetsOf.get(action) ?? []), id]);
    }
  }
  return { ruleSets: new Map(ruleSets.map((each) => [each.id, each])), ruleSetsOf };
}

export const book = bookOf(documents, membership);

/** The membership with its text changed: one version per change. */
export function changedMembership(...changes: readonly ((yaml: string) => string)[]): RuleSet {
  const yaml = readFileSync(new URL('../../../rules/pixai-membership/v1.yaml', import.meta.url), 'utf8');
  const versions = changes.map((change, i) => {
    const file = { ...parse(change(yaml)), version: i + 1 };
    return compileVersion(file, { yaml: change(yaml), digest: `sha256:test-${i + 1}` });
  });
  return { id: membership.id, versions };
}

/** A text with one part replaced; the part must be there. */
export function replaced(from: string, to: string): (text: string) => string {
  return (text) => {
    if (!text.includes(from)) throw new Error(`the text has no \`${from}\``);
    return text.replaceAll(from, to);
  };
}

export const NOON = Date.parse('2026-11-22T12:00:00.000Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export function iso(at: number): string {
  return new Date(at).toISOString();
}

/** A real store in a folder of its own, a clock that can be set, and what callers do with them. */
export interface World extends ConsumePorts {
  readonly store: EmbeddedStore;
  readonly facts: FactsReader;
  readonly clock: { now(): number; set(now: number): void };
  readonly down: FactsReader;
  /** Consumes as a caller does, with the JSON of the API. */
  consume(user: string, json: Readonly<Record<string, unknown>>): Promise<ApiConsumption>;
  close(): Promise<void>;
}

export async function openWorld(rules: RuleBook = book): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'perkbook-test-'));
  const store = await openEmbeddedStore({ folder });
  let now = NOON;
  let decisions = 0;
  const clock = {
    now: () => now,
    set: (to: number) => {
      now = to;
    },
  };
  return {
    store,
    clock,
    facts: { read: (id) => ({ state: 'fresh', member: store.get(id) }) },
    down: { read: () => ({ state: 'unreachable' }) },
    async consume(user, json) {
      const wanted = fromApiConsume(json, user, rules, now);
      const attempt = { key: wanted.key, id: `d-${++decisions}`, by: ANYBODY };
      return toApiConsumption(await consume({ store, clock }, rules, wanted, attempt));
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The problem that this ends with; fails when it ends well. */
export async function problemOf(work: () => unknown): Promise<Problem> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('there was no problem');
}
