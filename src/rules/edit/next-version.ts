import { isDeepStrictEqual } from 'node:util';
import type { RuleFile } from '../../generated/rule-file.ts';
import { checkRuleFile } from '../load/check-rule-file.ts';
import type { Policy } from '../rule-set.ts';
import { editAt } from './edit-at.ts';
import { EditRefused } from './edit-refused.ts';

export interface NextVersion {
  readonly version: number;
  /** As the file is to have it: `2026-12-01T00:00:00Z`. */
  readonly from: string;
  /** Absent: what the file says. */
  readonly existingMembers?: Policy | undefined;
}

/** A version's file with the number and the start of the next one: where a change begins. Throws `EditRefused`. */
export function nextVersion(text: string, { version, from, existingMembers }: NextVersion): string {
  const { effective } = soundFile(text);
  const numbered = editAt(editAt(text, ['version'], version).text, ['effective', 'from'], from);
  const result =
    existingMembers === undefined
      ? numbered.text
      : effective.existingMembers !== undefined
        ? editAt(numbered.text, ['effective', 'existingMembers'], existingMembers).text
        : withPolicy(numbered.text, numbered.line, from, existingMembers);
  const wanted = {
    ...soundFile(text),
    version,
    effective: { ...effective, from, ...(existingMembers && { existingMembers }) },
  };
  if (!isDeepStrictEqual(soundFile(result), wanted))
    throw new EditRefused('the copy would not say the same: copy the file yourself');
  return result;
}

/** Between braces the whole of `effective` is written anew; else the policy gets a line of its own below `from`. */
function withPolicy(text: string, fromLine: number, from: string, existingMembers: Policy): string {
  const lines = text.split('\n');
  const line = lines[fromLine - 1] ?? '';
  if (!/^\s+from:/.test(line)) return editAt(text, ['effective'], { from, existingMembers }).text;
  const indent = line.slice(0, line.length - line.trimStart().length);
  const end = line.endsWith('\r') ? '\r' : '';
  return lines.toSpliced(fromLine, 0, `${indent}existingMembers: ${existingMembers}${end}`).join('\n');
}

function soundFile(text: string): RuleFile {
  const { version, findings } = checkRuleFile(text, { file: 'rules' });
  const error = findings.find(({ severity }) => severity === 'error');
  if (version === undefined)
    throw new EditRefused(`line ${error?.line ?? 1}: ${error?.message ?? 'it cannot be read'}`);
  return version.json as RuleFile;
}
