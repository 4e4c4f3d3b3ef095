import { JSON_TYPE, MERGE_PATCH_TYPE, MULTIPART_TYPE } from '../incoming/media-type.ts';
import type { Route } from '../route.ts';
import { describeAnswers } from './describe-answers.ts';
import type { Operation } from './operation.ts';
import type { Parameter } from './parameters.ts';
import type { SchemaComponents } from './schema-components.ts';

/** One operation as OpenAPI has it: what the route knows, and what is said of it. */
export function describeOperation(route: Route, operation: Operation, schemas: SchemaComponents): object {
  const { takes } = route;
  const { id, says, more, tag, body } = operation;
  const parameters = describeParameters(route, operation);
  if ((takes === undefined) !== (body === undefined))
    throw new Error(
      `\`${id}\` ${takes === undefined ? 'takes no body, and one is described' : 'takes a body, and none is described'}`,
    );
  return {
    operationId: id,
    summary: says,
    ...(more === undefined ? {} : { description: more }),
    tags: [tag],
    // Each key is one way to prove who is asking.
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: describeBody(route, body, schemas) }),
    responses: describeAnswers(route, operation, schemas),
  };
}

function securityOf({ scope, needsToo }: Route): readonly object[] {
  if (scope === null) return [];
  const scopes = needsToo === undefined ? [scope] : [scope, needsToo];
  // Last: nobody needs a key while there is none, and with the first one everybody does. The description is the same before and after.
  return [{ apiKey: scopes }, { jwt: scopes }, {}];
}

/** `/v1/members/:id` as OpenAPI writes it: `/v1/members/{id}`. */
export function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** Throws unless exactly the parameters of the route are described. */
function describeParameters(
  { path, query = [] }: Route,
  { id, parameters = {}, headers = {} }: Operation,
): readonly object[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const of = (name: string): Parameter => {
    const parameter = parameters[name];
    if (parameter === undefined) throw new Error(`\`${id}\` does not say what its parameter \`${name}\` is`);
    return parameter;
  };
  const unknown = Object.keys(parameters).find((name) => !inPath.includes(name) && !query.includes(name));
  if (unknown !== undefined)
    throw new Error(`\`${id}\` describes the parameter \`${unknown}\`, which its route has not`);
  return [
    ...inPath.map((name) => ({ name, in: 'path', ...of(name), required: true })),
    ...query.map((name) => ({ name, in: 'query', ...of(name) })),
    ...Object.entries(headers).map(([name, header]) => ({ name, in: 'header', ...header })),
  ];
}

function describeBody(
  { takes = [], bodyOptional }: Route,
  { schema, says, parts = {}, examples }: NonNullable<Operation['body']>,
  schemas: SchemaComponents,
): object {
  const contentOf = (type: string): object => {
    if (type === MULTIPART_TYPE) return { schema: filesOf(parts) };
    if (schema === undefined || (type !== JSON_TYPE && type !== MERGE_PATCH_TYPE))
      return { schema: { type: 'string', ...(says !== undefined && { description: says }) } };
    return {
      schema: schemas.reference(schema),
      ...(examples !== undefined && {
        examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
      }),
    };
  };
  return {
    required: bodyOptional !== true,
    content: Object.fromEntries(takes.map((type) => [type, contentOf(type)])),
  };
}

function filesOf(parts: Readonly<Record<string, string>>): object {
  return {
    type: 'object',
    required: Object.keys(parts).slice(0, 1),
    properties: Object.fromEntries(
      Object.entries(parts).map(([name, description]) => [name, { type: 'string', description }]),
    ),
  };
}
