import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { configFrom } from '../../src/config/config-from.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { ROOT } from '../cli/run.ts';

const PAGES = [
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  ...['README.md', 'SECURITY.md', 'CHANGELOG.md', 'Dockerfile', 'docker-compose.yaml'],
  ...readdirSync(join(ROOT, 'deploy/kubernetes')).map((name) => join('deploy/kubernetes', name)),
];

/** Whether a server says that this is no variable of Perkbook. What Kubernetes sets has such values. */
function isUnknown(name: string): boolean {
  try {
    configFrom({ [name]: 'tcp://10.0.0.1:80' });
    return false;
  } catch (error) {
    return (error as Error).message.includes(`${name} is no setting of Perkbook`);
  }
}

describe('the variables that pages name', () => {
  const texts = PAGES.map((page) => [page, readFileSync(join(ROOT, page), 'utf8')] as const);

  it('are there', () => {
    let named = 0;
    for (const [page, text] of texts) {
      for (const [name] of text.matchAll(/\bPERKBOOK_[A-Z\d_]*[A-Z\d]/g)) {
        named++;
        expect(isUnknown(name), `${page} names ${name}`).to.equal(false);
      }
    }
    expect(named).to.be.greaterThan(60);
  });

  it('are those of the settings beside which they stand', () => {
    let named = 0;
    for (const { key, variable } of Object.values(SETTINGS)) {
      for (const [page, text] of texts) {
        for (const [, beside] of text.matchAll(new RegExp(`\`${key}\` \\(\`?([A-Z_]{4,})`, 'g'))) {
          named++;
          expect(beside, `${page}, \`${key}\``).to.equal(variable);
        }
      }
    }
    expect(named).to.be.greaterThan(0);
  });
});
