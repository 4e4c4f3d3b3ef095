import { replay } from '../../src/scenarios/mocha.ts';

describe('scenarios through the core', () => {
  replay({ fixtures: 'fixtures', rules: 'rules' });
});
