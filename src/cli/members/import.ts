import type { Imported } from '../../transfer/import-members.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import { oneOf } from '../frame/one-of.ts';
import type { Terminal } from '../frame/terminal.ts';
import { inputNamed } from '../transfer/import-input.ts';
import { openTarget } from '../transfer/import-target.ts';
import { importing } from '../transfer/importing.ts';
import { Rejects } from '../transfer/rejects.ts';

export const importCommand = command({
  usage: 'import <file>',
  says: 'Writes members into the store that a server here would use, or into a server: one JSON object a line, `{"id": "u-17", "terms": […]}`, and otherwise as `PUT /v1/members/{id}` takes it. `-` reads from stdin.',
  options: {
    'on-error': {
      type: 'string',
      value: '<stop|skip>',
      says: 'what a bad line does: end the import (default), or be left out',
    },
    rejects: { type: 'string', value: '<file>', says: 'where lines that are left out go (default: <file>.rejects)' },
    resume: { type: 'boolean', says: 'go on where an import of this file was stopped' },
    check: { type: 'boolean', says: 'only check the lines, all of them, and write nothing' },
    url: { type: 'string', value: '<address>', says: 'import into a running server; its key is PERKBOOK_API_KEY' },
    json: { type: 'boolean', says: 'what was imported as JSON' },
  },
  example: 'perkbook import members.jsonl --on-error skip',
  notes:
    'Importing a file again changes nothing. Ctrl-C ends it after the members that are under way and says how to go on; the exit code is then 130. It is 1 where lines were bad.',
  run: async ({ options, words: [word = ''] }, terminal) => {
    const given = oneOf('on-error', options['on-error'] ?? 'stop', ['stop', 'skip']);
    const input = inputNamed(word);
    const { shown, file } = input;
    if (file === undefined && options.resume) {
      throw new WrongUse(`\`--resume\` needs a file: what came over ${shown} is gone`);
    }
    const keeps = given === 'skip' && !options.check;
    if (file === undefined && keeps && options.rejects === undefined) {
      throw new WrongUse(`\`--on-error skip\` needs \`--rejects <file>\` with ${shown}, so that nothing is lost`);
    }
    const rejects = new Rejects(keeps ? (options.rejects ?? `${file}.rejects`) : undefined, shown, terminal);
    if (!options.resume) rejects.requireNone();
    // A check is of all lines.
    const onError = options.check ? 'skip' : given;
    const target = await openTarget(terminal, { url: options.url, check: options.check });
    try {
      const begun = performance.now();
      const work = { input, target, onError, resume: options.resume, rejects };
      const imported = await importing(work, terminal).finally(() => rejects.close());
      const seconds = (performance.now() - begun) / 1000;
      const told = { file: shown, into: target.shown, seconds, check: options.check };
      say(imported, told, terminal, options.json);
      if (imported.ended === 'stopped') return 130;
      return imported.rejected > 0 ? 1 : 0;
    } finally {
      await target.close();
    }
  },
});

interface Told {
  readonly file: string;
  readonly into: string;
  readonly seconds: number;
  readonly check: boolean;
}

function say(imported: Imported, told: Told, terminal: Terminal, asJson: boolean): void {
  const { members, created, rejected, overlaps, place, ended } = imported;
  const { file, into, seconds, check } = told;
  const perSecond = Math.round(members / Math.max(seconds, 0.001));
  if (asJson) {
    const line = place.line;
    const json = { file, into, ended, line, members, created, rejected, overlaps, perSecond };
    terminal.out(`${JSON.stringify(json, undefined, 2)}\n`);
    return;
  }
  const number = (count: number) => count.toLocaleString('en');
  const many = members === 1 ? '1 member' : `${number(members)} members`;
  const parts = check
    ? [`${many} of \`${file}\` can be imported`]
    : [`${many} of \`${file}\` ${members === 1 ? 'is' : 'are'} in ${into}, ${number(created)} of them new`];
  if (overlaps > 0) parts.push(`${number(overlaps)} have terms that overlap`);
  if (rejected > 0) parts.push(`${number(rejected)} ${rejected === 1 ? 'line' : 'lines'} rejected`);
  terminal.out(`${parts.join('; ')} (${number(perSecond)} a second)\n`);
}
