// Makes src/generated/<name>.ts of every schemas/<name>.schema.json: the schema is the one source of the type.
// The main type of a file is called like the schema's title. A file is only written when its text has changed, so that
// the compiler's incremental build is not woken for nothing.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFromFile } from 'json-schema-to-typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const schemas = join(root, 'schemas');
const generated = join(root, 'src', 'generated');
const SUFFIX = '.schema.json';

/** Makes the types of one schema. Returns whether the file was written. */
async function generate(name) {
  const text = await compileFromFile(join(schemas, name + SUFFIX), {
    bannerComment: `// Made from schemas/${name}${SUFFIX} by scripts/generate-types.mjs. Do not edit.`,
    cwd: schemas,
    format: false,
    // Bounds of lists would become unions of tuples.
    ignoreMinAndMaxItems: true,
    unknownAny: true,
  });
  const file = join(generated, `${name}.ts`);
  if (text === (await readFile(file, 'utf8').catch(() => undefined))) return false;
  await writeFile(file, text);
  return true;
}

await mkdir(generated, { recursive: true });
const names = (await readdir(schemas))
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length));
const stale = (await readdir(generated)).filter((file) => !names.includes(file.replace(/\.ts$/, '')));
await Promise.all(stale.map((file) => rm(join(generated, file))));
const written = (await Promise.all(names.map(generate))).filter(Boolean).length;
if (written > 0) process.stdout.write(`types of ${written} of ${names.length} schemas written\n`);
