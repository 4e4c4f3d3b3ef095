import type { Operation, OperationKey } from '../operation.ts';

/** Health, metrics, the clock that a server may have for tests, and the description itself. */
export const runningOperations: Readonly<Record<OperationKey, Operation>> = {
  'GET /healthz': {
    id: 'isAlive',
    says: 'Does the process answer?',
    tag: 'Operation',
    answers: { 200: { says: 'It does.', schema: 'answers/operation/alive' } },
  },
  'GET /readyz': {
    id: 'isReady',
    says: 'Can questions be answered?',
    more: 'Ready when rules are loaded, the store answers and somebody could be let in. Rule files that could not be loaded are in `findings`, and do not make it unready; nor do API keys that could not be read anew, until those that were known are believed no more.',
    tag: 'Operation',
    answers: {
      200: { says: 'They can.', schema: 'answers/operation/ready' },
      503: { says: 'Not now.', schema: 'answers/operation/ready', headers: ['Retry-After'] },
    },
  },
  'GET /metrics': {
    id: 'scrape',
    says: 'The metrics, for Prometheus',
    more: 'Of all processes that share the work. Absent where metrics are turned off.',
    tag: 'Operation',
    answers: { 200: { says: 'The text format of Prometheus.', text: true } },
  },
  'GET /v1/clock': {
    id: 'getClock',
    says: 'What the test clock says',
    more: 'Only on a server that was started with a test clock.',
    tag: 'Operation',
    answers: { 200: { says: 'The instant.', schema: 'answers/operation/clock' } },
  },
  'PUT /v1/clock': {
    id: 'setClock',
    says: 'Travel in time',
    more: 'Forwards and backwards. Only on a server that was started with a test clock.',
    tag: 'Operation',
    body: { schema: 'clock-set', examples: { noon: { now: '2026-11-22T12:00:00Z' } } },
    answers: { 200: { says: 'It is set.', schema: 'answers/operation/clock' } },
    problems: ['unknown_field', 'missing_field', 'invalid_field'],
  },
  'GET /': {
    id: 'door',
    says: 'Where is what?',
    tag: 'Operation',
    answers: { 200: { says: 'The addresses of this description.', schema: 'answers/operation/door' } },
  },
  'GET /openapi.json': {
    id: 'openapi',
    says: 'This description',
    tag: 'Operation',
    answers: { 200: { says: 'OpenAPI 3.1.', schema: 'answers/operation/description' } },
  },
  'GET /docs': {
    id: 'docs',
    says: 'This description as a page',
    tag: 'Operation',
    answers: { 200: { says: 'The page.', text: true, headers: ['Cache-Control'] } },
  },
  'GET /docs/:file': {
    id: 'docsFile',
    says: 'What the page is made of',
    tag: 'Operation',
    parameters: { file: { description: 'Its name.', schema: { type: 'string' }, example: 'page.js' } },
    answers: { 200: { says: 'The file.', text: true, headers: ['Cache-Control'] } },
    problems: ['unknown_path'],
  },
};
