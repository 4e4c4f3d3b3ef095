import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { perkbook, perkbookHere, temporaryFolder } from './run.ts';

const SCENARIOS = `ruleSet: pixai-membership
title: LoRAs
scenarios:
  - name: Five are allowed
    proves: [R7]
    members: {anna: {}}
    timeline:
      - {at: 2026-11-01T00:00:00Z, subscribe: starter for 1 months}
      - {ask: generation.create, input: {loras: 5, width: 1, height: 1}, expect: allow}
  - name: Six are allowed
    members: {anna: {}}
    timeline:
      - {at: 2026-11-01T00:00:00Z, subscribe: starter for 1 months}
      - {ask: generation.create, input: {loras: 6, width: 1, height: 1}, expect: allow}
`;

describe('perkbook test', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'loras.yaml');
  const junit = join(folder, 'results.xml');
  writeFileSync(file, SCENARIOS);

  it('shows a failure with what was expected, what was answered and why, and exits with 1', async () => {
    const { code, out, err } = await perkbook(['test', file, '--junit', junit]);
    expect(err).to.equal('');
    expect(out).to.include('  ✓ Five are allowed\n  ✗ Six are allowed\n');
    expect(out).to.match(/decision +allow +deny\n/);
    expect(out).to.include('6 <= 5 does not hold (Starter)');
    expect(out).to.match(/1 passed, 1 failed, 0 skipped; 2 answers compared\n$/);
    expect(code).to.equal(1);
    expect(readFileSync(junit, 'utf8')).to.match(
      /^<\?xml.*\n<testsuites name="perkbook" tests="2" failures="1" errors="0"/,
    );
  });

  it('replays only what the filter finds: a statement, or a text in names', async () => {
    const statement = await perkbookHere(['test', file, '--filter', 'R7', '--json']);
    expect(statement.code).to.equal(0);
    const { results } = JSON.parse(statement.out);
    expect(results.map((each: { case: { name: string } }) => each.case.name)).to.deep.equal(['Five are allowed']);
    expect((await perkbookHere(['test', file, '--filter', 'SIX'])).code).to.equal(1);
    expect((await perkbookHere(['test', file, '--filter', 'seven'])).code).to.equal(2);
  });

  it('shows what is wrong with a scenario file, and replays the others', async () => {
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, SCENARIOS.replace('ask: generation.create', 'ask: generation.crate'));
    const { code, out, err } = await perkbookHere(['test', file, broken, '--filter', 'Five']);
    expect(err).to.match(/broken\.yaml:\d+:\d+ error .*`generation\.crate`.*did you mean `generation\.create`\?/);
    expect(out).to.include('1 passed, 0 failed');
    expect(code).to.equal(1);
    expect((await perkbookHere(['test', join(folder, 'nope')])).err).to.include('there is no scenario file');
  });

  it('has the files that cannot be read in the JUnit file as errors, also when nothing was replayed', async () => {
    const broken = join(folder, 'unreadable.yaml');
    writeFileSync(broken, SCENARIOS.replaceAll('expect:', 'expekt:'));
    expect((await perkbookHere(['test', broken, '--junit', junit])).code).to.equal(1);
    expect(readFileSync(junit, 'utf8'))
      .to.match(/^<\?xml.*\n<testsuites name="perkbook" tests="1" failures="0" errors="1"/)
      .and.match(/unreadable\.yaml:\d+:\d+ error unknown_property/);
  });

  it('measures every rule set, also one that no scenario is about, unless one is named', async () => {
    const all = await perkbookHere(['test', 'fixtures/pixai-membership', '--min-coverage', '100']);
    expect(all.out).to.match(
      /\ncoverage of documents v2: 0 % \(0 of \d+\), needs 100 %\n {2}no scenario is about this rule set\n/,
    );
    expect(all.code).to.equal(1);
    const words = ['test', 'fixtures', '--coverage', '--json'];
    const one = await perkbookHere([...words, '--rule-set', 'documents']);
    const { coverage, results } = JSON.parse(one.out);
    expect(coverage.map((each: { ruleSet: string }) => each.ruleSet)).to.deep.equal(['documents']);
    expect(new Set(results.map((each: { case: { ruleSet: string } }) => each.case.ruleSet))).to.deep.equal(
      new Set(['documents']),
    );
    expect((await perkbookHere([...words, '--rule-set', 'document'])).err).to.include('did you mean `documents`?');
  });

  it('says what of the rules no scenario has reached', async () => {
    const { code, out } = await perkbookHere(['test', file, '--filter', 'R7', '--min-coverage', '90']);
    expect(out).to.match(/\ncoverage of pixai-membership v1: \d[\d.]* % \(\d+ of \d+\), needs 90 %\n {2}\S/);
    expect(out)
      .to.include('  action generation.turbo: never asked\n')
      .and.not.include('action generation.create: never asked');
    expect(code).to.equal(1);
    const low = await perkbookHere(['test', file, '--filter', 'R7', '--coverage', '--json']);
    expect(low.code).to.equal(0);
    expect(JSON.parse(low.out).coverage[0]).to.include({ ruleSet: 'pixai-membership', version: 1 });
    expect((await perkbookHere(['test', file, '--min-coverage', 'all'])).code).to.equal(2);
    expect((await perkbookHere(['test', file, '--coverage', '--url', 'http://127.0.0.1:9'])).code).to.equal(2);
  });

  it('says when a server cannot be asked', async () => {
    const { code, err } = await perkbookHere(['test', file, '--url', 'http://127.0.0.1:9']);
    expect(code).to.equal(70);
    expect(err).to.match(/^perkbook: the scenarios could not be replayed through http:\/\/127\.0\.0\.1:9: [^\n]+\n$/);
    expect((await perkbookHere(['test', file, '--url', 'localhost'])).code).to.equal(2);
  });
});
