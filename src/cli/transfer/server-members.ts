import { PROBLEM_CODES, Problem, type ProblemCode } from '../../domain/problem.ts';
import { retryAfterIn } from '../../sdk/transport/retry-delay.ts';
import type { ExportPage } from '../../transfer/export-members.ts';
import { withoutShown } from '../../transfer/member-line.ts';
import type { MemberTarget } from '../../transfer/member-target.ts';

/** A running server, and what goes with every request to it. */
export interface MemberServer {
  /** Without a slash at its end. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The server does not do this for the caller, whatever the member: a wrong address, or a key that may not. */
export class ServerRefuses extends Error {
  override readonly name = 'ServerRefuses';
}

const WITHIN_MS = 30_000;
const PAGE = 500;

interface MemberShown {
  readonly conflicts: readonly unknown[];
}

interface PageShown {
  readonly members: readonly Readonly<Record<string, unknown>>[];
  readonly unreadable?: readonly string[];
  readonly next: string | null;
}

/** Members go through the API, so that the server's own rules check them. */
export function serverTarget(server: MemberServer): MemberTarget {
  return {
    put: async ({ id, json }) => {
      const { status, body } = await send(server, `/v1/members/${encodeURIComponent(id)}`, 'PUT', JSON.stringify(json));
      return { created: status === 201, overlaps: (body as MemberShown).conflicts.length > 0 };
    },
  };
}

export async function* pagesOfServer(server: MemberServer, signal: AbortSignal): AsyncGenerator<ExportPage> {
  for (let after: string | undefined; !signal.aborted; ) {
    const query = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
    const { body } = await send(server, `/v1/members?limit=${PAGE}${query}`, 'GET');
    const { members, unreadable = [], next } = body as PageShown;
    const lines = members.map((member) => `${JSON.stringify(withoutShown(member))}\n`).join('');
    yield { lines, members: members.length, unreadable };
    if (next === null) return;
    after = next;
  }
}

/** A problem that the member has is thrown as it is, one that passes as `facts_unreachable`, any other as `ServerRefuses`. */
async function send(
  { base, headers }: MemberServer,
  path: string,
  method: 'GET' | 'PUT',
  body?: string,
): Promise<{ readonly status: number; readonly body: object }> {
  let response: Response;
  let text: string;
  try {
    const withBody = body === undefined ? {} : { body, headers: { ...headers, 'content-type': 'application/json' } };
    const signal = AbortSignal.timeout(WITHIN_MS);
    response = await fetch(base + path, { method, headers, redirect: 'manual', signal, ...withBody });
    text = await response.text();
  } catch (cause) {
    throw new Problem('facts_unreachable', `\`${base}\` cannot be reached`, { cause });
  }
  const answer = objectIn(text);
  if (response.ok && answer !== undefined) return { status: response.status, body: answer };
  const { code, detail, field, didYouMean } = (answer ?? {}) as Readonly<Record<string, string | undefined>>;
  const key = response.status === 401 ? '; PERKBOOK_API_KEY is the key that is sent' : '';
  const message = `${detail ?? `status ${response.status}`}${key}`;
  if ((response.status === 429 && code !== 'too_many_wrong_keys') || response.status >= 502) {
    const waitMs = retryAfterIn(response.headers);
    throw new Problem('facts_unreachable', `\`${base}\` cannot take members now: ${message}`, {
      ...(waitMs !== undefined && { retryAfter: waitMs / 1000 }),
    });
  }
  const isOfMember = [400, 413, 422].includes(response.status) && isProblemCode(code);
  if (!isOfMember) throw new ServerRefuses(`\`${base}\` does not do this: ${message}`);
  throw new Problem(code, message, {
    ...(field !== undefined && { field }),
    ...(didYouMean !== undefined && { didYouMean }),
  });
}

function isProblemCode(code: string | undefined): code is ProblemCode {
  return PROBLEM_CODES.some((each) => each === code);
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
