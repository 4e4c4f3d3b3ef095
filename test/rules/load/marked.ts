import { expect } from 'chai';
import { checkRuleFile } from '../../../src/rules/load/check-rule-file.ts';
import type { Finding, FindingCode } from '../../../src/rules/load/finding.ts';

/** Where a finding is expected: in front of this mark, which is no part of the file. */
export const MARK = '‹';

/** A small rule file in which everything is right, and which has one of everything. */
export const SOUND = `format: perkbook/1
ruleSet: demo
version: 1
title: Demo
effective: {from: 2026-01-01T00:00:00Z}
statements:
  S1: First
  S2: Second
tiers:
  free: {title: Free}
  plus: {title: Plus}
  pro: {title: Pro}
calendar: {month: {timeZone: UTC}}
perks:
  coins:
    title: Coins
    source: [S1]
    kind: grant
    per: day
    tiers: {free: 100, plus: +20%, pro: +50%}
    afterEnd: freeLevel
    actions: {coins.claim: add}
    says:
      already_claimed: You have {amount}.
  badge:
    title: Badge
    kind: switch
    tiers: members
    afterEnd: loses
    actions: {badge.show: show, badge.change: {does: add, when: asks_gif}}
    echoes: {trial: resource.properties.trial}
  batch:
    title: Batch
    kind: limit
    of: input.many
    tiers: {free: 1, plus: 2, pro: unlimited}
    afterEnd: freeLevel
    actions: {batch.run: use}
  size:
    title: Size
    kind: limit
    of: {width: input.width, height: input.height}
    tiers: {free: {width: 10, height: 10}, plus: {width: 20, height: unlimited}, pro: unlimited}
    afterEnd: freeLevel
    actions: {batch.run: use}
  trainings:
    title: Trainings
    kind: quota
    per: month
    tiers: {free: 0, plus: 3, pro: 5}
    afterEnd: loses
    actions: {train: add}
  models:
    title: Models
    kind: slots
    holds: models
    tiers: {free: 0, plus: 3, pro: 5}
    afterEnd: frozen
    actions: {model.add: add, model.drop: remove}
  bonus:
    title: Bonus
    kind: table
    by: input.pack
    rows:
      5: {free: 0, plus: 10, pro: 20}
      10: {free: 0, plus: 20, pro: 40}
    afterEnd: loses
    actions: {bonus.take: add}
actions:
  coins.claim: {title: Claim}
  badge.show: {title: Show, resource: thing}
  badge.change: {title: Change, resource: thing, input: {format: {enum: [gif, png]}}}
  batch.run: {title: Run, input: {many: {type: integer, minimum: 0}, width: {type: number}, height: {type: number}}}
  train: {title: Train}
  model.add: {title: Add}
  model.drop: {title: Drop}
  bonus.take: {title: Take, input: {pack: {type: number}}}
  plan.change: {title: Change plan, input: {to: {type: string, maxLength: 20, default: pro}}}
  help.read: {title: Read, open: true}
rules:
  plan.change:
    source: [S2]
    checks:
      - {unless: is_member, deny: not_member, says: There is no plan.}
      - {when: [is_web, is_admin], deny: web_plan, says: "It runs until {endsAt}."}
    answers:
      where:
        - {when: is_web, value: site}
        - {value: {at: store}}
conditions:
  is_member: {all: [{fact: member, path: $.membership, operator: equal, value: active}]}
  is_web: {all: [{fact: term, path: $.channel, operator: in, value: [web]}]}
  is_admin: {any: [{fact: user, path: $.attributes.role, operator: equal, value: admin}, {not: {condition: is_member}}]}
  asks_gif: {all: [{fact: input, path: $.format, operator: equal, value: gif}]}
attributes:
  user: {role: {enum: [admin, editor]}, tags: {type: string, list: true}, age: {type: number}}
  thing: {owner: {type: string}}
resources:
  thing: {one: {owner: anna}}
`;

/** What to do to the sound file, and what is then found: `code` at each mark, in the order of the text. */
export interface Case {
  /** Replacements in the sound file: the text that is there, once, and what takes its place, with marks. */
  readonly edits: readonly (readonly [string, string])[];
  readonly finds: readonly FindingCode[];
  /** What the message of the first one says. */
  readonly says?: RegExp;
  readonly suggests?: string;
}

export function given(edit: readonly [string, string], code: FindingCode, says?: RegExp, suggests?: string): Case {
  return {
    edits: [edit],
    finds: [code],
    ...(says === undefined ? {} : { says }),
    ...(suggests === undefined ? {} : { suggests }),
  };
}

export function edited(edits: Case['edits']): string {
  let text = SOUND;
  for (const [from, to] of edits) {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`\`${from}\` is there ${parts.length - 1} times`);
    text = parts.join(to);
  }
  return text;
}

/** A text without its marks, and where they were. */
export function unmarked(marked: string): { readonly text: string; readonly places: readonly string[] } {
  const places: string[] = [];
  let text = '';
  for (const part of marked.split(MARK)) {
    text += part;
    const lines = text.split('\n');
    places.push(`${lines.length}:${(lines.at(-1) ?? '').length + 1}`);
  }
  return { text, places: places.slice(0, -1) };
}

/** Exactly the expected findings: none missing, and none that only follow from another. */
export function expectFindings(marked: string, finds: readonly FindingCode[]): readonly Finding[] {
  const { text, places } = unmarked(marked);
  const { findings, version } = checkRuleFile(text, { file: 'v1.yaml' });
  const found = findings.map(({ code, line, column }) => `${code} at ${line}:${column}`);
  expect(found, findings.map((each) => each.message).join('\n')).to.deep.equal(
    places.map((place, index) => `${finds[index] ?? 'nothing'} at ${place}`),
  );
  expect(version === undefined).to.equal(findings.some((finding) => finding.severity === 'error'));
  return findings;
}

/** One mocha test for each case. */
export function testCases(cases: Readonly<Record<string, Case>>): void {
  for (const [name, { edits, finds, says, suggests }] of Object.entries(cases)) {
    it(name, () => {
      const [first] = expectFindings(edited(edits), finds);
      if (says !== undefined) expect(first?.message).to.match(says);
      expect(first?.didYouMean).to.equal(suggests);
      expect(first?.message).to.match(/^[^A-Z]/);
    });
  }
}
