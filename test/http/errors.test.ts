import { expect } from 'chai';
import { type Running, run, SIX_LORAS } from './running.ts';
import { type Keyed, runWithKeys } from './with-keys.ts';

interface Wrong {
  readonly what: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly status: number;
  readonly code: string;
  readonly field?: string;
  readonly didYouMean?: string;
  readonly detail?: RegExp;
}

const DECISIONS = '/v1/decisions';
const MEMBER = '/v1/members/sam';
const { user, action, input } = SIX_LORAS;

/** Every way to ask wrongly, and what the answer says. */
const TABLE: readonly Wrong[] = [
  // The body.
  { what: 'no body', body: '', status: 400, code: 'malformed_json', detail: /empty/ },
  { what: 'half a body', body: '{"user": "sam",', status: 400, code: 'malformed_json', detail: /position 15/ },
  {
    what: 'a bare word',
    body: '{"user": sam}',
    status: 400,
    code: 'malformed_json',
    detail: /`s` is not expected at line 1, column 10/,
  },
  {
    what: 'a comma too many',
    body: '{\n  "user": "sam",\n}',
    status: 400,
    code: 'malformed_json',
    detail: /line 3, column 1/,
  },
  { what: 'something behind the body', body: '{} {}', status: 400, code: 'malformed_json', detail: /position 3/ },
  {
    what: 'bytes that are no UTF-8',
    body: Uint8Array.of(0x22, 0xff, 0x22),
    status: 400,
    code: 'malformed_json',
    detail: /UTF-8/,
  },
  { what: 'a list', body: [], status: 400, code: 'invalid_field', field: '' },
  { what: 'a number', body: '7', status: 400, code: 'invalid_field', field: '' },
  { what: 'null', body: 'null', status: 400, code: 'invalid_field', field: '' },
  {
    what: 'a body above 1 MiB',
    body: { ...SIX_LORAS, context: { text: 'x'.repeat(1_048_576) } },
    status: 413,
    code: 'body_too_large',
  },
  {
    what: '`__proto__`',
    body: '{"user": "sam", "action": "generation.turbo", "__proto__": {"at": 1}}',
    status: 400,
    code: 'unknown_field',
    field: '/__proto__',
  },
  {
    what: '`constructor`',
    body: '{"user": "sam", "action": "constructor"}',
    status: 404,
    code: 'unknown_action',
    field: '/action',
  },
  // The question.
  { what: 'no user', body: { action }, status: 400, code: 'missing_field', field: '/user' },
  { what: 'no action', body: { user }, status: 400, code: 'missing_field', field: '/action' },
  {
    what: 'a misspelt field',
    body: { ...SIX_LORAS, imput: {} },
    status: 400,
    code: 'unknown_field',
    field: '/imput',
    didYouMean: 'input',
  },
  {
    what: 'a misspelt action',
    body: { user, action: 'generation.creat', input },
    status: 404,
    code: 'unknown_action',
    field: '/action',
    didYouMean: 'generation.create',
  },
  {
    what: 'a misspelt input',
    body: { user, action, input: { ...input, lora: 1 } },
    status: 400,
    code: 'unknown_field',
    field: '/input/lora',
    didYouMean: 'loras',
  },
  {
    what: 'a missing input',
    body: { user, action, input: { loras: 1, width: 1 } },
    status: 400,
    code: 'missing_field',
    field: '/input/height',
  },
  {
    what: 'a negative input',
    body: { user, action, input: { ...input, loras: -1 } },
    status: 400,
    code: 'invalid_field',
    field: '/input/loras',
  },
  {
    what: 'a fractional input',
    body: { user, action, input: { ...input, loras: 1.5 } },
    status: 400,
    code: 'invalid_field',
    field: '/input/loras',
  },
  {
    what: 'a number as text',
    body: { user, action, input: { ...input, loras: '6' } },
    status: 400,
    code: 'invalid_field',
    field: '/input/loras',
  },
  {
    what: 'an input of an action without any',
    body: { user, action: 'generation.turbo', input: { fast: true } },
    status: 400,
    code: 'unknown_field',
    field: '/input/fast',
  },
  {
    what: 'a word that is not offered',
    body: { user, action: 'avatar.upload', input: { format: 'giff' } },
    status: 400,
    code: 'invalid_field',
    field: '/input/format',
    didYouMean: 'gif',
  },
  {
    what: 'an instant without a zone',
    body: { ...SIX_LORAS, at: '2026-11-22T10:00:00' },
    status: 400,
    code: 'invalid_field',
    field: '/at',
    didYouMean: '2026-11-22T10:00:00Z',
  },
  {
    what: 'a day that does not exist',
    body: { ...SIX_LORAS, at: '2026-02-30T10:00:00Z' },
    status: 400,
    code: 'invalid_field',
    field: '/at',
  },
  { what: 'an empty user', body: { ...SIX_LORAS, user: '' }, status: 400, code: 'invalid_id', field: '/user' },
  {
    what: 'a user with a control character',
    body: { ...SIX_LORAS, user: 'a\u0007' },
    status: 400,
    code: 'invalid_id',
    field: '/user',
  },
  {
    what: 'a user of 257 characters',
    body: { ...SIX_LORAS, user: 'u'.repeat(257) },
    status: 400,
    code: 'invalid_id',
    field: '/user',
  },
  {
    what: 'no resource where one is needed',
    body: { user, action: 'model.use_early' },
    status: 400,
    code: 'missing_field',
    field: '/resource',
  },
  {
    what: 'a rule set that is not there',
    body: { ...SIX_LORAS, ruleSet: 'pixai-membershop' },
    status: 404,
    code: 'unknown_rule_set',
    field: '/ruleSet',
    didYouMean: 'pixai-membership',
  },
  {
    what: 'an amount of 0',
    body: { user, action: 'lora.train_free', amount: 0 },
    status: 400,
    code: 'invalid_field',
    field: '/amount',
  },
  // Batches.
  {
    what: 'a batch without questions',
    path: '/v1/decisions/batch',
    body: {},
    status: 400,
    code: 'missing_field',
    field: '/questions',
  },
  {
    what: 'an empty batch',
    path: '/v1/decisions/batch',
    body: { questions: [] },
    status: 400,
    code: 'invalid_field',
    field: '/questions',
  },
  {
    what: 'a batch of 1001',
    path: '/v1/decisions/batch',
    body: { questions: Array(1001).fill({}) },
    status: 400,
    code: 'invalid_field',
    field: '/questions',
  },
  {
    what: 'a batch with a wrong instant',
    path: '/v1/decisions/batch',
    body: { questions: [SIX_LORAS], at: 'now' },
    status: 400,
    code: 'invalid_field',
    field: '/at',
  },
  {
    what: 'a batch with an unknown field',
    path: '/v1/decisions/batch',
    body: { questions: [SIX_LORAS], detial: 'brief' },
    status: 400,
    code: 'unknown_field',
    field: '/detial',
    didYouMean: 'detail',
  },
  // Members.
  { what: 'an unknown member', method: 'GET', path: '/v1/members/nobody', status: 404, code: 'unknown_member' },
  {
    what: 'a tier that is not there',
    method: 'PUT',
    path: MEMBER,
    body: {
      terms: [{ tier: 'statrer', channel: 'web', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-02-01T00:00:00Z' }],
    },
    status: 422,
    code: 'invalid_member',
    field: '/terms/0/tier',
    didYouMean: 'starter',
  },
  {
    what: 'a term of the first tier',
    method: 'PUT',
    path: MEMBER,
    body: {
      terms: [{ tier: 'free', channel: 'web', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-02-01T00:00:00Z' }],
    },
    status: 422,
    code: 'invalid_member',
    field: '/terms/0/tier',
  },
  {
    what: 'a term that ends as it starts',
    method: 'PUT',
    path: MEMBER,
    body: {
      terms: [{ tier: 'pro', channel: 'web', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' }],
    },
    status: 422,
    code: 'invalid_member',
    field: '/terms/0/endsAt',
  },
  {
    what: 'a negative holding',
    method: 'PUT',
    path: MEMBER,
    body: { holdings: { private_models: -1 } },
    status: 422,
    code: 'invalid_member',
    field: '/holdings/private_models',
  },
  {
    what: 'a path whose percent-encoding is broken',
    method: 'GET',
    path: '/v1/members/%zz',
    status: 400,
    code: 'invalid_id',
  },
  {
    what: 'a user in the path with a control character',
    method: 'GET',
    path: '/v1/members/a%07',
    status: 400,
    code: 'invalid_id',
    field: '/id',
  },
  {
    what: 'a merge patch that is no object',
    method: 'PATCH',
    path: MEMBER,
    body: [],
    status: 400,
    code: 'invalid_field',
    field: '',
  },
  // Consume and release.
  {
    what: 'a consume without a key',
    path: `${MEMBER}/consume`,
    body: { action: 'lora.train_free' },
    status: 400,
    code: 'missing_field',
    field: '/idempotencyKey',
  },
  {
    what: 'a consume with a user',
    path: `${MEMBER}/consume`,
    body: { user, action: 'lora.train_free', idempotencyKey: 'k' },
    status: 400,
    code: 'unknown_field',
    field: '/user',
  },
  {
    what: 'a key of 129 characters',
    path: `${MEMBER}/consume`,
    body: { action: 'lora.train_free', idempotencyKey: 'k'.repeat(129) },
    status: 400,
    code: 'invalid_field',
    field: '/idempotencyKey',
  },
  {
    what: 'half a consume',
    path: `${MEMBER}/consume`,
    body: { action: 'lora.train_free', idempotencyKey: 'k', amount: 0.5 },
    status: 400,
    code: 'invalid_field',
    field: '/amount',
  },
  {
    what: 'two claims at once',
    path: `${MEMBER}/consume`,
    body: { action: 'credits.daily.claim', idempotencyKey: 'k', amount: 2 },
    status: 400,
    code: 'invalid_field',
    field: '/amount',
  },
  {
    what: 'the release of a key that is not known',
    path: `${MEMBER}/release`,
    body: { idempotencyKey: 'never' },
    status: 404,
    code: 'unknown_key',
    field: '/idempotencyKey',
  },
  {
    what: 'a release without a key',
    path: `${MEMBER}/release`,
    body: {},
    status: 400,
    code: 'missing_field',
    field: '/idempotencyKey',
  },
  {
    what: 'a release with a misspelt key',
    path: `${MEMBER}/release`,
    body: { idempotencykey: 'k' },
    status: 400,
    code: 'unknown_field',
    field: '/idempotencykey',
    didYouMean: 'idempotencyKey',
  },
  {
    what: 'an attribute that is an object',
    method: 'PUT',
    path: MEMBER,
    body: { attributes: { b: {} } },
    status: 400,
    code: 'invalid_field',
    field: '/attributes/b',
    detail: /`b` must be a text, a number, true or false, null or a list$/,
  },
  {
    what: 'a name that is longer than any',
    body: { ...SIX_LORAS, ['x'.repeat(900_000)]: 1 },
    status: 400,
    code: 'unknown_field',
    field: `/${'x'.repeat(1023)}…`,
    detail: /^`x{256}…` is not known here/,
  },
  // Query parameters.
  {
    what: 'a misspelt parameter',
    method: 'GET',
    path: '/v1/members?limt=3',
    status: 400,
    code: 'unknown_field',
    field: '/limt',
    didYouMean: 'limit',
  },
  {
    what: 'a parameter given twice',
    method: 'GET',
    path: '/v1/members?limit=3&limit=4',
    status: 400,
    code: 'invalid_field',
    field: '/limit',
  },
  {
    what: 'a limit of 0',
    method: 'GET',
    path: '/v1/members?limit=0',
    status: 400,
    code: 'invalid_field',
    field: '/limit',
  },
  {
    what: 'a limit of 1001',
    method: 'GET',
    path: '/v1/members?limit=1001',
    status: 400,
    code: 'invalid_field',
    field: '/limit',
  },
  {
    what: 'a limit in words',
    method: 'GET',
    path: '/v1/members?limit=ten',
    status: 400,
    code: 'invalid_field',
    field: '/limit',
  },
  {
    what: 'a parameter where none is taken',
    path: `${DECISIONS}?at=now`,
    body: SIX_LORAS,
    status: 400,
    code: 'unknown_field',
    field: '/at',
  },
  {
    what: 'a plus that became a space',
    method: 'GET',
    path: `${MEMBER}/perks?at=2026-11-22T10:00:00+02:00`,
    status: 400,
    code: 'invalid_field',
    field: '/at',
    detail: /%2B/,
  },
  // Rule sets.
  {
    what: 'an unknown rule set',
    method: 'GET',
    path: '/v1/rule-sets/document',
    status: 404,
    code: 'unknown_rule_set',
    didYouMean: 'documents',
  },
  {
    what: 'an unknown version',
    method: 'GET',
    path: '/v1/rule-sets/documents/versions/99',
    status: 404,
    code: 'unknown_version',
  },
  {
    what: 'a version that is no number',
    method: 'GET',
    path: '/v1/rule-sets/documents/versions/01',
    status: 404,
    code: 'unknown_version',
  },
  {
    what: 'the matrix of an unknown version',
    method: 'GET',
    path: '/v1/rule-sets/pixai-membership/matrix?version=99',
    status: 404,
    code: 'unknown_version',
  },
  // Paths, methods and types.
  {
    what: 'a misspelt path',
    path: '/v1/decision',
    body: SIX_LORAS,
    status: 404,
    code: 'unknown_path',
    didYouMean: '/v1/decisions',
  },
  {
    what: 'a misspelt path below a user',
    method: 'GET',
    path: '/v1/members/sam/perk',
    status: 404,
    code: 'unknown_path',
    didYouMean: '/v1/members/sam/perks',
  },
  {
    what: 'a slash too many',
    path: '/v1/decisions/',
    body: SIX_LORAS,
    status: 404,
    code: 'unknown_path',
    didYouMean: '/v1/decisions',
  },
  { what: 'a POST to the root', method: 'POST', path: '/', status: 405, code: 'method_not_allowed' },
  { what: 'a wrong method', method: 'DELETE', path: DECISIONS, status: 405, code: 'method_not_allowed' },
  { what: 'a GET of a question', method: 'GET', path: DECISIONS, status: 405, code: 'method_not_allowed' },
  {
    what: 'no content type',
    body: new TextEncoder().encode('{}'),
    headers: { 'Content-Type': '' },
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    what: 'a form',
    body: 'user=sam',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    what: 'another charset',
    body: SIX_LORAS,
    headers: { 'Content-Type': 'application/json; charset=latin1' },
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    what: 'a merge patch as a PUT',
    method: 'PUT',
    path: MEMBER,
    body: {},
    headers: { 'Content-Type': 'application/merge-patch+json' },
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    what: 'an answer that cannot be given',
    body: SIX_LORAS,
    headers: { Accept: 'text/html' },
    status: 406,
    code: 'not_acceptable',
  },
  {
    what: 'YAML where there is none',
    method: 'GET',
    path: '/v1/rule-sets',
    headers: { Accept: 'application/yaml' },
    status: 406,
    code: 'not_acceptable',
  },
  // The test clock.
  {
    what: 'a clock without an instant',
    method: 'PUT',
    path: '/v1/clock',
    body: {},
    status: 400,
    code: 'missing_field',
    field: '/now',
  },
  {
    what: 'a clock set to a word',
    method: 'PUT',
    path: '/v1/clock',
    body: { now: 'tomorrow' },
    status: 400,
    code: 'invalid_field',
    field: '/now',
  },
  {
    what: 'a clock with another field',
    method: 'PUT',
    path: '/v1/clock',
    body: { nows: '2026-01-01T00:00:00Z' },
    status: 400,
    code: 'unknown_field',
    field: '/nows',
    didYouMean: 'now',
  },
  {
    what: 'a decision log where none is kept',
    method: 'GET',
    path: '/v1/decisions-log',
    status: 404,
    code: 'no_decision_log',
    detail: /PERKBOOK_DECISION_LOG=file/,
  },
];

/** Every way to be the wrong one to ask; `who` is a key of its own each. */
const WRONG_CALLERS: readonly (Wrong & {
  readonly who: 'nobody' | 'admin' | 'reader' | 'shop' | 'busy' | 'stranger';
})[] = [
  { what: 'no key', who: 'nobody', body: SIX_LORAS, status: 401, code: 'unauthenticated' },
  { what: 'a key of another server', who: 'stranger', body: SIX_LORAS, status: 401, code: 'unauthenticated' },
  { what: 'no key where the question is wrong, too', who: 'nobody', body: {}, status: 401, code: 'unauthenticated' },
  { what: 'a key without the scope', who: 'reader', body: SIX_LORAS, status: 403, code: 'forbidden' },
  {
    what: 'another instant without `decide:at`',
    who: 'busy',
    body: { ...SIX_LORAS, at: '2026-11-22T10:00:00Z' },
    status: 403,
    code: 'forbidden',
    field: '/at',
  },
  {
    what: 'an action of somebody else’s rule set',
    who: 'shop',
    body: SIX_LORAS,
    status: 403,
    code: 'forbidden',
    field: '/action',
  },
  { what: 'too much', who: 'busy', body: SIX_LORAS, status: 429, code: 'too_many_requests' },
  {
    what: 'a key that was never made',
    who: 'admin',
    method: 'DELETE',
    path: '/v1/keys/pk_0000000000',
    status: 404,
    code: 'unknown_api_key',
  },
  {
    what: 'an id that no key has',
    who: 'admin',
    method: 'GET',
    path: '/v1/keys/shop',
    status: 400,
    code: 'invalid_id',
    field: '/id',
  },
];

describe('who asks wrongly', () => {
  let server: Keyed;
  const keys: Record<string, Readonly<Record<string, string>>> = {};

  before(async () => {
    server = await runWithKeys({ rateLimit: { requests: 12, perSeconds: 3_600 } });
    const other = await runWithKeys();
    Object.assign(keys, {
      nobody: {},
      admin: server.admin,
      reader: await server.key(['rules:read']),
      shop: await server.key(['decide'], { ruleSets: ['documents'] }),
      busy: await server.key(['decide']),
      stranger: other.admin,
    });
    await other.close();
  });
  after(() => server.close());

  for (const { what, who, method = 'POST', path = DECISIONS, body, status, code, field } of WRONG_CALLERS) {
    it(`${what}: ${status} ${code}`, async () => {
      if (status === 429) await server.post('/v1/decisions/batch', { questions: Array(12).fill(SIX_LORAS) }, keys[who]);
      const got = await server.send(method, path, body, keys[who]);
      expect(got.json, got.text).to.include({ status, code, type: `urn:perkbook:problem:${code}` });
      expect(got.json.field).to.equal(field);
      expect(got.headers.has('www-authenticate')).to.equal(status === 401 || 'scope' in got.json);
      expect(got.headers.has('retry-after')).to.equal(status === 429);
    });
  }
});

describe('what is asked wrongly', () => {
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  for (const {
    what,
    method = 'POST',
    path = DECISIONS,
    headers,
    body,
    status,
    code,
    field,
    didYouMean,
    detail,
  } of TABLE) {
    it(`${what}: ${status} ${code}`, async () => {
      const got = await server.send(method, path, body, headers);
      expect(got.json, got.text).to.include({ status, code, type: `urn:perkbook:problem:${code}` });
      expect(got.status).to.equal(status);
      expect(got.headers.get('content-type')).to.equal('application/problem+json');
      expect(got.headers.get('x-request-id')).to.be.a('string');
      expect(got.json.title).to.be.a('string').that.is.not.empty;
      expect(got.json.detail)
        .to.match(/^[^A-Z]/)
        .and.not.match(/ at .*\.[jt]s|undefined/);
      expect(got.json.field).to.equal(field);
      expect(got.json.didYouMean).to.equal(didYouMean);
      if (detail !== undefined) expect(got.json.detail).to.match(detail);
    });
  }

  it('a wrong method names the right ones, in `Allow`', async () => {
    const { headers } = await server.send('POST', MEMBER, {});
    expect(headers.get('allow')).to.equal('GET, HEAD, PUT, PATCH, DELETE, OPTIONS');
  });

  it('a key that is there twice counts once, the last one', async () => {
    const { status, json } = await server.post(DECISIONS, '{"user": "a", "user": "b", "action": "generation.turbo"}');
    expect([status, json.user]).to.deep.equal([200, 'b']);
  });

  it('nesting without end does no harm', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const { status } = await server.post(DECISIONS, `{"user": "a", "action": "generation.turbo", "context": ${deep}}`);
    expect(status).to.be.oneOf([200, 400]);
  });
});
