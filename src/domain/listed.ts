/** `a`, `b`, `c`: all of them, where there can be only a few. */
export function inCode(names: Iterable<string>): string {
  return [...names].map((name) => `\`${name}\``).join(', ');
}

/** `a`, `b` or `c`: names as a message lists them; at most ten. */
export function listed(names: Iterable<string>, last: 'or' | 'and' = 'or'): string {
  const all = [...names];
  if (all.length > 10) return `${inCode(all.slice(0, 10))} …`;
  const end = inCode(all.slice(-1));
  return all.length < 2 ? end : `${inCode(all.slice(0, -1))} ${last} ${end}`;
}
