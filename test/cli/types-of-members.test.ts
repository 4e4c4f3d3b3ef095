import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { run } from '../http/running.ts';
import { perkbookHere, temporaryFolder } from './run.ts';

/** A version with a tier, a perk, an action and a reason of its own, and a perk that all versions have, each as another kind. */
function versionOf(version: number, own: string, shared: string, effective: string): string {
  return `format: perkbook/1
ruleSet: club
version: ${version}
title: Club
effective: {${effective}}
tiers:
  free: {title: Nobody}
  member: {title: Member}
perks:
  perk_of_${own}:
    title: Own
    kind: switch
    tiers: members
    afterEnd: loses
    actions: {${own}.do: use}
  shared: {title: Shared, ${shared}, afterEnd: loses, actions: {shared.do: use}}
actions:
  ${own}.do: {title: Do}
  shared.do: {title: Share, input: {since${version}: {type: number}, size: {type: number}}}
rules:
  ${own}.do:
    checks: [{unless: is_member, deny: no_${own}, says: Not this time.}]
conditions:
  is_member: {all: [{fact: member, path: $.tier, operator: equal, value: member}]}
`;
}

const SWITCH = 'kind: switch, tiers: members';
const LIMIT = 'kind: limit, of: input.size, tiers: {free: 0, member: 5}';

describe('perkbook types, where an older version still judges who was a member before', () => {
  const rules = join(temporaryFolder(), 'rules');
  const env = { PERKBOOK_RULES: rules };
  let text: string;

  before(async () => {
    const versions = [
      versionOf(1, 'ancient', SWITCH, 'from: 2026-01-01T00:00:00Z'),
      // For everybody: nobody is judged by version 1 any more.
      versionOf(2, 'older', SWITCH, 'from: 2026-02-01T00:00:00Z'),
      versionOf(3, 'newer', LIMIT, 'from: 2026-03-01T00:00:00Z, existingMembers: nextTerm'),
      versionOf(4, 'future', LIMIT, 'from: 2126-01-01T00:00:00Z'),
    ];
    mkdirSync(join(rules, 'club'), { recursive: true });
    for (const [i, yaml] of versions.entries()) writeFileSync(join(rules, 'club', `v${i + 1}.yaml`), yaml);
    expect((await perkbookHere(['lock'], { env })).code).to.equal(0);
    const { code, out, err } = await perkbookHere(['types', 'club'], { env });
    expect(code, err).to.equal(0);
    text = out;
  });

  it('its reasons, perks and actions are there, too', () => {
    for (const word of ['older', 'newer']) {
      expect(text).to.include(`readonly no_${word}: true;`).and.include(`readonly perk_of_${word}: {`);
      expect(text).to.include(`readonly '${word}.do': {`);
    }
    expect(text).to.not.match(/ancient|future/);
    expect(text.match(/^\/\/ club, version \d/gm)).to.deep.equal(['// club, version 3', '// club, version 2']);
  });

  it('a perk that it has as another kind has the values of either, and an action is asked as the newer one says', () => {
    expect(text).to.include("readonly shared: { readonly kind: 'limit' } | { readonly kind: 'switch' };");
    expect(text).to.include('readonly since3: number;').and.not.include('since2');
  });

  it('the same from a running server', async () => {
    const server = await run({ rules });
    try {
      expect(await perkbookHere(['types', 'club', '--url', server.address])).to.deep.include({ code: 0, out: text });
    } finally {
      await server.close();
    }
  });

  it('but a version that was asked for is alone', async () => {
    const { out } = await perkbookHere(['types', 'club', '--version', '3'], { env });
    expect(out).to.include('newer').and.not.include('older');
  });
});
