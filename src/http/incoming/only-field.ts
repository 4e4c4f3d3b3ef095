import { didYouMean } from '../../domain/did-you-mean.ts';
import { Problem } from '../../domain/problem.ts';

/** The value of the one property that a small body has. Throws a `Problem` for any other shape. `example`: how the body looks. */
export function onlyField(body: unknown, name: string, example: string): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('invalid_field', `the body must be an object such as \`${example}\``, { field: '' });
  }
  const unwanted = Object.keys(body).find((each) => each !== name);
  if (unwanted !== undefined) {
    const meant = didYouMean(unwanted, [name]);
    throw new Problem('unknown_field', `\`${unwanted.slice(0, 256)}\` is not known here; known is \`${name}\``, {
      field: `/${unwanted.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      ...(meant === undefined ? {} : { didYouMean: meant }),
    });
  }
  if (!Object.hasOwn(body, name)) throw new Problem('missing_field', `\`${name}\` is required`, { field: `/${name}` });
  return (body as Readonly<Record<string, unknown>>)[name];
}
