import { SIX_LORAS } from '../running.ts';
import type { Wrong } from './wrong.ts';

export const WRONG_BODY: readonly Wrong[] = [
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
];
