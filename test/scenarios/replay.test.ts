import { expect } from 'chai';
import { loadRules } from '../../src/rules/load/folder/load-rules.ts';
import { renderFinding } from '../../src/rules/load/render-finding.ts';
import type { RuleBook } from '../../src/rules/rule-set.ts';
import { compileText } from '../../src/scenarios/compile/load.ts';
import { CoreDoor } from '../../src/scenarios/doors/core.ts';
import { failureText } from '../../src/scenarios/replay/failure-text.ts';
import { toJUnit } from '../../src/scenarios/replay/junit.ts';
import { replayCases } from '../../src/scenarios/replay/replay.ts';
import type { CaseResult } from '../../src/scenarios/replay/results.ts';

let book: RuleBook;

before(async () => {
  const loaded = await loadRules('rules');
  if (loaded.book === undefined) throw new Error('the rules have errors');
  book = loaded.book;
});

/** The findings of a file as people see their first line. */
function findingsOf(text: string): readonly string[] {
  const { findings } = compileText(text, 'a.yaml', book);
  return findings.map((finding) => renderFinding(finding, '', false));
}

async function results(text: string): Promise<readonly CaseResult[]> {
  const { cases, findings } = compileText(text, 'a.yaml', book);
  expect(findings).to.deep.equal([]);
  return replayCases(cases, new CoreDoor(book));
}

/** A scenario of one Starter with these steps. */
function story(...steps: readonly string[]): string {
  return [
    'ruleSet: pixai-membership',
    'scenarios:',
    '  - name: a story',
    '    members: {anna: starter from 2026-11-01 until 2026-12-01}',
    '    timeline:',
    ...steps.map((step) => `      - ${step}`),
    '',
  ].join('\n');
}

describe('a scenario that fails', () => {
  it('shows expected beside actual, and why', async () => {
    const [result] = await results(
      story(
        '{at: 2026-11-05, consume: lora.train_free, times: 3}',
        '{ask: lora.train_free, expect: {decision: allow, values: {free_lora_training: {limit: 3, used: 2, remaining: 1, resetsAt: 2026-12-01}}}}',
      ),
    );
    expect(result?.outcome).to.equal('failed');
    expect(result === undefined ? '' : failureText(result)).to.equal(
      [
        'a.yaml:7 2026-11-05 anna: ask lora.train_free',
        '                                       expected  actual',
        '  decision                             allow     deny',
        '  values.free_lora_training.used       2         3',
        '  values.free_lora_training.remaining  1         0',
        '  why:',
        '    "You have used 3 of 3 free trainings this month; while you are a member, more come on 1 December 2026."',
        '    version 1: version 1 is the only one',
        ...(result?.failures[0]?.explanation.slice(2).map((line) => `    ${line}`) ?? []),
      ].join('\n'),
    );
    expect(result?.failures[0]?.explanation.join('\n')).to.include('✗ free_lora_training.quota_used_up');
  });

  for (const [what, step, path] of [
    ['a wrong code', '{at: 2026-11-05, ask: lora.train_free, amount: 4, expect: not_in_plan}', 'reason.code'],
    ['an allow that is a denial', '{at: 2026-11-05, ask: lora.train_free, amount: 4, expect: allow}', 'decision'],
    ['a denial that is an allow', '{at: 2026-11-05, ask: lora.train_free, expect: quota_used_up}', 'decision'],
    ['a wrong tier', '{at: 2026-11-05, ask: generation.turbo, expect: {decision: allow, tier: pro}}', 'tier'],
    [
      'a wrong membership',
      '{at: 2026-11-05, ask: generation.turbo, expect: {decision: allow, membership: ended}}',
      'membership',
    ],
    [
      'a wrong end of validity',
      '{at: 2026-11-05, ask: generation.turbo, expect: {decision: allow, validUntil: null}}',
      'validUntil',
    ],
    [
      'a wrong unlocking tier',
      '{at: 2026-11-05, ask: lora.train_free, amount: 4, expect: {code: quota_used_up, unlockedBy: null}}',
      'unlockedBy',
    ],
    [
      'a wrong message',
      '{at: 2026-11-05, ask: lora.train_free, amount: 4, expect: {code: quota_used_up, message: no}}',
      'reason.message',
    ],
    [
      'a perk that took no part',
      '{at: 2026-11-05, ask: avatar.upload, input: {format: png}, expect: {decision: allow, tookPart: [gif_avatar]}}',
      'tookPart',
    ],
    [
      'a value that is not there',
      '{at: 2026-11-05, ask: avatar.upload, input: {format: png}, expect: {decision: allow, values: {gif_avatar: {included: true}}}}',
      'values.gif_avatar',
    ],
    [
      'a value that is there and not expected',
      '{at: 2026-11-05, ask: private_model.upload, expect: {decision: allow, values: {private_models: {limit: 15, used: 0}}}}',
      'values.private_models.remaining',
    ],
    [
      'a problem that is a decision',
      '{at: 2026-11-05, ask: generation.turbo, expect: {error: unknown_action}}',
      'error',
    ],
    ['another problem', '{at: 2026-11-05, ask: generation.turb, expect: {error: invalid_field}}', 'error'],
    [
      'what a consume recorded',
      '{at: 2026-11-05, consume: lora.train_free, expect: {decision: allow, consumed: 2}}',
      'consumed',
    ],
    [
      'the values afterwards',
      '{at: 2026-11-05, consume: lora.train_free, expect: {decision: allow, after: {free_lora_training: {limit: 3, used: 0, remaining: 3, resetsAt: 2026-12-01}}}}',
      'after.free_lora_training.used',
    ],
    ['a release of nothing', '{at: 2026-11-05, release: job-1}', 'answer'],
    ['a perk of the list', '{at: 2026-11-05, perks: {turbo_mode: {included: false}}}', 'turbo_mode.included'],
    ['a word of the preview', '{at: 2026-11-05, preview: {turbo_mode: {word: keeps}}}', 'turbo_mode.word'],
    ['a version', '{at: 2026-11-05, ask: generation.turbo, expect: {decision: allow, version: 2}}', 'ruleSet.version'],
  ] as const) {
    it(`notices ${what}`, async () => {
      const [result] = await results(story(step));
      expect(result?.outcome).to.equal('failed');
      expect(result?.failures.flatMap(({ differences }) => differences.map((each) => each.path))).to.include(path);
    });
  }
});

