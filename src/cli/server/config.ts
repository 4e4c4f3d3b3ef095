import { type EffectiveSetting, effectiveSettings } from '../../config/effective.ts';
import { orWrongSettings } from '../desk/settings.ts';
import { command } from '../frame/command.ts';
import { terminalTable } from '../text/tables.ts';

export const config = command({
  usage: 'config',
  says: 'Prints every setting as it holds, where it comes from, and the variable that sets it. Passwords are masked.',
  options: { json: { type: 'boolean', says: 'as JSON' } },
  example: 'PORT=9090 perkbook config',
  notes:
    'A variable wins over the line of `perkbook.yaml`, or of the file that PERKBOOK_CONFIG names. Exit code 2 where something is wrong with them.',
  run: async ({ options }, { environment, out, colours }) => {
    const settings = orWrongSettings(() => effectiveSettings(environment));
    if (options.json) out(`${JSON.stringify({ settings }, undefined, 2)}\n`);
    else out(terminalTable([['SETTING', 'VALUE', 'FROM', 'VARIABLE'], ...settings.map(row)], colours));
    return 0;
  },
});

function row({ key, value, from, variable }: EffectiveSetting): readonly string[] {
  // A list may be empty.
  return [key, value || '-', from, variable];
}
