import { expect } from 'chai';
import type { ApiDecision } from '../../src/generated/answers/decisions/decision.ts';
import { thisMoment } from '../../src/sdk/asking/moment.ts';
import { Remembered } from '../../src/sdk/asking/remembered.ts';
import { type AllowedFields, allowed, answering, catchRequests, client, LATER, pause, TURBO } from './answering.ts';

const OF_MANY = { maxAge: 60_000, maxRemembered: 10_000 };
/** As many characters as a question that a service sends with everything it knows. */
const LARGE = 100_000;

function keeping(remembered: Remembered) {
  return (name: string, size: number, fields?: AllowedFields) => {
    const answer = allowed({ user: name.slice(0, 1), action: 'x' }, fields) as ApiDecision;
    remembered.keep(name.padEnd(size, '.'), answer, thisMoment());
    return remembered.get(name.padEnd(size, '.'));
  };
}

describe('the size of what the client remembers', () => {
  it('has a bound beside their number: large ones are fewer, and the least recently asked for go', () => {
    const remembered = new Remembered(OF_MANY);
    const keep = keeping(remembered);
    keep('first', LARGE);
    for (let i = 0; i < 1_000; i++) expect(keep(`a-${i}`, LARGE)).to.not.equal(undefined);
    expect(remembered.count).to.be.within(150, 160);
    expect(remembered.get('first'.padEnd(LARGE, '.'))).to.equal(undefined);
  });

  it('is that of usual ones for as many as there may be', () => {
    const remembered = new Remembered(OF_MANY);
    const keep = keeping(remembered);
    for (let i = 0; i < 12_000; i++) keep(`${i}`, 500);
    expect(remembered.count).to.equal(10_000);
  });

  it('counts what is there, and no longer what is not', async () => {
    const remembered = new Remembered(OF_MANY);
    const keep = keeping(remembered);
    const fill = () => {
      for (let i = 0; i < 100; i++) keep(`a-${i}`, LARGE);
      expect(remembered.count).to.equal(100);
    };
    for (let round = 0; round < 4; round++) fill();
    for (const user of ['a', undefined]) {
      remembered.drop(user);
      expect(remembered.count).to.equal(0);
      fill();
    }
    remembered.drop();
    for (let i = 0; i < 100; i++) keep(`a-${i}`, LARGE, { validUntil: LATER(200) });
    await pause(210);
    for (let i = 0; i < 100; i++) remembered.get(`a-${i}`.padEnd(LARGE, '.'));
    expect(remembered.count).to.equal(0);
    for (let i = 0; i < 150; i++) keep(`b-${i}`, LARGE);
    expect(remembered.count).to.equal(150);
  });

  it('counts the answers, too', () => {
    const remembered = new Remembered(OF_MANY);
    const answer = { ...allowed(TURBO), values: { p: { echo: 'x'.repeat(LARGE) } } } as unknown as ApiDecision;
    for (let i = 0; i < 1_000; i++) remembered.keep(`${i}`, answer, thisMoment());
    expect(remembered.count).to.be.within(150, 160);
  });

  it('one that is larger than all may be drives none of the others out', () => {
    const remembered = new Remembered({ ...OF_MANY, maxRemembered: 10 });
    const keep = keeping(remembered);
    expect(keep('small', 10)).to.not.equal(undefined);
    expect(keep('large', LARGE)).to.equal(undefined);
    expect(remembered.count).to.equal(1);
  });
});

describe('what is too large to be remembered', () => {
  catchRequests();

  it('is asked again', async () => {
    const sent = answering(() => ({}));
    const perkbook = client({ maxRemembered: 10 });
    const large = { ...TURBO, context: { text: 'x'.repeat(20_000) } };
    await perkbook.may(TURBO);
    for (const question of [large, large, TURBO]) await perkbook.may(question);
    expect(sent).to.have.lengthOf(3);
  });
});
