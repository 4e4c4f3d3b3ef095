// What every measurement here has in common: rounds that take turns, and medians. A shared machine drifts; the ratio of
// two things measured in turn does not.

/** The middle of the numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Microseconds a call, of the calls made for about `ms`. */
export function timeCalls(call, ms = 120) {
  let calls = 0;
  const start = performance.now();
  let spent = 0;
  do {
    for (let i = 0; i < 200; i++) call(calls++);
    spent = performance.now() - start;
  } while (spent < ms);
  return (spent * 1000) / calls;
}

/** The same for a call that answers with a promise. */
export async function timeAsyncCalls(call, ms = 250) {
  let calls = 0;
  const start = performance.now();
  let spent = 0;
  do {
    for (let i = 0; i < 20; i++) await call(calls++);
    spent = performance.now() - start;
  } while (spent < ms);
  return (spent * 1000) / calls;
}

/** Runs every contender in turn, `rounds` times after one that does not count; the median of each by name. */
export async function inTurns(contenders, rounds) {
  const measured = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const value = await run();
      if (round > 0) measured[name].push(value);
    }
  }
  return Object.fromEntries(Object.entries(measured).map(([name, values]) => [name, median(values)]));
}

/** One row of the table: what, the median, its unit, and the ratio to a peer with what is asked of it. */
export function row(what, value, unit, ratio, peer, target) {
  return { what, value, unit, ratio, peer, target };
}

export function formatTable(rows) {
  const cells = rows.map(({ what, value, unit, ratio, peer, target }) => [
    what,
    `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)} ${unit}`,
    ratio === undefined ? '' : `${ratio.toFixed(2)} × ${peer}`,
    target === undefined ? '' : `${target.text}: ${target.met ? 'met' : 'NOT MET'}`,
  ]);
  const head = ['measured', 'median', 'ratio', 'target'];
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((each) => each[column].length)));
  const line = (each) => `| ${each.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...cells.map(line)].join('\n');
}

export function atLeast(ratio, wanted) {
  return { text: `at least ${wanted}`, met: ratio >= wanted };
}
