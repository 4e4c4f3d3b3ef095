import { replay } from '../../src/scenarios/mocha.ts';
import { type MongoDatabase, mongoDatabase } from '../stores/mongo-server.ts';
import { type ScenarioServer, scenarioServer } from './server.ts';

describe('scenarios through HTTP, on MongoDB', () => {
  let database: MongoDatabase | undefined;
  let server: ScenarioServer | undefined;
  before(async function () {
    this.timeout(60_000);
    // Where no server is, this is left out, and the run says so in its last lines.
    database = await mongoDatabase();
    if (database === undefined) return this.skip();
    const uri = new URL(database.uri);
    uri.pathname = `/${database.database}`;
    server = await scenarioServer('rules', uri.href);
  });
  after(async () => {
    await server?.close();
    await database?.drop();
  });

  replay({ fixtures: 'fixtures', rules: 'rules', baseUrl: () => server?.address ?? '' });
});
