import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { PAGE_HEADERS } from '../../src/http/outgoing/page-headers.ts';

interface Described {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, Described>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}

/** As much of a description as is needed to compare answers with it. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** An answer, or what of it is compared. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Node's own, and those that say something of the connection or the body. */
const ALWAYS = [
  ...['connection', 'keep-alive', 'date', 'transfer-encoding', 'content-type', 'content-length'],
  // What browsers are told of pages of other origins, by a server that has some allowed.
  ...['access-control-allow-origin', 'access-control-expose-headers', 'vary'],
];
/** What the HTTP parser refuses is no answer of an operation. */
const BEFORE_ANY_ROUTE = ['malformed_request', 'request_timeout', 'headers_too_large', 'expectation_failed'];

/** Compares answers with a description: the operation, the status, the content type, the headers, the body. */
export class Conformance {
  readonly #paths: Description['paths'];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #checks = new Map<string, ValidateFunction>();
  readonly #templates: readonly { readonly path: string; readonly matches: RegExp }[];

  constructor(description: Description) {
    this.#paths = description.paths;
    this.#ajv.addFormat('date-time', (text) => !Number.isNaN(Date.parse(text)));
    this.#ajv.addFormat('uri', (text) => URL.canParse(text));
    this.#ajv.addSchema(description, 'openapi');
    // `/v1/decisions/batch` before `/v1/decisions/{id}`.
    const paths = Object.keys(description.paths).sort((a, b) => Number(a.includes('{')) - Number(b.includes('{')));
    this.#templates = paths.map((path) => ({ path, matches: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));
  }

  /** `POST /v1/decisions`; undefined where the description has no such operation. */
  operationOf(method: string, url: string): string | undefined {
    const { pathname } = new URL(url, 'http://localhost');
    const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
    const template = this.#templates.find(
      ({ path, matches }) => matches.test(pathname) && this.#paths[path]?.[asked] !== undefined,
    );
    return template === undefined ? undefined : `${asked.toUpperCase()} ${template.path}`;
  }

  /** What of an answer is not described. What no operation gives is not compared. */
  faultsOf(method: string, url: string, { status, headers, text }: Answered): readonly string[] {
    const key = this.operationOf(method, url);
    if (key === undefined) return [];
    const [verb = '', path = ''] = placeOf(key);
    const type = headers.get('content-type')?.split(';')[0];
    const json = type?.endsWith('json') === true && text !== '' ? JSON.parse(text) : undefined;
    if (BEFORE_ANY_ROUTE.includes(json?.code)) return [];

    const answer = this.#paths[path]?.[verb]?.responses[status];
    if (answer === undefined) return [`${key} answered ${status}, which is not described: ${text.slice(0, 300)}`];
    const faults = this.#headerFaults(answer, headers).map((each) => `${key}, ${status}: ${each}`);
    const content = answer.content ?? {};
    if (type === undefined || method === 'HEAD') {
      if (method !== 'HEAD' && Object.keys(content).length > 0) faults.push(`${key}, ${status}: there is no body`);
      return faults;
    }
    if (content[type] === undefined) return [...faults, `${key}, ${status}: \`${type}\` is not described`];
    const check = this.#check(['paths', path, verb, 'responses', String(status), 'content', type, 'schema']);
    if (check(json ?? text)) return faults;
    const wrong = check.errors?.map(
      (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
    );
    return [...faults, `${key}, ${status}: ${wrong?.join('; ')} in ${text.slice(0, 600)}`];
  }

  /** What is wrong with a body that was understood, according to the description. */
  bodyFaults(key: string, type: string, body: unknown): readonly string[] {
    const [verb = '', path = ''] = placeOf(key);
    const described = this.#paths[path]?.[verb]?.requestBody?.content[type];
    if (described === undefined) return [`${key}: a body of \`${type}\` is not described`];
    const check = this.#check(['paths', path, verb, 'requestBody', 'content', type, 'schema']);
    return check(body) ? [] : [`${key}: the body ${JSON.stringify(check.errors)}`];
  }

  #headerFaults({ headers: described = {} }: Described, headers: Headers): string[] {
    const known = new Set([
      ...ALWAYS,
      ...Object.keys({ ...described, ...PAGE_HEADERS }).map((each) => each.toLowerCase()),
    ]);
    const unknown = [...headers.keys()].filter((name) => !known.has(name));
    const faults = unknown.map((name) => `the header \`${name}\` is not described`);
    return headers.has('x-request-id') ? faults : [...faults, 'there is no `X-Request-Id`'];
  }

  #check(path: readonly string[]): ValidateFunction {
    const pointer = path.map((each) => encodeURIComponent(each.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const check = this.#checks.get(pointer) ?? this.#ajv.compile({ $ref: `openapi#/${pointer}` });
    this.#checks.set(pointer, check);
    return check;
  }
}

/** Where in the description an operation is. */
function placeOf(key: string): readonly string[] {
  const [method = '', path = ''] = key.split(' ');
  return [method.toLowerCase(), path];
}

const known = new Map<string, Conformance>();

/** What a running server says of itself. Servers that say the same share what was made of it. */
export async function describedBy(address: string): Promise<Conformance> {
  const text = await (await fetch(`${address}/openapi.json`)).text();
  const conformance = known.get(text) ?? new Conformance(JSON.parse(text) as Description);
  known.set(text, conformance);
  return conformance;
}
