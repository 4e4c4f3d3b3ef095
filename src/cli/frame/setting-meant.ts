import { USUAL_FILE } from '../../config/config-file.ts';
import { SETTINGS, type Setting } from '../../config/settings.ts';
import { UnknownOption, WrongUse } from './errors.ts';

/** `--port` is no option of `serve`, and yet there is such a thing: an error that says where. Any other error stays. */
export function withSettingMeant(error: unknown): unknown {
  if (!(error instanceof UnknownOption)) return error;
  const wanted = plain(error.option);
  const meant = Object.values<Setting<unknown>>(SETTINGS).find(({ key, variable }) =>
    [key, variable, variable.replace('PERKBOOK_', '')].some((name) => plain(name) === wanted),
  );
  if (meant === undefined) return error;
  const places = `the variable \`${meant.variable}\`, or \`${meant.key}\` in \`${USUAL_FILE}\``;
  return new WrongUse(
    `\`${error.option}\` is a setting: ${places}; \`perkbook config\` prints all of them`,
    undefined,
    { cause: error },
  );
}

/** `--mongodb-uri`, `mongodbUri` and `MONGODB_URI` are one name. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z\d]/g, '').toLowerCase();
}
