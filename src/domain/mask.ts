import { didYouMean } from './did-you-mean.ts';
import { listed } from './listed.ts';

/** What of a question is not written into the decision log, by the names that rule files have for it. */
const MASKABLE = ['input', 'context', 'resource', 'subject', 'user'] as const;
type Maskable = (typeof MASKABLE)[number];

/** One path that is not written down: the fact, and the keys below it. `*` is every key. */
export interface Mask {
  readonly text: string;
  readonly fact: Maskable;
  readonly keys: readonly string[];
}

/** A setting that does not say what is to be masked. */
export class BadMask extends Error {
  override readonly name = 'BadMask';
}

/** `context.ip`, `input.*`, `user.attributes.email`. Throws `BadMask`: a mask that masks nothing would be found out too late. */
export function parseMask(text: string): Mask {
  const [head = '', ...keys] = text.split('.');
  const fact = MASKABLE.find((each) => each === head);
  if (fact === undefined) {
    const meant = didYouMean(head, MASKABLE);
    throw new BadMask(
      `the mask \`${text}\` does not begin with ${listed(MASKABLE)}${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`,
    );
  }
  if (keys.length === 0 || keys.includes('')) {
    throw new BadMask(`the mask \`${text}\` does not say what of it; write it like \`${fact}.name\`, or \`${fact}.*\``);
  }
  const [first] = keys;
  if (fact === 'resource' && first !== 'id' && first !== 'properties') {
    throw new BadMask(`the mask \`${text}\` masks nothing: a resource has \`id\` and \`properties\``);
  }
  if (fact === 'subject' && first !== 'properties') {
    throw new BadMask(`the mask \`${text}\` masks nothing: a subject has \`properties\`, and its id is never written`);
  }
  if (fact === 'user' && first !== 'attributes') {
    throw new BadMask(`the mask \`${text}\` masks nothing: what is stored of a user is in \`attributes\``);
  }
  return { text, fact, keys };
}
