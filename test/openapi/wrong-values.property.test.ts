import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Keyed, runWithKeys } from '../http/access/with-keys.ts';
import type { Got } from '../http/running.ts';
import { allowedBy, type Follow, nearly, nonsense, type Schema } from './arbitrary-value.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: string | number;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Body>> };
}

interface Body {
  readonly schema: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Asking {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

type Values = Readonly<Record<string, string | undefined>>;

const RULES = 'format: perkbook/1';
/** Refused for what the value means: there is nothing before the first version, and a place in a log is one that was given. */
const REFUSED_BY_MEANING = ['measureImpact version', 'readDecisionLog after'];

describe('the description', () => {
  let server: Keyed;
  let folder: string;
  let operations: readonly Asking[];
  let follow: Follow;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-wrong-'));
    const rules = join(folder, 'rules');
    cpSync('rules', rules, { recursive: true });
    const log = join(folder, 'log');
    server = await runWithKeys({
      rules,
      decisionLog: { sink: 'file', folder: log, keepDays: 1, sampleAllows: 1, mask: [] },
    });
    const { json: description } = await server.get('/openapi.json');
    follow = (reference) =>
      reference
        .split('/')
        .slice(1)
        .reduce((inside, step) => inside[step], description);
    operations = Object.entries<Record<string, Operation>>(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has every answer to values that are wrong, in parameters and in bodies', async () => {
    for (const asking of operations) {
      const { parameters = [], requestBody } = asking.operation;
      const values = fc.record(Object.fromEntries(parameters.map((each) => [each.name, wrongOrRight(each)])));
      const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
      const sent =
        body === undefined
          ? fc.constant(undefined)
          : type?.endsWith('json')
            ? nearly(body.schema, follow)
            : fc.constant(RULES);
      await fc.assert(
        fc.asyncProperty(values, sent, async (given, json) => {
          const got = await send(asking, given, json, type);
          expect(got.status, got.text).to.be.below(500);
        }),
        { numRuns: parameters.length === 0 && body === undefined ? 1 : 10 },
      );
    }
  });

  it('allows no value of a parameter that is then refused', async () => {
    for (const asking of operations) {
      const { operationId, parameters = [], requestBody } = asking.operation;
      const [type, { examples = {} } = {}] = Object.entries(requestBody?.content ?? {})[0] ?? [];
      const body = type === undefined ? undefined : (Object.values(examples)[0]?.value ?? RULES);
      const usual = Object.fromEntries(
        parameters.filter(({ required }) => required).map((each) => [each.name, usually(each)]),
      );
      for (const parameter of parameters) {
        if (REFUSED_BY_MEANING.includes(`${operationId} ${parameter.name}`)) continue;
        await fc.assert(
          fc.asyncProperty(allowed(parameter), async (value) => {
            const { status, json, text } = await send(asking, { ...usual, [parameter.name]: value }, body, type);
            if (status === 400)
              expect(json.code, `${operationId}: ${text}`).to.not.be.oneOf(['invalid_id', 'invalid_field']);
          }),
          { numRuns: 5 },
        );
      }
    }
  });

  /** What a generator would send: texts, and only what a header or a segment of a path can be. */
  function allowed({ in: place, schema }: Parameter): fc.Arbitrary<string> {
    const value = allowedBy(schema, follow, (inner) => allowedBy(inner, follow, () => fc.constant(null))).map(String);
    if (place === 'query') return value;
    return value.filter(place === 'header' ? isHeader : isSegment);
  }

  function wrongOrRight(parameter: Parameter): fc.Arbitrary<string | undefined> {
    const isRight = place(parameter);
    const wrong = nonsense.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).filter(isRight);
    const value = fc.oneof(wrong, allowed(parameter), fc.constant(usually(parameter)));
    return parameter.in === 'path' ? value : fc.option(value, { nil: undefined });
  }

  function send(
    { method, path, operation }: Asking,
    given: Values,
    body: unknown,
    type: string | undefined,
  ): Promise<Got> {
    const { parameters = [] } = operation;
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given[name] ?? 'x'));
    const query = new URLSearchParams();
    const headers: Record<string, string> = type === undefined ? {} : { 'Content-Type': type };
    for (const { name, in: where } of parameters) {
      const value = given[name];
      if (value === undefined) continue;
      if (where === 'query') query.set(name, value);
      if (where === 'header') headers[name] = value;
    }
    const text = query.size === 0 ? filled : `${filled}?${query}`;
    return server.send(method, text, type === undefined ? undefined : body, { ...headers, ...server.admin });
  }
});

function usually({ example, schema }: Parameter): string {
  return String(example ?? (schema.type === 'string' ? 'x' : 1));
}

function place({ in: where }: Parameter): (text: string) => boolean {
  return where === 'query' ? () => true : where === 'header' ? isHeader : isSegment;
}

function isHeader(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** What the path itself would be changed by is no value of a parameter. */
function isSegment(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..';
}