describe('scenarios', () => {
  it('may expect any part of an answer alone', async () => {
    const text = story(
      '{at: 2026-11-05, ask: generation.turbo, expect: {tier: starter}}',
      '{ask: generation.turbo, expect: {values: {turbo_mode: {included: true}}}}',
      '{consume: lora.train_free, expect: {consumed: 1}}',
      '{ask: generation.turbo, expect: {tier: pro}}',
    );
    const [result] = await results(text);
    expect(result?.failures.map(({ line }) => line)).to.deep.equal([9]);
  });

  it('do not see the members of one another', async () => {
    const text = `
ruleSet: pixai-membership
members: {anna: starter from 2026-11-01 until 2026-12-01}
scenarios:
  - {name: one, member: anna, timeline: [{at: 2026-11-05, consume: lora.train_free, times: 3}]}
  - {name: two, member: anna, timeline: [{at: 2026-11-05, consume: lora.train_free, times: 3}]}
`;
    expect((await results(text)).map(({ outcome }) => outcome)).to.deep.equal(['passed', 'passed']);
  });

  it('that need what a door cannot do are skipped, and say so', async () => {
    const { cases } = compileText(
      story('{at: 2026-11-05, store: down}', '{ask: generation.turbo, expect: allow}'),
      'a.yaml',
      book,
    );
    const core = new CoreDoor(book);
    const door = { name: 'a door', send: core.send.bind(core), explain: core.explain.bind(core) };
    const [result] = await replayCases(cases, door);
    expect(result?.outcome).to.equal('skipped');
    expect(result?.why).to.equal('the facts cannot be made unreadable through a door');
  });

  it('that cannot be read are errors in JUnit XML, a suite for each file', () => {
    const broken = story('{at: 2026-11-05, ask: generation.turbo, expekt: allow}');
    const { findings } = compileText(broken, 'broken.yaml', book);
    const xml = toJUnit([], findings);
    expect(xml).to.include('<testsuites name="perkbook" tests="1" failures="0" errors="1" skipped="0"');
    expect(xml).to.include('<testsuite name="broken.yaml" tests="1" failures="0" errors="1"');
    expect(xml).to.match(/<error message="`expekt` is not known here[^"]*">broken\.yaml:6:\d+ error unknown_property/);
  });

  it('become JUnit XML', async () => {
    const text = story('{at: 2026-11-05, ask: lora.train_free, expect: quota_used_up}').replace('a story', '"<a> & b"');
    const xml = toJUnit(await results(text));
    expect(xml).to.include('<testsuites name="perkbook" tests="1" failures="1" errors="0" skipped="0"');
    expect(xml).to.include('name="&lt;a&gt; &amp; b"');
    expect(xml).to.match(/<failure message="[^"]+">a\.yaml:6 /);
  });
});

