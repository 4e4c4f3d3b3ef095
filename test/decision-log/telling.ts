import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { decide } from '../../src/decide/decide.ts';
import { toLogEntry } from '../../src/decision-log/entry/to-log-entry.ts';
import type { ToLog } from '../../src/decision-log/to-log.ts';
import type { Facts } from '../../src/domain/facts.ts';
import { parseMask } from '../../src/domain/mask.ts';
import type { Question } from '../../src/domain/question.ts';
import type { ApiLogEntry } from '../../src/generated/answers/log/entry.ts';
import { compileVersion } from '../../src/rules/compile/compile.ts';
import type { Policy, RuleSet, Version } from '../../src/rules/rule-set.ts';
import { ruleSetOf } from '../../src/rules/rule-set-of.ts';
import { PRESENT } from '../support/arbitrary-member.ts';
import { membershipQuestion } from '../support/arbitrary-question.ts';
import { membership } from '../support/rule-sets.ts';

export const PSEUDONYM = 'u:AAAAAAAAAAAAAAAAAAAAAA';

/** What a caller is told who asks this. */
export function told(ruleSet: RuleSet, facts: Facts, question: Question, at: number): ToLog {
  const decision = decide({ ruleSet, facts, question, now: at });
  const asked = { question, ruleSetId: ruleSet.id, at, minRevision: undefined, detail: 'full' } as const;
  return {
    id: '01M8429H36FAM8SCSVPAHAXD7E',
    answered: { decision, asked, at, ruleSet, facts },
    caller: 'k',
    requestId: 'r',
  };
}

/** The entry as whoever reads the log gets it: through text and back. */
export function logged(
  each: ToLog,
  { masks = [], sample = 1 }: { masks?: readonly string[]; sample?: number } = {},
): ApiLogEntry {
  const options = { time: Date.UTC(2026, 10, 22), pseudonym: PSEUDONYM, masks: masks.map(parseMask), sample };
  return JSON.parse(JSON.stringify(toLogEntry(each, options))) as ApiLogEntry;
}

const [question] = fc.sample(membershipQuestion, 1);
if (question === undefined) throw new Error('no question');
const SAMPLE = logged(told(membership, { state: 'fresh', member: undefined }, question, PRESENT));

/** Some entry that was told at this instant. */
export function entryAt(time: number, id: string, rest: Partial<ApiLogEntry> = {}): ApiLogEntry {
  return { ...SAMPLE, id, time: new Date(time).toISOString(), ...rest };
}

export interface Change {
  readonly from: string;
  readonly policy?: Policy;
  /** Replaces parts of the text of version 1. */
  readonly replace?: readonly (readonly [string, string])[];
}

/** The PixAI membership with further versions, each a changed version 1. */
export function membershipWith(...changes: readonly Change[]): RuleSet {
  const first = readFileSync(new URL('../../../rules/pixai-membership/v1.yaml', import.meta.url), 'utf8');
  const versions: Version[] = [compileVersion(parse(first), { yaml: first, digest: `sha256:${'1'.repeat(64)}` })];
  for (const { from, policy = 'now', replace = [] } of changes) {
    const number = versions.length + 1;
    let yaml = first
      .replace('version: 1', `version: ${number}`)
      .replace(/effective: \{[^}]*\}/, `effective: {from: ${from}, existingMembers: ${policy}}`);
    for (const [before, after] of replace) {
      if (!yaml.includes(before)) throw new Error(`version 1 has no \`${before}\``);
      yaml = yaml.replace(before, after);
    }
    versions.push(compileVersion(parse(yaml), { yaml, digest: `sha256:${String(number).repeat(64)}` }));
  }
  return ruleSetOf('pixai-membership', versions);
}
