import { expect } from 'chai';
import fc from 'fast-check';
import { isDeeperThan } from '../../src/http/incoming/json-depth.ts';
import { type Running, run } from './running.ts';

describe('JSON that is nested too deeply', () => {
  const nested = (levels: number, inside = '1') => `${'{"a":'.repeat(levels)}${inside}${'}'.repeat(levels)}`;
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

  it('is told from what is not, whatever brackets and quotes its texts have', () => {
    const text = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'é', 'x') });
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 6 }, text, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(text, tie('tree'))),
    }));
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 8 }), (value, most) => {
        // Spaces keep it longer than the shortest text that is looked at.
        const bytes = Buffer.from(`${JSON.stringify(value)}${' '.repeat(20)}`);
        expect(isDeeperThan(most, bytes)).to.equal(depthOf(value) > most);
      }),
    );
  });

  describe('sent to a server', () => {
    let server: Running;
    before(async () => {
      server = await run();
    });
    after(() => server.close());

    for (const levels of [101, 100_000]) {
      it(`is a 400 everywhere, ${levels} levels deep`, async () => {
        const deep = nested(levels);
        for (const [method, path, body] of [
          [
            'POST',
            '/v1/members/sam/consume',
            `{"action":"model.use_early","resource":{"properties":{"freeTrial":${deep}}}}`,
          ],
          ['PATCH', '/v1/members/sam', `{"attributes":{"a":${deep}}}`],
          ['PUT', '/v1/members/sam', deep],
          ['POST', '/v1/decisions', `{"user":"u","action":"generation.turbo","context":${deep}}`],
          ['POST', '/v1/decisions/batch', `{"questions":[${deep}]}`],
        ] as const) {
          const { json } = await server.send(method, path, body);
          expect(json, path).to.include({ status: 400, code: 'malformed_json' });
        }
      });
    }

    it('is read where it is 100 levels deep', async () => {
      const { json } = await server.post('/v1/decisions', nested(100));
      expect(json.code).to.equal('missing_field');
    });
  });
});
