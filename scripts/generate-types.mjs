// Makes src/generated/<name>.ts of every schemas/<name>.schema.json, also of those in folders: the schema is the one source of the
// type. The main type of a file is called like the schema's title, and everything in it is readonly. A file is only written when its
// text has changed, so that the compiler's incremental build is not woken for nothing.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFromFile } from 'json-schema-to-typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const schemas = join(root, 'schemas');
const generated = join(root, 'src', 'generated');
const SUFFIX = '.schema.json';
/** The names of all schemas, as a type. */
const NAMES = 'schema-name';

/** Makes the types of one schema. Returns whether the file was written. */
async function generate(name) {
  const text = await compileFromFile(join(schemas, name + SUFFIX), {
    bannerComment: `// Made from schemas/${name}${SUFFIX} by scripts/generate-types.mjs. Do not edit.`,
    // What one schema says of another is beside it.
    cwd: dirname(join(schemas, name)),
    format: false,
    // Bounds of lists would become unions of tuples.
    ignoreMinAndMaxItems: true,
    unknownAny: true,
  });
  return write(name, readonly(name, text));
}

/** The same types with readonly properties and lists: what has come in or goes out is never changed. */
function readonly(name, text) {
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*(\/?\*|\/\/)/.test(line)) return line;
      if (/\}\[\]/.test(line)) throw new Error(`schemas/${name}${SUFFIX}: give the items of the list a \`title\``);
      return line
        .replace(/^(\s*)((?:"[^"]*"|[\w$]+)\??: |\[k: string\]: )/, '$1readonly $2')
        .replaceAll(/(\([^()]*\)|(?<![\w$])[\w$]+)\[\]/g, 'readonly $1[]');
    })
    .join('\n');
}

async function write(name, text) {
  const file = join(generated, `${name}.ts`);
  if (text === (await readFile(file, 'utf8').catch(() => undefined))) return false;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return true;
}

async function filesIn(folder, suffix) {
  const files = await readdir(folder, { recursive: true });
  return files
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .sort();
}

await mkdir(generated, { recursive: true });
const names = await filesIn(schemas, SUFFIX);
const stale = (await filesIn(generated, '.ts')).filter((name) => name !== NAMES && !names.includes(name));
await Promise.all(stale.map((name) => rm(join(generated, `${name}.ts`))));
const listed = names.map((name) => `  | '${name}'`).join('\n');
await write(
  NAMES,
  `// Made from the files in schemas/ by scripts/generate-types.mjs. Do not edit.\nexport type SchemaFile =\n${listed};\n\n/** A schema by its file; with \`#\`, one of the definitions in it. */\nexport type SchemaName = SchemaFile | \`\${SchemaFile}#\${string}\`;\n`,
);
const written = (await Promise.all(names.map(generate))).filter(Boolean).length;
if (written > 0) process.stdout.write(`types of ${written} of ${names.length} schemas written\n`);
