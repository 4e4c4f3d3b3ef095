import { expect } from 'chai';
import { parse } from 'yaml';
import { rolledBack } from '../../src/rules/edit/rolled-back.ts';
import { checkRuleFile } from '../../src/rules/load/check-rule-file.ts';
import { membership } from './publishing.ts';

const AT = Date.parse('2026-12-01T00:00:00Z');

function versionOf(yaml: string) {
  const { version, findings } = checkRuleFile(yaml, { file: 'v.yaml' });
  if (version === undefined) throw new Error(JSON.stringify(findings));
  return version;
}

describe('rolling back', () => {
  it('changes the number, the start and whom it is for, and not a character besides', () => {
    const old = membership(2, 4)
      .replace('existingMembers: now ', 'existingMembers: "nextTerm" ')
      .replace('    kind: quota\n', '    kind: quota\n    existingMembers: neverWorse   # for ever\n');
    const lines = old.split('\n');
    const changed = rolledBack(versionOf(old), 5, AT).split('\n');
    expect(changed).to.have.length(lines.length);
    const differing = changed.filter((line, i) => line !== lines[i]).map((line) => line.trim());
    expect(differing).to.have.length(4);
    expect(differing.slice(0, 2)).to.deep.equal(['version: 5', 'from: 2026-12-01T00:00:00.000Z']);
    expect(differing[2]).to.match(/^existingMembers: now +# now \| nextTerm/);
    expect(differing[3]).to.equal('existingMembers: now   # for ever');
  });

  it('keeps line ends and a mark at the beginning, and follows aliases', () => {
    const old = `\uFEFF${membership(2, 4)
      .replace('existingMembers: now ', 'existingMembers: &whom whileSubscribed ')
      .replace('    kind: quota\n', '    kind: quota\n    existingMembers: *whom\n')
      .replaceAll('\n', '\r\n')}`;
    const text = rolledBack(versionOf(old), 5, AT);
    expect(text.startsWith('\uFEFF')).to.equal(true);
    expect(text.split('\r\n')).to.have.length(old.split('\r\n').length);
    const data = parse(text.slice(1));
    expect(data.effective).to.deep.equal({ from: '2026-12-01T00:00:00.000Z', existingMembers: 'now' });
    expect(data.perks.free_lora_training.existingMembers).to.equal('now');
    expect(versionOf(text).existingMembers).to.equal('now');
  });
});
