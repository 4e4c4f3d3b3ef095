import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Got, request, STARTER_TERM } from './running.ts';

export interface Answer {
  readonly kind: 'decision' | 'consume';
  readonly startedAt: number;
  readonly ms: number;
  readonly status: number;
  readonly degraded: boolean;
}

/** Callers of all kinds at once, who keep count of what they were promised. */
export interface Load {
  begin(): void;
  /** Resolves when every key that was sent has been confirmed, with all answers so far. */
  end(): Promise<readonly Answer[]>;
  ask(): Promise<Got>;
  consume(): Promise<Got>;
  /** How many consumes were confirmed, and how many are in the store. */
  readonly confirmed: number;
  recorded(): Promise<number>;
}

const LANES = 32;
const CONSUMERS = 16;
const PLENTY = 1_000_000;

/** Half of the connections ask, half of them consume, each for a member of its own that others ask about too. */
export async function underLoad(address: string): Promise<Load> {
  const users = Array.from({ length: CONSUMERS }, (_, i) => `u-${i}`);
  const member = { terms: [STARTER_TERM], extras: [{ perk: 'free_lora_training', amount: PLENTY }] };
  for (const user of users) {
    const { status } = await request(`${address}/v1/members/${user}`, 'PUT', member);
    expect(status).to.equal(201);
  }
  const confirmed = new Set<string>();
  let answers: Answer[] = [];
  let running = false;
  let lanes: Promise<void>[] = [];
  let keys = 0;

  async function send(kind: Answer['kind'], path: string, body: object): Promise<Got> {
    const startedAt = performance.now();
    const got = await request(address + path, 'POST', body);
    const ms = performance.now() - startedAt;
    answers.push({ kind, startedAt, ms, status: got.status, degraded: got.json.degraded === true });
    return got;
  }
  const ask = (user = 'u-0') => send('decision', '/v1/decisions', { user, action: 'lora.train_free' });
  const consumeWith = (user: string, idempotencyKey: string) =>
    send('consume', `/v1/members/${user}/consume`, { action: 'lora.train_free', idempotencyKey });

  /** Until it is known to be done, as a careful caller does: with the same key. */
  async function consumeOnce(user: string): Promise<void> {
    const key = `job-${++keys}`;
    for (;;) {
      const { status, json } = await consumeWith(user, key);
      if (status === 200) {
        expect(json).to.include({ decision: 'allow', consumed: 1 });
        confirmed.add(key);
        return;
      }
      await sleep(10);
    }
  }

  async function lane(index: number): Promise<void> {
    const user = `u-${index % CONSUMERS}`;
    while (running) {
      if (index < CONSUMERS) await consumeOnce(user);
      else await ask(index % 5 === 0 ? `stranger-${index}-${answers.length}` : user);
      await sleep(5);
    }
  }

  return {
    ask,
    consume: async () => {
      const key = `job-${++keys}`;
      const got = await consumeWith('u-1', key);
      if (got.status === 200) confirmed.add(key);
      // Whether it was done is not known: asked again until it is.
      else lanes.push(untilDone('u-1', key));
      return got;
    },
    begin() {
      answers = [];
      running = true;
      lanes = Array.from({ length: LANES }, (_, index) => lane(index));
    },
    async end() {
      running = false;
      await Promise.all(lanes);
      return answers;
    },
    get confirmed() {
      return confirmed.size;
    },
    async recorded() {
      const members = await Promise.all(users.map((user) => request(`${address}/v1/members/${user}`, 'GET')));
      const entries = members.flatMap(
        ({ json }) => (json.usage.free_lora_training ?? []) as readonly { readonly amount: number }[],
      );
      return entries.reduce((sum, { amount }) => sum + amount, 0);
    },
  };

  async function untilDone(user: string, key: string): Promise<void> {
    for (;;) {
      await sleep(10);
      if ((await consumeWith(user, key)).status === 200) {
        confirmed.add(key);
        return;
      }
    }
  }
}
