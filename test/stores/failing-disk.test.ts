import { expect } from 'chai';
import { FailingDisk } from '../../src/stores/embedded/failing-disk.ts';

describe('a disk that takes nothing', () => {
  let room: number;
  let now: number;
  let disk: FailingDisk;
  const full = () => Object.assign(new Error('No space left on device: Attempting to write page'), { code: 28 });
  const isHopeless = () => {
    try {
      disk.requireHope();
      return false;
    } catch (error) {
      expect((error as Error).name).to.equal('StoreUnreachable');
      return true;
    }
  };

  beforeEach(() => {
    room = 5_000;
    now = 0;
    disk = new FailingDisk('data', { room: () => room, elapsed: () => now });
  });

  it('is left alone for a while, and then tried again', () => {
    expect(isHopeless()).to.equal(false);
    expect(disk.failed(full())?.message).to.equal(
      'the data folder `data` could not be written: No space left on device; is there room on its disk?',
    );
    expect(isHopeless()).to.equal(true);
    now = 9_999;
    expect(isHopeless()).to.equal(true);
    now = 10_000;
    expect(isHopeless()).to.equal(false);
    disk.failed(full());
    expect(isHopeless(), 'it is as full as before').to.equal(true);
  });

  it('is tried after a second where there is more room', () => {
    disk.failed(full());
    room += 1_048_576;
    now = 999;
    expect(isHopeless()).to.equal(true);
    room -= 1;
    now = 1_000;
    expect(isHopeless()).to.equal(true);
    room += 1;
    expect(isHopeless()).to.equal(false);
  });

  it('is in doubt until something was written', () => {
    disk.failed(full());
    now = 10_000;
    disk.requireHope();
    expect(disk.isInDoubt).to.equal(true);
    disk.succeeded();
    expect(disk.isInDoubt).to.equal(false);
  });

  it('is not what is meant by other reasons', () => {
    for (const cause of [new Error('x'), Object.assign(new Error('x'), { code: -30_792 }), 'x', undefined])
      expect(disk.failed(cause)).to.equal(undefined);
    expect(isHopeless()).to.equal(false);
  });
});
