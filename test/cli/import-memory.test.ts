import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { expect } from 'chai';
import { perkbook } from './run.ts';

const MIB = 1_048_576;
/** Has a program say at its end how much memory it has held at most. */
const SAYING_MEMORY = `--import=data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write('held ' + Math.round(process.resourceUsage().maxRSS / 1024) + ' MiB\\n'));",
)}`;

/** What `import --check` holds at most, in MiB, where so many pieces come over stdin and are so many members. */
async function heldFor(pieces: number, members: number, pieceOf: (n: number) => string): Promise<number> {
  const { err, out } = await perkbook(['import', '-', '--check', '--json'], {
    env: { NODE_OPTIONS: SAYING_MEMORY },
    onSpawn: ({ stdin }) => {
      if (stdin !== null) void feed(stdin, pieces, pieceOf);
    },
  });
  expect(JSON.parse(out), err).to.include({ members });
  const [, held] = /^held (\d+) MiB$/m.exec(err) ?? [];
  if (held === undefined) throw new Error(`it did not say: ${err}`);
  return Number(held);
}

async function feed(stdin: Writable, pieces: number, pieceOf: (n: number) => string): Promise<void> {
  for (let n = 0; n < pieces; n++) if (!stdin.write(pieceOf(n))) await once(stdin, 'drain');
  stdin.end();
}

describe('an import', function () {
  this.timeout(120_000);

  it('holds no more of a large input than of a small one', async () => {
    const spaces = ' '.repeat(40_000);
    const lineOf = (n: number) => `${JSON.stringify({ id: `u-${n}` })}${spaces}\n`;
    const small = await heldFor(500, 500, lineOf);
    const large = await heldFor(6_000, 6_000, lineOf);
    expect(large).to.be.below(small + 100);
  });

  it('holds no line that never ends', async () => {
    const piece = 'x'.repeat(MIB);
    const small = await heldFor(1, 0, () => piece);
    const large = await heldFor(400, 0, () => piece);
    expect(large).to.be.below(small + 200);
  });
});
