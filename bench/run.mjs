// `npm run bench [name …]`: each part in a process of its own, one table of medians at the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { formatTable } from './measure.mjs';

const PARTS = ['in-process', 'http', 'growth', 'consumes', 'impact', 'start'];
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`no part is called \`${unknown[0]}\`; there are ${PARTS.join(', ')}`);
  process.exit(2);
}

const rows = [];
let failed = false;
for (const part of chosen.length === 0 ? PARTS : chosen) {
  process.stderr.write(`${part} …\n`);
  const child = spawn(process.execPath, [fileURLToPath(new URL(`${part}.mjs`, import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  if (code === 0) rows.push(...JSON.parse(text.trim().split('\n').pop()));
  else failed = true;
}
console.log(formatTable(rows));
if (failed || rows.some(({ target }) => target !== undefined && !target.met)) process.exit(1);
