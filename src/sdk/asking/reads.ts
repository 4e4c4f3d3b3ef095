import type { Settings } from '../settings.ts';
import { Crowd } from '../transport/crowd.ts';
import { send } from '../transport/send.ts';
import { freeze } from './answer-in.ts';

/** What is read of a member, under way. Whoever waits for it does so as one of its crowd. */
interface Read {
  readonly user: string;
  readonly answer: Promise<object>;
  readonly crowd: Crowd;
}

/** Reads of members: the same one under way is shared, and none is remembered. */
export class Reads {
  readonly #settings: Settings;
  /** By path. */
  readonly #underWay = new Map<string, Read>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** How many are under way. */
  get size(): number {
    return this.#underWay.size;
  }

  of(user: string, path: string): Read {
    const shared = this.#underWay.get(path);
    return shared === undefined || shared.crowd.isGone ? this.#begin(user, path) : shared;
  }

  /** What is under way about a user, or about everybody, may be from before a change: it is not shared any more. */
  forget(user?: string): void {
    for (const [path, read] of this.#underWay) {
      if (user === undefined || read.user === user) this.#underWay.delete(path);
    }
  }

  #begin(user: string, path: string): Read {
    const crowd = new Crowd();
    const answer = send({ method: 'GET', path }, crowd, this.#settings)
      .then(freeze)
      .finally(() => {
        if (this.#underWay.get(path) === read) this.#underWay.delete(path);
      });
    const read = { user, answer, crowd };
    this.#underWay.set(path, read);
    return read;
  }
}
