import { replay } from '../../src/scenarios/mocha.ts';
import { type ScenarioServer, scenarioServer } from './server.ts';

const fixtures = 'test/scenarios/settings/scenarios';
const rules = 'test/scenarios/settings/rules';

describe('scenarios about other settings, through the core', () => {
  replay({ fixtures, rules });
});

describe('scenarios about two versions of a rule set', () => {
  replay({ fixtures: 'test/scenarios/versions/scenarios', rules: 'test/scenarios/versions/rules' });
});

describe('scenarios about other settings, through HTTP', () => {
  let server: ScenarioServer;
  before(async () => {
    server = await scenarioServer(rules);
  });
  after(() => server.close());

  replay({ fixtures, rules, baseUrl: () => server.address });
});
