import { Problem } from '../../domain/problem.ts';
import { parseUserId } from '../../domain/user-id.ts';

const KEY = '/context/targetingKey';
const EXAMPLE = '{"context": {"targetingKey": "sam"}}';

/**
 * The user that flags are asked for. Everything else in the context is the caller's claim, which no perk's value depends on: it is not
 * looked at. Throws a `Problem` whose `field` says what is wrong: the body, the context or the key.
 */
export function fromOfrepEvaluation(body: unknown): string {
  if (!isObject(body)) {
    throw new Problem('invalid_field', `the body must be an object such as \`${EXAMPLE}\``, { field: '' });
  }
  const { context = {} } = body;
  if (!isObject(context)) {
    throw new Problem('invalid_field', `\`context\` must be an object, as in \`${EXAMPLE}\``, { field: '/context' });
  }
  const { targetingKey } = context;
  if (targetingKey === undefined || targetingKey === null || targetingKey === '') {
    throw new Problem(
      'missing_field',
      `\`context.targetingKey\` is required: the id of the user, as in \`${EXAMPLE}\``,
      {
        field: KEY,
      },
    );
  }
  return parseUserId(targetingKey, KEY);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
