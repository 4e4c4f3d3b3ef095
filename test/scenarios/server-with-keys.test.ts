import { expect } from 'chai';
import { replay } from '../../src/scenarios/mocha.ts';
import type { CaseResult } from '../../src/scenarios/replay/results.ts';
import { type Keyed, runWithKeys } from '../http/access/with-keys.ts';

describe('scenarios through a server that asks for a key', () => {
  const outside = process.env.PERKBOOK_API_KEY;
  const results: CaseResult[] = [];
  let server: Keyed;

  before(async () => {
    server = await runWithKeys({ rules: 'rules' });
    process.env.PERKBOOK_API_KEY = server.admin.Authorization?.slice('Bearer '.length);
  });
  after(async () => {
    if (outside === undefined) delete process.env.PERKBOOK_API_KEY;
    else process.env.PERKBOOK_API_KEY = outside;
    await server.close();
    expect(results.filter(({ outcome }) => outcome === 'passed')).to.not.have.lengthOf(0);
  });

  replay({
    fixtures: 'fixtures/documents',
    rules: 'rules',
    baseUrl: () => server.address,
    onResult: (result) => results.push(result),
  });
});
