import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openRules } from '../../src/rule-sets/open-rules.ts';
import { ruleSetIds } from '../../src/rule-sets/rule-set-ids.ts';
import { RuleStoreUnreachable } from '../../src/use-cases/ports.ts';
import { temporaryFolder } from '../cli/run.ts';
import { type MongoDatabase, mongoDatabase } from '../stores/mongo-server.ts';
import { failureOf } from '../support/expecting.ts';

const rulesOf = (id: string) => `
format: perkbook/1
ruleSet: ${id}
version: 1
title: Nothing much
effective: {from: 2026-01-01T00:00:00Z}
actions: {${id}.enter: {title: Enter, open: true}}
`;

function put(folder: string, id: string): void {
  mkdirSync(join(folder, id), { recursive: true });
  writeFileSync(join(folder, id, 'v1.yaml'), rulesOf(id));
}

describe('the ids of the rule sets', () => {
  const folder = temporaryFolder();
  const another = temporaryFolder();
  let mongo: MongoDatabase | undefined;

  before(async () => {
    put(folder, 'shop');
    put(another, 'club');
    mongo = await mongoDatabase();
  });
  after(() => mongo?.drop());

  it('are those of the folder, broken ones too; none where it is not there', async () => {
    put(folder, 'broken');
    writeFileSync(join(folder, 'broken', 'v1.yaml'), 'ruleSet: [');
    expect([...(await ruleSetIds({ folder, mongodbUri: undefined }))]).to.deep.equal(['broken', 'shop']);
    expect([...(await ruleSetIds({ folder: join(folder, 'none'), mongodbUri: undefined }))]).to.deep.equal([]);
  });

  it('are those in MongoDB and those of the folder, which it gets at the next start; nothing is put there now', async function () {
    if (mongo === undefined) return this.skip();
    const mongodbUri = `${mongo.uri.replace(/\/[^/]*$/, '')}/${mongo.database}`;
    expect([...(await ruleSetIds({ folder: another, mongodbUri }))]).to.deep.equal(['club']);
    const missing = join(folder, 'none');
    expect([...(await ruleSetIds({ folder: missing, mongodbUri }))], 'nothing was put there').to.deep.equal([]);
    const rules = await openRules({ folder: another, data: folder, mongodbUri }, { log: () => {} });
    await rules.close();
    expect([...(await ruleSetIds({ folder: missing, mongodbUri }))]).to.deep.equal(['club']);
    const away = await failureOf(ruleSetIds({ folder, mongodbUri: 'mongodb://127.0.0.1:9/x?connectTimeoutMS=200' }));
    expect(away).to.be.instanceOf(RuleStoreUnreachable);
  }).timeout(20_000);
});