describe('what is wrong with a scenario file', () => {
  const table = (row: string) => `
ruleSet: pixai-membership
tables:
  - name: a table
    at: 2026-11-15
    members: {nobody: stranger, anna: starter from 2026-11-01 until 2026-12-01}
    rows:
      - ${row}
`;

  for (const [what, text, findings] of [
    [
      'a mistyped action',
      story('{at: 2026-11-05, ask: lora.train_fee, expect: allow}'),
      [
        'a.yaml:6:31 error unknown_action: `pixai-membership` has no action `lora.train_fee`; did you mean `lora.train_free`?',
      ],
    ],
    [
      'a table with a cell missing',
      table('{ask: generation.turbo, expect: {nobody: not_in_plan}}'),
      ['a.yaml:8:33 error missing_property: the cell of `anna` is missing: every member needs an answer here'],
    ],
    [
      'a cell of nobody',
      table('{ask: generation.turbo, expect: {nobody: not_in_plan, anna: allow, ana: allow}}'),
      ['a.yaml:8:76 error wrong_value: `ana` is no member of this table; did you mean `anna`?'],
    ],
    [
      'a code that the action cannot give',
      story('{at: 2026-11-05, ask: generation.turbo, expect: quota_used_up}'),
      [
        'a.yaml:6:57 error wrong_value: `quota_used_up` is no answer to `generation.turbo`: there is `allow`, `membership_ended`, `not_in_plan`, `unknown_user` and `facts_unavailable`',
      ],
    ],
    [
      'a type of subject beside what only users do',
      story('{at: 2026-11-05, consume: lora.train_free, as: device}'),
      ['a.yaml:6:52 error unknown_property: `as` means nothing beside `consume`'],
    ],
    [
      'a mistyped input',
      story('{at: 2026-11-05, ask: avatar.upload, input: {formt: gif}, expect: allow}'),
      ['a.yaml:6:54 error wrong_value: `formt` is not known here; `format` is required; did you mean `format`?'],
    ],
    [
      'a value of an input that cannot be',
      story('{at: 2026-11-05, ask: avatar.upload, input: {format: gift}, expect: allow}'),
      ['a.yaml:6:62 error wrong_value: `format` must be one of `gif`, `png`, `jpeg`, `webp`; did you mean `gif`?'],
    ],
    [
      'a mistyped tier',
      story('{at: 2026-11-05, subscribe: strater for 1 month}'),
      ['a.yaml:6:37 error unknown_tier: `strater` is no tier; did you mean `starter`?'],
    ],
    [
      'a day that does not exist',
      story('{at: 2026-11-31, ask: generation.turbo, expect: allow}'),
      [
        'a.yaml:6:14 error wrong_date: `2026-11-31` is no instant: write `2026-11-05`, `2026-11-05T10:00:00Z` or `1 ms before 2026-12-01`',
      ],
    ],
    [
      'a step back in time',
      story(
        '{at: 2026-11-05, ask: generation.turbo, expect: allow}',
        '{at: 2026-11-04, ask: generation.turbo, expect: allow}',
      ),
      ['a.yaml:7:14 error wrong_date: `2026-11-04` lies before the step above: a timeline runs forwards'],
    ],
    [
      'two things in one step',
      story('{at: 2026-11-05, ask: generation.turbo, cancel: current, expect: allow}'),
      ['a.yaml:6:49 error wrong_value: `ask` and `cancel` are two things: make two steps of it'],
    ],
    [
      'an unknown statement',
      story('{at: 2026-11-05, ask: generation.turbo, expect: allow}').replace(
        '    members',
        '    proves: [R19]\n    members',
      ),
      [
        'a.yaml:4:14 error unknown_statement: `R19` is no statement of this rule set: there is `R1`, `R2`, `R3`, `R4`, `R5`, `R6`, `R7`, `R8`, `R9`, `R10` …',
      ],
    ],
    [
      'a mistyped property',
      story('{at: 2026-11-05, ask: generation.turbo, expekt: allow}'),
      ['a.yaml:6:49 error unknown_property: `expekt` is not known here; did you mean `expect`?'],
    ],
    [
      'an ask without an expectation',
      story('{at: 2026-11-05, ask: generation.turbo}'),
      ['a.yaml:6:9 error missing_property: `expect` is missing: write `allow`, or the code of the denial'],
    ],
    [
      'a term that is over when it is cancelled',
      story('{at: 2026-12-05, cancel: current}'),
      ['a.yaml:6:34 error wrong_value: `anna` has no running term at 2026-12-05T00:00:00.000Z'],
    ],
    [
      'an unknown perk in values',
      story('{at: 2026-11-05, ask: generation.turbo, expect: {decision: allow, values: {turbo: {included: true}}}}'),
      ['a.yaml:6:84 error wrong_value: `turbo` is no perk or answer of `generation.turbo`; did you mean `turbo_mode`?'],
    ],
    [
      'an unknown rule set',
      'ruleSet: pixai-memberships\nscenarios: []\n',
      [
        'a.yaml:1:10 error wrong_rule_set: `pixai-memberships` is no rule set: there is `documents` and `pixai-membership`; did you mean `pixai-membership`?',
      ],
    ],
    [
      'a scenario that asks nothing',
      story('{at: 2026-11-05, subscribe: starter for 1 month}'),
      [
        'a.yaml:5:5 error missing_property: nothing is asked in this scenario: a story without `ask`, `consume`, `perks` or `preview` proves nothing',
      ],
    ],
    [
      'a table without members',
      table('{ask: generation.turbo, expect: {}}').replace(/members: .*/, 'members: {}'),
      ['a.yaml:6:5 error missing_property: there is nobody in this table: name at least one member'],
    ],
    [
      'a list of perks that names none',
      story('{at: 2026-11-05, perks: {}}'),
      [
        'a.yaml:6:33 error missing_property: nothing is compared here: name at least one perk and what is expected of it',
      ],
    ],
    [
      'a preview of a perk of which nothing is said',
      story('{at: 2026-11-05, preview: {turbo_mode: {}}}'),
      ['a.yaml:6:48 error missing_property: nothing of `turbo_mode` is compared: say what is expected of it'],
    ],
    [
      'values that are none',
      story('{at: 2026-11-05, ask: generation.turbo, expect: {decision: allow, values: {}}}'),
      [
        'a.yaml:6:83 error missing_property: `values` is empty, and nothing is compared: name a perk and all that is said of it',
      ],
    ],
    [
      'an expectation of nothing',
      story('{at: 2026-11-05, ask: generation.turbo, expect: {}}'),
      [
        'a.yaml:6:57 error wrong_value: nothing is expected here: write `allow`, the code of a denial, or parts of the answer',
      ],
    ],
    [
      'values beside a problem',
      story(
        '{at: 2026-11-05, ask: lora.train_free, amount: 0, expect: {error: invalid_field, values: {free_lora_training: {limit: 3}}}}',
      ),
      [
        'a.yaml:6:90 error wrong_value: `values` is not compared beside `error`: a question that cannot be decided has no answer',
      ],
    ],
    [
      'a field without a problem',
      story('{at: 2026-11-05, ask: generation.turbo, expect: {decision: allow, field: /amount}}'),
      ['a.yaml:6:75 error wrong_value: `field` is what a problem names: it goes with `error`'],
    ],
    [
      'YAML that is none',
      'ruleSet: pixai-membership\n\tscenarios: []\n',
      ['a.yaml:2:1 error tab: there is a tab here; indent with spaces'],
    ],
  ] as const) {
    it(`is said of ${what}`, () => {
      expect(findingsOf(text)).to.deep.equal(findings);
    });
  }
});
