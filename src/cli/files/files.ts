import { writeFileSync } from 'node:fs';
import { NotDone } from '../frame/errors.ts';

export function writeFileOrSay(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new NotDone(`\`${file}\` cannot be written: ${(cause as Error).message}`, { cause });
  }
}
