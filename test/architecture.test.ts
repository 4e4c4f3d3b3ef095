import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const src = fileURLToPath(new URL('../../src', import.meta.url));

const FILES = ['node:fs', 'node:path', 'node:url'] as const;

/** Which folders of src a folder may import, and which packages. The tree shows the way of a decision; this keeps it so. */
const MAY_IMPORT: Readonly<
  Record<string, { readonly folders: readonly string[]; readonly packages: readonly string[] }>
> = {
  generated: { folders: [], packages: [] },
  domain: { folders: [], packages: ['temporal-polyfill', 'fastest-levenshtein'] },
  rules: { folders: ['domain', 'generated'], packages: ['json-rules-engine', 'node:util', 'yaml'] },
  'rules/load': {
    folders: ['domain', 'generated', 'package'],
    packages: ['yaml', 'ajv', 'picocolors', ...FILES, 'node:crypto'],
  },
  decide: { folders: ['domain', 'rules'], packages: [] },
  'use-cases': { folders: ['domain', 'decide', 'rules'], packages: ['node:crypto', 'node:util', 'node:zlib'] },
  api: { folders: ['domain', 'rules', 'use-cases', 'generated', 'package'], packages: ['ajv', 'node:fs'] },
  stores: {
    folders: ['domain', 'use-cases', 'package'],
    packages: [
      'lmdb',
      'lru-cache',
      'mongodb',
      ...FILES,
      'node:child_process',
      'node:crypto',
      'node:stream',
      'node:timers',
      'node:zlib',
    ],
  },
  metrics: { folders: ['domain', 'rules', 'use-cases'], packages: ['prom-client'] },
  traces: { folders: ['domain', 'http'], packages: ['@opentelemetry/api'] },
  log: { folders: ['domain', 'config'], packages: ['pino'] },
  cluster: {
    folders: ['config', 'http', 'log', 'main.ts', 'metrics', 'wiring'],
    packages: ['node:cluster', 'node:events', 'node:timers', 'node:url'],
  },
  config: { folders: ['domain', 'rules', 'generated'], packages: [...FILES] },
  'decision-log': {
    folders: ['domain', 'rules', 'decide', 'use-cases', 'api', 'stores', 'generated'],
    packages: ['lmdb', 'lru-cache', 'mongodb', ...FILES, 'node:crypto', 'node:readline', 'node:stream', 'node:util'],
  },
  mapping: {
    folders: ['domain', 'generated', 'decide', 'rules', 'use-cases'],
    packages: ['node:crypto', 'node:fs'],
  },
  'stores/mapped': {
    folders: ['domain', 'generated', 'mapping', 'use-cases'],
    packages: ['mongodb'],
  },
  transfer: {
    folders: ['domain', 'rules', 'use-cases', 'api', 'stores'],
    packages: ['node:crypto', 'node:fs', 'node:timers'],
  },
  'rule-sets': {
    folders: ['domain', 'rules', 'use-cases', 'stores'],
    packages: ['mongodb', 'yaml', ...FILES, 'node:crypto', 'node:timers'],
  },
  'impact-workers': {
    folders: ['domain', 'rules', 'use-cases', 'stores', 'mapping', 'generated', 'package'],
    packages: ['node:child_process', 'node:os', 'node:timers', 'node:url'],
  },
  http: {
    folders: ['domain', 'generated', 'rules', 'use-cases', 'api'],
    packages: ['express', 'ulid', 'node:buffer', 'node:crypto', 'node:http', 'node:net', 'node:stream'],
  },
  'http/admission': {
    folders: ['domain', 'use-cases'],
    packages: ['jose', 'lru-cache', 'node:crypto', 'node:http'],
  },
  'http/openapi': { folders: ['domain', 'generated', 'api', 'package'], packages: ['node:fs'] },
  'http/outgoing': {
    folders: ['domain', 'generated', 'use-cases'],
    packages: ['express', 'helmet', 'ulid', 'node:crypto', 'node:http', 'node:stream'],
  },
  sdk: { folders: ['generated'], packages: ['express', 'fastify'] },
  scenarios: {
    folders: ['domain', 'rules', 'decide', 'use-cases', 'api', 'generated'],
    packages: ['yaml', 'ajv', ...FILES, 'node:crypto', 'node:timers', 'node:util'],
  },
};

interface Import {
  readonly file: string;
  readonly target: string;
}

const SPECIFIER =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g;

function importsIn(file: string, text: string): readonly Import[] {
  return [...text.matchAll(SPECIFIER)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    return {
      file,
      target: specifier.startsWith('.') ? relative(src, resolve(dirname(join(src, file)), specifier)) : specifier,
    };
  });
}

/** What an import breaks, in words; undefined for one that may be. A folder inside another may have a line of its own. */
function violation({ file, target }: Import): string | undefined {
  const [folder = '', inner = ''] = file.split('/');
  const rule = MAY_IMPORT[`${folder}/${inner}`] ?? MAY_IMPORT[folder];
  if (rule === undefined) return undefined;
  if (target.endsWith('.ts')) {
    const [into = ''] = target.split('/');
    if (into === folder || rule.folders.includes(into)) return undefined;
    return `${file} imports ${target}: ${folder}/ may not import ${into}/`;
  }
  const name = target.replace(/^(@[^/]+\/[^/]+|[^@/]+).*$/, '$1');
  return rule.packages.includes(name) ? undefined : `${file} imports ${target}: ${folder}/ may not use that package`;
}

function allImports(): readonly Import[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => importsIn(file, readFileSync(join(src, file), 'utf8')));
}

describe('the architecture', () => {
  it('every folder imports only what it may', () => {
    const imports = allImports();
    expect(imports.length).to.be.greaterThan(300);
    expect(imports.map(violation).filter((each) => each !== undefined)).to.deep.equal([]);
  });

  it('notices a planted violation, however it is written', () => {
    const planted = [
      "import { decide } from '../decide/decide.ts';",
      "import type {\n  A,\n  B,\n} from '../http/app.ts';",
      "export { x } from '../stores/x.ts';",
      "const x = await import('../cli/main.ts');",
      "import 'express';",
      "import { readFile } from 'node:fs';",
    ];
    for (const line of planted) {
      const found = importsIn('domain/planted.ts', line).map(violation);
      expect(found, line).to.have.lengthOf(1);
      expect(found[0], line).to.be.a('string');
    }
  });
});
