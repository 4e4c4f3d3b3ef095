import { expect } from 'chai';
import { randomMembers } from '../../src/cli/files/random-members.ts';
import type { Frame } from '../../src/rules/compile/frame.ts';
import type { RuleSet } from '../../src/rules/rule-set.ts';
import { compareWithEngine } from '../../src/use-cases/decisions/referee.ts';
import { sampleQuestions } from '../../src/use-cases/decisions/sample-questions.ts';
import { PRESENT } from '../support/arbitrary-member.ts';
import { documents, membership } from '../support/rule-sets.ts';
import { perkbook, perkbookHere, type Ran } from './run.ts';

const [version] = membership.versions;
if (version === undefined) throw new Error('the rule set has no version');
const asked = sampleQuestions(membership)('u');

/** The membership with one closure that is not what its condition says. */
function withBug(action: string, gate: string): RuleSet {
  const found = version?.actions.get(action);
  if (version === undefined || found === undefined) throw new Error(`there is no action ${action}`);
  const parts = found.parts.map((part) => ({
    ...part,
    gates: part.gates.map((each) => (each.name === gate ? { ...each, holds: () => true } : each)),
  }));
  const actions = new Map([...version.actions, [action, { ...found, parts }] as const]);
  return { ...membership, versions: [{ ...version, actions }] };
}

describe('perkbook referee', () => {
  it('finds no difference on generated members, and says how much it looked at', async () => {
    const words = ['referee', '--random', '2', '--seed', '7', '--at', '2026-11-22T10:00:00Z', '--json'];
    const first = await perkbook(words);
    expect(first).to.include({ code: 0, err: '' });
    const { questions, ...rest } = JSON.parse(first.out);
    expect(rest).to.deep.equal({ members: 2, different: 0, shown: [], stopped: false });
    expect(questions).to.be.greaterThan(400);
    const { out } = await perkbookHere(['referee', '--random', '1', '--seed', '7']);
    expect(out).to.match(/^1 members, \d+ questions, 0 differences\n$/);
  });

  it('stops with Ctrl-C and reports on what is done', async () => {
    const words = ['referee', '--random', '100000'];
    let ran = await interrupted(words, 1000);
    // On a busy machine the program may not have begun yet.
    for (let wait = 3000; ran.code === null && wait < 30_000; wait *= 3) ran = await interrupted(words, wait);
    expect(ran.out).to.match(/^\d+ members, \d+ questions, 0 differences \(stopped before the end\)\n$/);
    expect(ran.code).to.equal(130);
  });

  it('wants to know whose members', async () => {
    expect((await perkbookHere(['referee', '--random', '0'])).err).to.include('must be a whole number of at least 1');
    expect((await perkbookHere(['referee', '--random', '1', '--store', 'x'])).err).to.include('exclude each other');
    expect((await perkbookHere(['referee', '--random', '1', '--at', '2026-11-23'])).err).to.include(
      '`--at 2026-11-23` is no instant; write it like `2026-11-22T10:00:00Z`; did you mean `2026-11-23T00:00:00Z`?',
    );
  });
});

describe('comparing with json-rules-engine', () => {
  it('sees a gate that is compiled wrong, at its limit', async () => {
    const ruleSet = withBug('generation.create', 'loras_per_generation.limit_exceeded');
    const ask = (loras: number) => {
      const question = asked.find(({ action, input }) => action === 'generation.create' && input.loras === loras);
      if (question === undefined) throw new Error(`nobody asks for ${loras} LoRAs`);
      return compareWithEngine({ ruleSet, member: undefined, question, now: PRESENT });
    };
    expect(await ask(3)).to.equal(undefined);
    expect(await ask(4)).to.include({
      user: 'u',
      where: 'loras_per_generation.limit_exceeded',
      engine: 'does not hold',
      compiled: 'holds',
    });
  });

  it('sees a gate that decide leaves out', async () => {
    const found = version.actions.get('lora.train_free');
    if (found === undefined) throw new Error('no such action');
    let asks = 0;
    // Right when it is asked by itself, wrong when it decides.
    const parts = found.parts.map((part) => ({
      ...part,
      gates: part.gates.map((gate) => ({ ...gate, holds: (frame: Frame) => asks++ >= 3 || gate.holds(frame) })),
    }));
    const actions = new Map([...version.actions, ['lora.train_free', { ...found, parts }] as const]);
    const ruleSet = { ...membership, versions: [{ ...version, actions }] };
    const question = asked.find(({ action }) => action === 'lora.train_free');
    if (question === undefined) throw new Error('nobody asks');
    const difference = await compareWithEngine({ ruleSet, member: undefined, question, now: PRESENT });
    expect(difference).to.include({
      where: 'decision',
      engine: 'deny not_in_plan free_lora_training',
      compiled: 'allow',
    });
  });

  it('asks at, below and above every limit, every value of an enum, every key of a table and one that is in none', () => {
    const values = (action: string, input: string) =>
      [...new Set(asked.filter((each) => each.action === action).map((each) => each.input[input]))].sort();
    expect(new Set(asked.map(({ action }) => action))).to.have.property('size', version.actions.size);
    expect(values('generation.create', 'loras')).to.have.members([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(values('generation.create', 'width')).to.have.members([1, 1279, 1280, 1281]);
    expect(values('credits.topup.bonus', 'packUsd')).to.have.members([5, 10, 30, -1, 1]);
    expect(values('avatar.upload', 'format')).to.have.members(['gif', 'png', 'jpeg', 'webp']);
    const owners = sampleQuestions(documents)('u-9').map(({ resource }) => resource?.properties.owner);
    expect(owners).to.include('u-9').and.include('somebody-else').and.include(undefined);
  });

  it('generates the same members from the same seed', () => {
    const members = (seed: number) => [...randomMembers(version, seed, 20, PRESENT)];
    expect(members(1)).to.deep.equal(members(1));
    expect(members(1).map(({ terms }) => terms)).to.not.deep.equal(members(2).map(({ terms }) => terms));
    expect(members(1).some(({ terms }) => terms.length > 1)).to.equal(true);
  });
});

function interrupted(words: readonly string[], afterMs: number): Promise<Ran> {
  return perkbook(words, { onSpawn: (child) => void setTimeout(() => child.kill('SIGINT'), afterMs) });
}
