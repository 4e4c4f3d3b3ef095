import { ownVersion } from '../../package/own-version.ts';
import { STATUS } from '../outgoing/status.ts';
import type { Route } from '../route.ts';
import { describeOperation, templateOf } from './describe-operation.ts';
import { HEADERS } from './headers.ts';
import { operationOf } from './operations.ts';
import { SchemaComponents } from './schema-components.ts';
import { TAGS } from './tags.ts';

/** A description as a document. Only what a test or a tool wants of it has a type. */
export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly [other: string]: unknown;
}

const ABOUT = `The rule book of a membership, as a service: may user X do Y?

A denial is an answer, status 200. What cannot be understood is a 4xx that names the field and what was probably meant, as a problem
(RFC 9457). Every answer carries \`X-Request-Id\`, echoed or made. Instants are RFC 3339 with a zone; answers are in UTC with milliseconds.
A path that has no such method is 405 with \`Allow\`; one that is not there is 404. What the HTTP parser refuses (400, 408, 417, 431) is a
problem, too. Nobody needs a key while the server has none (the \`{}\` in \`security\`); with the first one it is 401 without.`;

/** The description of a server with these routes, as OpenAPI 3.1. \`publicUrl\`: where callers reach it. */
export function openApiOf(routes: readonly Route[], publicUrl: string | undefined): OpenApi {
  const schemas = new SchemaComponents();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = templateOf(route.path);
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: describeOperation(route, operationOf(route), schemas),
    };
  }
  const used = new Set(routes.map((route) => operationOf(route).tag));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Perkbook',
      version: ownVersion(),
      summary: 'May user X do Y?',
      description: ABOUT,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Without a setting relative to where the description was found: never what a Host header says.
    servers: [{ url: publicUrl ?? '/' }],
    tags: Object.entries(TAGS)
      .filter(([name]) => used.has(name as keyof typeof TAGS))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key. It may do what its scopes say.' },
        jwt: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token of the configured issuer. Its claim `scope` says what it may do.',
        },
      },
      headers: HEADERS,
      schemas: withCodes(schemas.all()),
    },
  };
}

/** The codes of problems are known here, and not to the schema. */
function withCodes(schemas: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { Problem: problem } = schemas as { readonly Problem?: { readonly properties: { readonly code: object } } };
  if (problem === undefined) return schemas;
  const code = { ...problem.properties.code, enum: Object.keys(STATUS) };
  return { ...schemas, Problem: { ...problem, properties: { ...problem.properties, code } } };
}
