import { isTimeZone } from '../../../domain/calendar.ts';
import type { LintContext } from './context.ts';

/** What the folder and the file's name say it must be. */
export interface Expected {
  readonly ruleSet: string;
  /** Absent: any number is right. */
  readonly version?: number;
}

/** Whether the file says of itself what its place says, and whether its time zones exist. */
export function lintHead({ file, report }: LintContext, expected: Expected | undefined): void {
  if (expected !== undefined && file.ruleSet !== undefined && file.ruleSet !== expected.ruleSet) {
    const message = `\`${file.ruleSet}\` is not the rule set that this file belongs to: write \`${expected.ruleSet}\``;
    report({ code: 'wrong_rule_set', message, path: ['ruleSet'], didYouMean: expected.ruleSet });
  }
  if (expected?.version !== undefined && file.version !== undefined && file.version !== expected.version) {
    const message = `\`${file.version}\` is not the version of this file: write \`${expected.version}\``;
    report({ code: 'wrong_version', message, path: ['version'], didYouMean: String(expected.version) });
  }
  for (const part of ['month', 'day'] as const) {
    const zone = file.calendar?.[part]?.timeZone;
    if (zone === undefined || isTimeZone(zone)) continue;
    const message = `\`${zone}\` is no time zone: write one by its name, such as \`UTC\` or \`Asia/Tokyo\``;
    report({ code: 'unknown_time_zone', message, path: ['calendar', part, 'timeZone'] });
  }
}
