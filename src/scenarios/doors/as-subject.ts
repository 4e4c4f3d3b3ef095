import { isRecord } from '../../rules/load/shape/tree.ts';
import type { Asked } from '../compile/scenario.ts';
import type { DoorReply, Json } from '../replay/door.ts';

/** The question of a subject that is no user, as AuthZEN asks it: `POST /v1/decisions` is about users alone. */
export function toEvaluation(question: Asked, { type, id }: { readonly type: string; readonly id: string }): Json {
  const { action, ruleSet, input = {}, resource, context = {}, amount } = question;
  return {
    subject: { type, id },
    action: { name: action, properties: input },
    resource: resource ?? { type: 'ruleSet', id: ruleSet },
    context: { ...context, perkbook: { ruleSet, ...(amount === undefined ? {} : { amount }) } },
  };
}

/** The answer as `POST /v1/decisions` gives it. What is not there is a problem again. */
export function fromEvaluation(reply: DoorReply): DoorReply {
  if (!reply.ok) return reply;
  const { decision, context } = reply.body;
  const { error, ...said } = isRecord(context) ? context : {};
  if (!isRecord(error)) return { ok: true, body: { decision: decision === true ? 'allow' : 'deny', ...said } };
  const field = typeof error.field === 'string' ? error.field : undefined;
  return { ok: false, code: String(error.code), field, detail: String(error.message) };
}
