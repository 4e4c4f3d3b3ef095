import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirname, normalize } from 'node:path/posix';
import { expect } from 'chai';
import { ROOT } from './cli/run.ts';

/** Everything that people read: the pages in `docs` and those beside `README.md`. */
const PAGES = ['', 'docs', 'docs/decisions'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => normalize(join(folder, name))),
);

interface Link {
  readonly page: string;
  /** The file or folder, from the root of the project. */
  readonly target: string;
  /** Of a page, the heading that it leads to. */
  readonly heading: string | undefined;
  /** The heading and text between which the link stands. */
  readonly section: string;
}

/** The relative links of a page; what stands in code is none. */
function linksOf(page: string): readonly Link[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  return text.split(/^(?=#{1,6} )/m).flatMap((section) =>
    [...section.matchAll(/\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, path = '', heading]) => ({
      page,
      target: path === '' ? page : normalize(join(dirname(page), path)).replace(/\/$/, ''),
      heading,
      section,
    })),
  );
}

/** The headings of a page as links name them. */
function headingsOf(page: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const LINKS = PAGES.flatMap(linksOf);

describe('the links of the pages', () => {
  it('are found', () => {
    expect(PAGES).to.include.members(['README.md', 'SECURITY.md', 'docs/client.md']);
    expect(LINKS.length).to.be.greaterThan(100);
  });

  it('lead to a file that is there, and to a heading that it has', () => {
    const broken = LINKS.filter(
      ({ target, heading }) =>
        !existsSync(join(ROOT, target)) || (heading !== undefined && !headingsOf(target).includes(heading)),
    );
    expect(broken.map(({ page, target, heading = '' }) => `${page}: ${target}#${heading}`)).to.deep.equal([]);
  });

  it('lead in the package to what is packed, unless the text says that only a checkout has it', function () {
    this.timeout(60_000);
    const packed = filesOfThePackage();
    const isPacked = (target: string) => packed.some((file) => file === target || file.startsWith(`${target}/`));
    expect(isPacked('docs/client.md') && !isPacked('test')).to.equal(true);
    const lost = LINKS.filter(
      ({ page, target, section }) => isPacked(page) && !isPacked(target) && !/\bcheckout\b/i.test(section),
    );
    expect(lost.map(({ page, target }) => `${page}: ${target}`)).to.deep.equal([]);
  });
});

function filesOfThePackage(): readonly string[] {
  const command = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const said = execFileSync('npm', command, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [{ files }] = JSON.parse(said) as [{ readonly files: readonly { readonly path: string }[] }];
  return files.map(({ path }) => path);
}
