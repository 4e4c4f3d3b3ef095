import type { Request } from 'express';
import { Problem } from '../../domain/problem.ts';

export const JSON_TYPE = 'application/json';
export const MERGE_PATCH_TYPE = 'application/merge-patch+json';
export const PROBLEM_TYPE = 'application/problem+json';
export const YAML_TYPE = 'application/yaml';
export const MARKDOWN_TYPE = 'text/markdown';
export const TEXT_TYPE = 'text/plain';
export const MULTIPART_TYPE = 'multipart/form-data';
export const EVENTS_TYPE = 'text/event-stream';
export const HTML_TYPE = 'text/html';
export const CSS_TYPE = 'text/css';
export const JAVASCRIPT_TYPE = 'text/javascript';

/** Throws `unsupported_media_type` unless the body is declared as one of `types`, in UTF-8. */
export function checkContentType(given: string | undefined, types: readonly string[]): void {
  if (given !== undefined && types.includes(given)) return;
  const [type = '', ...parameters] = (given ?? '').toLowerCase().split(';');
  if (!types.includes(type.trim())) {
    const said =
      given === undefined ? 'the body has no `Content-Type`' : `\`${given.slice(0, 256)}\` is not taken here`;
    throw new Problem('unsupported_media_type', `${said}; send \`Content-Type: ${types.join('` or `')}\``);
  }
  for (const parameter of parameters) {
    const charset = /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(parameter)?.[1];
    if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
      throw new Problem('unsupported_media_type', `the charset \`${charset.slice(0, 256)}\` is not taken; send UTF-8`);
    }
  }
}

/** Throws `unsupported_media_type` for a body that is packed, or says that it is. */
export function checkContentEncoding(given: string | undefined): void {
  if (given === undefined || given.trim().toLowerCase() === 'identity') return;
  const message = `the body is encoded as \`${given.slice(0, 256)}\`, which is not taken; send it as it is, without \`Content-Encoding\``;
  throw new Problem('unsupported_media_type', message);
}

/** The type of the answer that the caller likes best among `produced`. Throws `not_acceptable` when it takes none. */
export function acceptedType(request: Request, produced: readonly string[]): string {
  const [usual = JSON_TYPE] = produced;
  const { accept } = request.headers;
  if (accept === undefined || accept === '*/*' || accept === usual) return usual;
  const accepted = request.accepts([...produced, PROBLEM_TYPE]);
  if (accepted === false) {
    const said = `nothing here can be written as \`${accept.slice(0, 256)}\``;
    throw new Problem('not_acceptable', `${said}; ask for \`Accept: ${produced.join('` or `')}\``);
  }
  return accepted === PROBLEM_TYPE ? usual : accepted;
}
