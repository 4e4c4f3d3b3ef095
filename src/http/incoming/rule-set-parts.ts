import { Problem } from '../../domain/problem.ts';
import type { Call } from '../route.ts';
import { MULTIPART_TYPE } from './media-type.ts';
import { textOf } from './rule-set-request.ts';

/** A rule file, and with it the promises that change together with it. */
export interface RuleSetParts {
  readonly yaml: string;
  readonly scenarios?: string;
}

const KNOWN = ['ruleSet', 'scenarios'];

/** The body: a rule file alone, or `multipart/form-data` with the parts `ruleSet` and `scenarios`. */
export async function ruleSetPartsIn({ body, headers }: Call): Promise<RuleSetParts> {
  const type = headers['content-type'] ?? '';
  if (!type.toLowerCase().startsWith(MULTIPART_TYPE)) return { yaml: textOf(body) };
  const form = await new Response(body as Buffer<ArrayBuffer>, { headers: { 'Content-Type': type } })
    .formData()
    .catch((cause: unknown) => {
      throw new Problem('malformed_body', 'the body is not `multipart/form-data` as its `Content-Type` says', {
        cause,
      });
    });
  const unknown = [...form.keys()].find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    throw new Problem(
      'unknown_field',
      `the part \`${unknown.slice(0, 256)}\` is not known; known are \`ruleSet\` and \`scenarios\``,
    );
  }
  const yaml = await partOf(form, 'ruleSet');
  if (yaml === undefined) throw new Problem('missing_field', 'the part `ruleSet` is required', { field: '/ruleSet' });
  const scenarios = await partOf(form, 'scenarios');
  return scenarios === undefined ? { yaml } : { yaml, scenarios };
}

async function partOf(form: FormData, name: string): Promise<string | undefined> {
  const [part, ...others] = form.getAll(name);
  if (others.length > 0)
    throw new Problem('invalid_field', `the part \`${name}\` is there twice`, { field: `/${name}` });
  if (part === undefined || typeof part === 'string') return part;
  return textOf(Buffer.from(await part.arrayBuffer()));
}
