import { expect } from 'chai';
import { MemberQueue } from '../../src/stores/mongo/member-queue.ts';
import { failureOf } from '../support/expecting.ts';

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

describe('the queue of a member', () => {
  it('lets one after the other work, in the order in which they came', async () => {
    const queue = new MemberQueue();
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await pause();
      order.push(`${name} ends`);
      return name;
    };
    const names = ['a', 'b', 'c'];
    expect(await Promise.all(names.map((name) => queue.run('u', work(name))))).to.deep.equal(names);
    expect(order).to.deep.equal(names.flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('lets different members work at the same time', async () => {
    const queue = new MemberQueue();
    let atWork = 0;
    let most = 0;
    const work = async () => {
      atWork += 1;
      most = Math.max(most, atWork);
      await pause();
      atWork -= 1;
    };
    await Promise.all(['u', 'v', 'w'].map((id) => queue.run(id, work)));
    expect(most).to.equal(3);
  });

  it('gives a failure to its own caller only, and goes on', async () => {
    const queue = new MemberQueue();
    const failing = queue.run('u', async () => {
      throw new Error('no');
    });
    const next = queue.run('u', async () => 'yes');
    expect((await failureOf(failing)).message).to.equal('no');
    expect(await next).to.equal('yes');
  });

  it('remembers nobody who has no work left', async () => {
    const queue = new MemberQueue();
    const runs = Array.from({ length: 1000 }, (_, n) => queue.run(`u-${n % 300}`, async () => n));
    expect(queue.size).to.equal(300);
    await Promise.all(runs);
    await pause();
    expect(queue.size).to.equal(0);
  });
});
