import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Got, Running } from '../running.ts';

export const EVALUATION = '/access/v1/evaluation';
export const EVALUATIONS = '/access/v1/evaluations';

type Json = Readonly<Record<string, unknown>>;

export const user = (id: string, properties?: Json) => entity('user', id, properties);
export const document = (id: string, properties?: Json) => entity('document', id, properties);
export const RULES = { type: 'ruleSet', id: 'pixai-membership' };

function entity(type: string, id: string, properties?: Json) {
  return properties === undefined ? { type, id } : { type, id, properties };
}

/** A whole request, as short as it can be written. */
export function may(subject: Json, action: string, resource: Json, rest: Json = {}): Json {
  return { subject, action: { name: action }, resource, ...rest };
}

export function search(server: Running, searched: 'subject' | 'resource' | 'action', body: Json): Promise<Got> {
  return server.post(`/access/v1/search/${searched}`, body);
}

/** All results of a search, page by page, as ids or names. Each page but the first is asked for by its token alone. */
export async function searchAll(
  server: Running,
  searched: 'subject' | 'resource' | 'action',
  body: Json,
): Promise<readonly string[]> {
  const found: string[] = [];
  let got = await search(server, searched, body);
  for (let pages = 0; pages < 1000; pages++) {
    const { results, page } = got.json as {
      results: { id?: string; name?: string }[];
      page: { next_token: string; count: number };
    };
    if (page.count !== results.length) throw new Error('the count is wrong');
    found.push(...results.map((each) => each.id ?? each.name ?? '?'));
    if (page.next_token === '') return found;
    got = await search(server, searched, { page: { token: page.next_token } });
  }
  throw new Error('the search does not end');
}

/** A folder of rule files of its own. */
export function rulesFolder(files: Readonly<Record<string, string>>): { readonly rules: string; remove(): void } {
  const rules = mkdtempSync(join(tmpdir(), 'perkbook-authzen-'));
  for (const [id, yaml] of Object.entries(files)) {
    mkdirSync(join(rules, id));
    writeFileSync(join(rules, id, 'v1.yaml'), yaml);
  }
  return { rules, remove: () => rmSync(rules, { recursive: true, force: true }) };
}
