import { didYouMean } from '../../domain/did-you-mean.ts';
import { listed } from '../../domain/listed.ts';
import { plainNumber, plainPercent } from '../load/yaml/numbers.ts';
import { EditRefused } from './edit-refused.ts';

/** A value as it was typed, or as a form has it. */
export type Given = string | number | boolean;

/** `yes` or `no`, as the file writes it. */
export function yesOrNo(given: Given): 'yes' | 'no' {
  if (given === true || given === 'yes') return 'yes';
  if (given === false || given === 'no') return 'no';
  const meant = YES_AND_NO[String(given).toLowerCase()] ?? didYouMean(String(given), ['yes', 'no']);
  throw new EditRefused(
    `\`${given}\` is neither \`yes\` nor \`no\`, and this perk is one that a tier has or has not`,
    meant,
  );
}

const YES_AND_NO: Readonly<Record<string, string>> = {
  yes: 'yes',
  no: 'no',
  true: 'yes',
  false: 'no',
  on: 'yes',
  off: 'no',
  '1': 'yes',
  '0': 'no',
  unlimited: 'yes',
};

export interface NumberForm {
  readonly whole: boolean;
  readonly unlimited: boolean;
  readonly percent: boolean;
}

/** A number, `unlimited` or a percentage, whichever a kind of perk has. */
export function numberOf(given: Given, { whole, unlimited, percent }: NumberForm): number | string {
  const text = String(given).trim();
  if (unlimited && text === 'unlimited') return text;
  if (percent && /^\+\d{1,6}(\.\d{1,4})?%$/.test(text)) return text;
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(number) && (Number.isSafeInteger(number) || (!whole && !Number.isInteger(number)))) return number;
  const forms = [
    whole ? 'a whole number of at least 0' : 'a number of at least 0',
    ...(unlimited ? ['`unlimited`'] : []),
    ...(percent ? ['a percentage on top of the first tier such as `+20%`'] : []),
  ];
  const last = forms.pop() ?? '';
  const expected = forms.length === 0 ? last : `${forms.join(', ')} or ${last}`;
  throw new EditRefused(
    `\`${given}\` is not what this perk takes: write ${expected}`,
    meantNumber(text, unlimited, percent),
  );
}

function meantNumber(text: string, unlimited: boolean, percent: boolean): string | undefined {
  if (/^(none|no|nothing)$/i.test(text)) return '0';
  if (percent && plainPercent(text) !== undefined) return plainPercent(text);
  return plainNumber(text)?.replace(/^\+/, '') ?? (unlimited ? didYouMean(text, ['unlimited']) : undefined);
}

/** One of these names. `what`: what they are names of. */
export function nameAmong(given: string, known: readonly string[], what: string): string {
  if (known.includes(given)) return given;
  throw new EditRefused(
    `\`${given}\` is no ${what}: ${known.length === 0 ? 'there is none' : listed(known, 'and')}`,
    didYouMean(given, known),
  );
}
