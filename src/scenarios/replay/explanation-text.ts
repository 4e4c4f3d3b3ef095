import { isRecord } from '../../rules/load/shape/tree.ts';
import type { DoorReply } from './door.ts';

/** An explanation of the API as lines: each gate up to the one that denied, then what would change the answer. */
export function explanationText(reply: DoorReply): readonly string[] {
  if (!reply.ok) return [`no explanation: ${reply.detail}`];
  const { gates, judgedBy, changes, decision } = reply.body;
  const lines: string[] = [];
  const message = isRecord(decision) && isRecord(decision.reason) ? decision.reason.message : undefined;
  if (typeof message === 'string') lines.push(`"${message}"`);
  if (isRecord(judgedBy)) lines.push(`version ${String(judgedBy.version)}: ${String(judgedBy.why)}`);
  for (const gate of Array.isArray(gates) ? gates : []) {
    if (!isRecord(gate)) continue;
    const mark = gate.takesPart === false ? '–' : gate.held === true ? '✓' : '✗';
    lines.push(`${mark} ${String(gate.name)}: ${String(gate.text ?? '')}`);
    if (mark === '✗') break;
  }
  for (const change of Array.isArray(changes) ? changes : []) lines.push(`→ ${String(change)}`);
  return lines;
}
