import { spawn } from 'node:child_process';
import { expect } from 'chai';
import { WrongUse } from '../../src/cli/frame/errors.ts';
import { parseOptions } from '../../src/cli/frame/options.ts';
import { hasColours } from '../../src/cli/frame/terminal.ts';
import { checkWords } from '../../src/cli/frame/words.ts';
import { PROGRAM, perkbook, perkbookHere, ROOT } from './run.ts';

describe('command line', () => {
  it('lists every command with --help, and says its version', async () => {
    const [help, version] = await Promise.all([perkbook(['--help']), perkbook(['--version'])]);
    expect(help.code).to.equal(0);
    for (const name of [
      'serve',
      'validate',
      'test',
      'ask',
      'explain',
      'matrix',
      'referee',
      'backup',
      'restore',
      'import',
      'export',
      'mapping',
      'lock',
    ])
      expect(help.out).to.match(new RegExp(`^  ${name} +\\S`, 'm'));
    expect(version).to.include({ code: 0, err: '' });
    expect(version.out).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it('has help with an example for a command', async () => {
    const { code, out } = await perkbookHere(['restore', '--help']);
    expect(code).to.equal(0);
    expect(out)
      .to.include('usage  perkbook restore <file> [options]')
      .and.include('--replace')
      .and.include('example\n');
  });

  it('says what was probably meant, and exits with 2', async () => {
    const command = await perkbook(['matrx']);
    const option = await perkbookHere(['matrix', '--formt', 'csv']);
    const none = await perkbookHere([]);
    expect(command).to.include({ code: 2, out: '' });
    expect(command.err).to.equal(
      'perkbook: there is no command `matrx`; did you mean `matrix`?\nsee `perkbook --help`\n',
    );
    expect(option.code).to.equal(2);
    expect(option.err).to.include('there is no option `--formt`; did you mean `--format`?');
    expect(none.code).to.equal(2);
    expect((await perkbookHere(['hlep'])).err).to.include('there is no command `hlep`; did you mean `help`?');
  });

  it('ends cleanly when nobody reads, or reads on', async () => {
    // `true` has ended long before the table is written.
    const { out, err } = await shell(`"${process.execPath}" "${PROGRAM}" matrix | true; echo "\${PIPESTATUS[0]}"`);
    expect({ out, err }).to.deep.equal({ out: '0\n', err: '' });
  });

  it('uses colours only on a terminal, and never with NO_COLOR', () => {
    expect(hasColours({ isTTY: true }, {})).to.equal(true);
    expect(hasColours({ isTTY: true }, { NO_COLOR: '' })).to.equal(true);
    expect(hasColours({ isTTY: true }, { NO_COLOR: '1' })).to.equal(false);
    expect(hasColours({ isTTY: true }, { TERM: 'dumb' })).to.equal(false);
    expect(hasColours({}, { FORCE_COLOR: '1', CI: 'true' })).to.equal(false);
  });
});

describe('options', () => {
  const specs = {
    json: { type: 'boolean', says: '' },
    at: { type: 'string', value: '<instant>', says: '' },
    input: { type: 'string', multiple: true, says: '' },
  } as const;
  const wrong = (...argv: string[]) => expect(() => parseOptions(argv, specs)).to.throw(WrongUse);

  it('are read by their declaration, in any order', () => {
    const given = parseOptions(
      ['u-1', '--input', 'a=1', '--json', 'act', '--input=b=-2', '--at=x', '--', '--json'],
      specs,
    );
    expect(given.words).to.deep.equal(['u-1', 'act', '--json']);
    expect(given.options).to.deep.equal({ json: true, input: ['a=1', 'b=-2'], at: 'x' });
    expect(parseOptions([], specs).options).to.deep.equal({ json: false, input: [] });
  });

  it('are refused when unknown, without their value, with one too many, or twice', () => {
    wrong('--jsn').with.property('didYouMean', '--json');
    wrong('--at').with.property('message', '`--at` needs a value: `--at <instant>`');
    wrong('--at', '--json').with.property('message').that.includes('looks like an option');
    wrong('--at=').with.property('message').that.includes('needs a value');
    wrong('--json=yes').with.property('message', '`--json` takes no value');
    wrong('--at', 'a', '--at', 'b').with.property('message', '`--at` is given twice');
    wrong('--constructor');
    wrong('--__proto__', 'x');
  });

  it('come with as many words as the command takes', () => {
    expect(() => checkWords(['u'], 'ask <user> <action>')).to.throw(WrongUse, '`<action>` is missing');
    expect(() => checkWords(['u', 'a', 'b'], 'ask <user> <action>')).to.throw(WrongUse, '`b` is one word too many');
    expect(() => checkWords([], 'validate [files…]')).not.to.throw();
    expect(() => checkWords(['a', 'b', 'c'], 'validate [files…]')).not.to.throw();
  });
});

function shell(command: string): Promise<{ readonly out: string; readonly err: string }> {
  const child = spawn('bash', ['-c', command], { cwd: ROOT });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => child.once('close', () => resolve({ out, err })));
}
