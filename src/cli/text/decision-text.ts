import type { ApiDecision } from '../../generated/answers/decisions/decision.ts';
import type { Colours } from '../frame/terminal.ts';

/** `deny  limit_exceeded: This uses 6 LoRAs; your plan allows 5. Hobbyist would allow it. Holds until …` */
export function decisionText(answer: ApiDecision, titleOf: (tier: string) => string, colours: Colours): string {
  const { reason, unlockedBy } = answer;
  const sentences = [
    reason === undefined ? '' : `${colours.bold(reason.code)}: ${reason.message}`,
    typeof unlockedBy === 'string' ? `${titleOf(unlockedBy)} would allow it.` : '',
    answer.validUntil === null ? 'Holds until a fact or the rules change.' : `Holds until ${answer.validUntil}.`,
    answer.degraded ? colours.yellow('The facts could not be read, or are old.') : '',
  ];
  const word = answer.decision === 'allow' ? colours.green('allow') : colours.red('deny');
  return `${word}  ${sentences.filter((each) => each !== '').join(' ')}`;
}

/** The numbers of every perk that took part, a line each: `  loras_per_generation  asked 6, limit 5`. */
export function valueLines(values: ApiDecision['values']): readonly string[] {
  const width = Math.max(0, ...Object.keys(values).map((perk) => perk.length));
  return Object.entries(values).map(([perk, value]) => `  ${perk.padEnd(width)}  ${valueText(value)}`);
}

function valueText(value: unknown): string {
  if (!isRecord(value)) return scalarText(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${isRecord(part) ? measuresText(part) : partText(name, part)}`)
    .join(', ');
}

/** `1536 × 1024`: the measures of one limit, in the order of the rule file. */
function measuresText(measures: Readonly<Record<string, unknown>>): string {
  return Object.values(measures)
    .map((each) => partText('limit', each))
    .join(' × ');
}

/** Only a limit can be unlimited; anything else that is null is not there. */
function partText(name: string, part: unknown): string {
  if (part !== null) return scalarText(part);
  return name === 'limit' || name === 'remaining' ? 'unlimited' : 'none';
}

function scalarText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
