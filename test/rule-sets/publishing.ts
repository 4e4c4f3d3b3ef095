import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { type Got, type Running, run } from '../http/running.ts';
import { hasMongo, mongoDatabase } from '../stores/mongo-server.ts';

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
  readonly folder: string;
  /** What it has logged besides that new rules are in force. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  publish(
    yaml: string,
    expected: number | string,
    more?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Got>;
}

/** Where the rules of a server are kept. */
export type Place = 'folder' | 'MongoDB';

export function placesHere(): readonly Place[] {
  return hasMongo() ? ['folder', 'MongoDB'] : ['folder'];
}

/** A server with rules of its own: those of the project, in a folder or, put there from it, in MongoDB. */
export async function runPublishing(config: Partial<Config> = {}, place: Place = 'folder'): Promise<Publishing> {
  const folder = await mkdtemp(join(tmpdir(), 'perkbook-publishing-'));
  await cp('rules', folder, { recursive: true });
  const database = place === 'MongoDB' ? await mongoDatabase() : undefined;
  const mongodbUri = database?.uri.replace(/\/?(\?|$)/, `/${database.database}$1`);
  const logged: Readonly<Record<string, unknown>>[] = [];
  const server = await run({ rules: folder, mongodbUri, ...config }, (entry) => {
    if (entry.level !== 'info') logged.push(entry);
  });
  return {
    ...server,
    folder,
    logged,
    publish: (yaml, expected, more = '', headers = {}) =>
      server.post(`/v1/rule-sets/${ruleSetIn(yaml)}/versions?note=because${more}`, yaml, {
        ...YAML,
        'If-Match': `"${expected}"`,
        ...headers,
      }),
    close: async (options) => {
      await server.close(options);
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function ruleSetIn(yaml: string): string {
  return /^ruleSet: (\S+)$/m.exec(yaml)?.[1] ?? 'none';
}
