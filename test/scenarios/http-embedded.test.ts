import { replay } from '../../src/scenarios/mocha.ts';
import { type ScenarioServer, scenarioServer } from './server.ts';

describe('scenarios through HTTP, on the embedded store', () => {
  let server: ScenarioServer;
  before(async () => {
    server = await scenarioServer('rules');
  });
  after(() => server.close());

  replay({ fixtures: 'fixtures', rules: 'rules', baseUrl: () => server.address });
});
