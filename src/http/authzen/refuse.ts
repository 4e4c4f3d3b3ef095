import type { Problem } from '../../domain/problem.ts';
import { toProblemJson } from '../outgoing/problem-json.ts';
import type { Reply } from '../outgoing/reply.ts';
import { problemReply } from '../outgoing/send.ts';

/** A problem with the status that AuthZEN gives it: a wrong content type is a bad request there. */
export function refuse(problem: Problem): Reply {
  const reply = problemReply(problem);
  if (reply.status !== 415) return reply;
  return { ...reply, status: 400, body: JSON.stringify({ ...toProblemJson(problem), status: 400 }) };
}
