import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { nextVersion } from '../../../src/rules/edit/next-version.ts';

const V1 = readFileSync(new URL('../../../../rules/pixai-membership/v1.yaml', import.meta.url), 'utf8');
const FROM = '2026-12-01T00:00:00Z';

function changedLines(before: string, after: string): readonly string[] {
  const old = new Set(before.split('\n'));
  return after.split('\n').filter((line) => !old.has(line));
}

describe('the next version of a file', () => {
  it('has another number and start, and is the same but for them', () => {
    expect(changedLines(V1, nextVersion(V1, { version: 2, from: FROM }))).to.deep.equal([
      'version: 2',
      '  from: 2026-12-01T00:00:00Z',
    ]);
  });

  it('has the policy that is asked for, wherever the old one stands or does not', () => {
    const next = { version: 2, from: FROM, existingMembers: 'neverWorse' } as const;
    const policyLine = (text: string) => changedLines(text, nextVersion(text, next)).slice(1);
    expect(policyLine(V1)[1]).to.match(/^ {2}existingMembers: neverWorse +# now \| nextTerm/);
    const without = V1.replace(/ {2}existingMembers: now.*\n/, '');
    expect(policyLine(without)).to.deep.equal(['  from: 2026-12-01T00:00:00Z', '  existingMembers: neverWorse']);
    const flow = without.replace('effective:\n  from: 2026-01-01T00:00:00Z', 'effective: {from: 2026-01-01T00:00:00Z}');
    expect(policyLine(flow)).to.deep.equal(['effective: {from: 2026-12-01T00:00:00Z, existingMembers: neverWorse}']);
  });

  it('is refused for a file with errors', () => {
    expect(() => nextVersion('version: 1\n', { version: 2, from: FROM })).to.throw('line 1');
  });
});
