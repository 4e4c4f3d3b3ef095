// A process that works on a store beside others. Arguments: the target and the task, as JSON. Writes one line each time
// something was acknowledged.
import { writeSync } from 'node:fs';
import type { MemberStore } from '../../src/use-cases/ports.ts';
import { put, takeOne, takeWithKey } from './changes.ts';
import { openTarget, type Target } from './target.ts';

export type Task =
  /** Takes one of what is left, this many times at once; a line `took` for each success. */
  | { readonly kind: 'take'; readonly id: string; readonly times: number }
  /** The same consume with the same key, this many times at once; a line `taken` or `replayed` for each. */
  | { readonly kind: 'take-with-key'; readonly id: string; readonly key: string; readonly times: number }
  /** Begins a write and never ends it. */
  | { readonly kind: 'hold' }
  /** Has the store open and does nothing. */
  | { readonly kind: 'idle' }
  /** Writes the members `a` and `z` in turn, one revision each, until it is killed. */
  | { readonly kind: 'alternate' }
  /** Writes new members until it is killed; a line with the id of each. */
  | { readonly kind: 'write-forever'; readonly prefix: string };

const [target, task] = process.argv.slice(2).map((text) => JSON.parse(text)) as [Target, Task];
const store = await openTarget(target);
report('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
await run(store);
await store.close();
process.exit(0);

async function run(members: MemberStore): Promise<void> {
  switch (task.kind) {
    case 'take':
      await atOnce(task.times, async () => {
        if ((await members.update(task.id, takeOne)).result) report('took');
      });
      return;
    case 'take-with-key':
      await atOnce(task.times, async () => {
        const change = takeWithKey(task.id, task.key, '2026-11-22');
        report((await members.update(task.id, change, { key: task.key })).result);
      });
      return;
    case 'hold':
      await members.update('held', () => {
        report('holding');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        return { result: 0 };
      });
      return;
    case 'idle':
      await new Promise(() => process.stdin.resume());
      return;
    case 'alternate':
      for (;;) {
        await members.update('a', put('a'));
        await members.update('z', put('z'));
        report('both');
      }
    case 'write-forever':
      await atOnce(8, async (lane) => {
        for (let n = 0; ; n += 1) {
          const id = `${task.prefix}-${lane}-${n}`;
          await members.update(id, put(id, { holdings: { n } }));
          report(id);
        }
      });
  }
}

async function atOnce(times: number, work: (lane: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: times }, (_, lane) => work(lane)));
}

/** At once and whole, so that nothing reported is lost when the process is killed. */
function report(line: string): void {
  writeSync(1, `${line}\n`);
}
