import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config.ts';
import { type Got, type Running, run } from '../http/running.ts';

export const YAML = { 'Content-Type': 'application/yaml' } as const;

/** A rule set that fits on a screen: who is old enough may enter. */
export const SHOP = `# The shop: a comment that must survive.
format: perkbook/1
ruleSet: shop
version: 1
title: Shop
effective: {from: 2026-01-01T00:00:00Z}
actions:
  shop.enter:
    title: Enter
    input: {age: {type: integer, minimum: 0}}
rules:
  shop.enter:
    checks:
      - {unless: old_enough, deny: too_young, says: You are too young.}   # the law
conditions:
  old_enough: {all: [{fact: input, path: $.age, operator: greaterThanInclusive, value: 18}]}
`;

/** The same as version `number`, for people of another age. */
export function shop(number: number, age: number, from = '2026-11-22T12:00:00Z'): string {
  return SHOP.replace('version: 1', `version: ${number}`)
    .replace('2026-01-01T00:00:00Z', from)
    .replace('value: 18', `value: ${age}`);
}

/** The membership as version `number`, with another number of free trainings for Starter. */
export function membership(number: number, trainings: number, from = '2026-11-22T12:00:00Z'): string {
  return readFileSync('rules/pixai-membership/v1.yaml', 'utf8')
    .replace('version: 1', `version: ${number}`)
    .replace('from: 2026-01-01T00:00:00Z', `from: ${from}`)
    .replace('{free: 0, starter: 3, hobbyist: 5, pro: 10}', `{free: 0, starter: ${trainings}, hobbyist: 5, pro: 10}`);
}

export interface Publishing extends Running {
  readonly rules: Running['rules'];
  readonly folder: string;
  publish(
    yaml: string,
    expected: number | string,
    more?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Got>;
}

/** A server with a folder of rules of its own: those of the project. */
export async function runPublishing(config: Partial<Config> = {}): Promise<Publishing> {
  const folder = await mkdtemp(join(tmpdir(), 'perkbook-publishing-'));
  await cp('rules', folder, { recursive: true });
  const server = await run({ rules: folder, ...config });
  return {
    ...server,
    folder,
    publish: (yaml, expected, more = '', headers = {}) =>
      server.post(`/v1/rule-sets/${ruleSetIn(yaml)}/versions?note=because${more}`, yaml, {
        ...YAML,
        'If-Match': `"${expected}"`,
        ...headers,
      }),
    close: async (options) => {
      await server.close(options);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function ruleSetIn(yaml: string): string {
  return /^ruleSet: (\S+)$/m.exec(yaml)?.[1] ?? 'none';
}
