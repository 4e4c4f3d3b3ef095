import { expect } from 'chai';
import { type ReplayOptions, replay } from '../../src/scenarios/mocha.ts';

/** As plain JavaScript would call it. */
function called(options: object): () => void {
  return () => replay(options as ReplayOptions);
}

describe('the options of replay', () => {
  for (const [what, options, message] of [
    [
      'an option of another name',
      { fixtures: 'fixtures', rules: 'rules', url: 'x' },
      'unknown option `url`; did you mean `baseUrl`?',
    ],
    [
      'a mistyped option',
      { fixture: 'fixtures', rules: 'rules' },
      'unknown option `fixture`; did you mean `fixtures`?',
    ],
    [
      'an option of no meaning',
      { fixtures: 'fixtures', rules: 'rules', timeoutInSeconds: 1 },
      'unknown option `timeoutInSeconds`; there is `fixtures`, `rules`, `baseUrl` and `onResult`',
    ],
    [
      'a key',
      { fixtures: 'fixtures', rules: 'rules', apiKey: 'pk_key' },
      'unknown option `apiKey`; the key is in PERKBOOK_API_KEY',
    ],
    ['no fixtures', { rules: 'rules' }, '`fixtures` is missing: name the scenario files, such as `fixtures`'],
    [
      'an empty list of fixtures',
      { fixtures: [], rules: 'rules' },
      '`fixtures` is missing: name the scenario files, such as `fixtures`',
    ],
    ['no rules', { fixtures: 'fixtures' }, '`rules` is missing: name the folder of the rule sets, such as `rules`'],
    [
      'a folder of rules that is not there',
      { fixtures: 'fixtures', rules: 'nope' },
      'there is no folder `nope` with rules',
    ],
    [
      'a server that is a number',
      { fixtures: 'fixtures', rules: 'rules', baseUrl: 8080 },
      '`baseUrl` is the address of a server, or a function that returns it',
    ],
    ['fixtures that are not there', { fixtures: 'nope', rules: 'rules' }, 'there are no scenarios in `nope`'],
  ] as const) {
    it(`are refused with one sentence: ${what}`, () => {
      expect(called(options)).to.throw(message);
    });
  }
});
