import { mongodbUriIn } from './parse-setting.ts';

/*
 * What may be shown of texts in which somebody's name and password may stand. A password can have any character in it, so everything
 * before the last `@` is left out: too much rather than too little.
 */

/** Of an address, or of several. */
export function addressMask(text: string): string {
  return text.replace(/^([a-z][a-z+.-]*:\/\/)?[\s\S]*@/i, '$1***@');
}

/** Of an address in which what is asked for may be a secret, too. */
export function queryMask(text: string): string {
  return addressMask(text).replace(/\?[\s\S]*$/, '?***');
}

/** Of a connection string: nothing where it is none, since nobody can say then where in it a password is. */
export function connectionMask(text: string): string | undefined {
  return mongodbUriIn(text) === undefined ? undefined : queryMask(text);
}

/** Of a sentence that repeats what somebody wrote, cut off where it was long. */
export function sentenceMask(sentence: string): string {
  return sentence.replace(/:\/\/[^`]*(?:@|…)/g, '://***@');
}
