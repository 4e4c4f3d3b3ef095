import { inCode } from '../../domain/listed.ts';
import { Problem, type ProblemCode } from '../../domain/problem.ts';
import { JSON_TYPE, PROBLEM_TYPE } from '../incoming/media-type.ts';
import { STATUS } from '../outgoing/status.ts';
import type { Route } from '../route.ts';
import type { HeaderName } from './headers.ts';
import type { Answer, Operation } from './operation.ts';
import { problemsOf } from './problems-of.ts';
import type { SchemaComponents } from './schema-components.ts';

interface Described {
  readonly description: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

/** Everything that a route can answer, by status. */
export function describeAnswers(
  route: Route,
  operation: Operation,
  schemas: SchemaComponents,
): Readonly<Record<string, Described>> {
  const answers = Object.entries(operation.answers).map(
    ([status, answer]) => [status, describeAnswer(route, answer, schemas)] as const,
  );
  const refusals = route.refuse === undefined ? problemAnswers : ownRefusals;
  const described: Record<string, Described> = { ...Object.fromEntries(answers) };
  for (const [status, refusal] of refusals(route, operation, schemas)) {
    const answer = described[status];
    // A status may be an answer and a problem, too: what is not ready, and what a store that is down makes impossible.
    described[status] = answer === undefined ? refusal : either(answer, refusal);
  }
  return described;
}

function describeAnswer({ produces = [JSON_TYPE] }: Route, answer: Answer, schemas: SchemaComponents): Described {
  const { says, schema, headers = [] } = answer;
  const written = schema === undefined && answer.text !== true ? [] : produces;
  return {
    description: says,
    headers: headersOf(['X-Request-Id', ...headers]),
    ...(written.length > 0 && {
      content: Object.fromEntries(
        written.map((type) => [
          type,
          { schema: type === JSON_TYPE && schema !== undefined ? schemas.reference(schema) : { type: 'string' } },
        ]),
      ),
    }),
  };
}

type Refusals = (
  route: Route,
  operation: Operation,
  schemas: SchemaComponents,
) => Iterable<readonly [status: string, Described]>;

const problemAnswers: Refusals = (route, operation, schemas) => {
  return byStatus(problemsOf(route, operation), (code) => STATUS[code]).map(([status, codes]) => [
    String(status),
    {
      description: inCode(codes),
      headers: headersOf(refusalHeaders(status)),
      content: {
        [PROBLEM_TYPE]: {
          schema: {
            allOf: [
              schemas.reference('answers/common/problem'),
              { properties: { status: { const: status }, code: { enum: codes } } },
            ],
          },
        },
      },
    },
  ]);
};

/** A protocol with a form of its own for errors says itself which status a problem has there. */
const ownRefusals: Refusals = (route, operation, schemas) => {
  const { refuse } = route;
  const { refusal } = operation;
  if (refuse === undefined || refusal === undefined)
    throw new Error(`\`${operation.id}\` refuses in a form of its own, and \`refusal\` does not say which`);
  const replies = problemsOf(route, operation).map((code) => ({ code, ...refuse(sample(code), {}) }));
  return byStatus(replies, ({ status }) => status).map(([status, same]) => [
    String(status),
    {
      description: inCode(same.map(({ code }) => code)),
      headers: headersOf(refusalHeaders(status)),
      content: { [same[0]?.type ?? JSON_TYPE]: { schema: schemas.reference(refusal) } },
    },
  ]);
};

function byStatus<T>(all: readonly T[], statusOf: (each: T) => number): readonly (readonly [number, readonly T[]])[] {
  const statuses = [...new Set(all.map(statusOf))].sort((a, b) => a - b);
  return statuses.map((status) => [status, all.filter((each) => statusOf(each) === status)]);
}

function sample(code: ProblemCode): Problem {
  return new Problem(code, code);
}

function refusalHeaders(status: number): readonly HeaderName[] {
  if (status === 401 || status === 403) return ['X-Request-Id', 'WWW-Authenticate'];
  if (status === 429) return ['X-Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy'];
  return status === 503 ? ['X-Request-Id', 'Retry-After'] : ['X-Request-Id'];
}

function headersOf(names: readonly HeaderName[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function either(answer: Described, refusal: Described): Described {
  return {
    description: `${answer.description} Or ${refusal.description}`,
    headers: { ...answer.headers, ...refusal.headers },
    content: { ...answer.content, ...refusal.content },
  };
}
