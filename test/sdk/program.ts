import { type SpawnSyncReturns, spawnSync } from 'node:child_process';

/** Runs a program that uses the client, in a process of its own. `before`: what runs before the client is loaded. */
export function program(body: string, before = ''): SpawnSyncReturns<string> {
  const module = new URL('../../src/sdk/client.js', import.meta.url).href;
  const source = `${before}\nconst { Perkbook } = await import('${module}');\n${body}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8', timeout: 20_000 });
}
