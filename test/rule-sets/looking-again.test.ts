import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { folderStore } from '../../src/rule-sets/folder/folder-store.ts';
import { LiveRules } from '../../src/rule-sets/live-rules.ts';
import { RuleStoreUnreachable } from '../../src/use-cases/ports.ts';
import { type Running, run } from '../http/running.ts';
import { mongoDatabase } from '../stores/mongo-server.ts';
import { membership, placesHere, SHOP, YAML } from './publishing.ts';

const RULES = '/v1/rule-sets/pixai-membership';

for (const place of placesHere())
  describe(`what one process has published, in ${place === 'folder' ? 'a folder' : place}`, () => {
    let folder: string;
    let publisher: Running;
    let reader: Running;
    let drop = async () => {};

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'perkbook-looking-'));
      await cp('rules', folder, { recursive: true });
      const database = place === 'MongoDB' ? await mongoDatabase() : undefined;
      if (database !== undefined) drop = () => database.drop();
      const mongodbUri = database?.uri.replace(/\/?(\?|$)/, `/${database.database}$1`);
      publisher = await run({ rules: folder, mongodbUri });
      reader = await run({ rules: folder, mongodbUri });
    });
    after(async () => {
      await Promise.all([publisher.close(), reader.close()]);
      await drop();
      await rm(folder, { recursive: true, force: true });
    });

    const published = async (id: string, yaml: string, expected: number) => {
      const path = `/v1/rule-sets/${id}/versions?note=n`;
      expect((await publisher.post(path, yaml, { ...YAML, 'If-Match': `"${expected}"` })).status).to.equal(201);
    };

    it('is known at once to the others where somebody asks for it by its number', async () => {
      let newest = 1;
      const reads: readonly ((number: number) => string)[] = [
        (number) => `${RULES}/versions/${number}`,
        (number) => `${RULES}/diff?from=1&to=${number}`,
        (number) => `${RULES}/matrix?version=${number}`,
      ];
      for (const path of reads) {
        await published('pixai-membership', membership(newest + 1, 4), newest);
        newest++;
        const { status, text } = await reader.get(path(newest));
        expect(status, text).to.equal(200);
      }
      await published('pixai-membership', membership(newest + 1, 5), newest);
      const impact = await reader.post(`${RULES}/impact?version=${newest + 1}`, undefined);
      expect(impact.status, impact.text).to.equal(200);
    });

    it('is known at once as a rule set that is new', async () => {
      expect((await reader.get('/v1/rule-sets/shop')).json.code).to.equal('unknown_rule_set');
      await published('shop', SHOP, 0);
      expect((await reader.get('/v1/rule-sets/shop')).status).to.equal(200);
    });

    it('is not there where nobody has published it', async () => {
      const { status, json } = await reader.get(`${RULES}/versions/99`);
      expect([status, json.code]).to.deep.equal([404, 'unknown_version']);
      expect((await reader.get('/v1/rule-sets/document')).json.didYouMean).to.equal('documents');
    });
  });

describe('looking for what is unknown', () => {
  it('reads the rules a few times a second at most, for all who wait, and not at all while they cannot be read', async () => {
    const store = folderStore('rules');
    let reads = 0;
    let down = false;
    const read = () => {
      reads++;
      return down ? Promise.reject(new RuleStoreUnreachable('down')) : store.read();
    };
    const live = await LiveRules.open(
      { ...store, read, watch: async () => ({ stop: async () => {} }) },
      { log: () => {} },
    );
    try {
      reads = 0;
      const until = performance.now() + 900;
      while (performance.now() < until) await Promise.all(Array.from({ length: 50 }, () => live.lookForUnknown()));
      expect(reads).to.be.within(2, 6);
      down = true;
      await live.lookForUnknown();
      reads = 0;
      for (let i = 0; i < 10; i++) await live.lookForUnknown();
      expect(reads).to.equal(0);
    } finally {
      await live.close();
    }
  });
});
