import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/*
 * `pk_4f9a1kq0zt_` + 43 letters and digits + 6 more: an id, 256 bits of chance, and a checksum of all before it. People and programs
 * that look for lost secrets know it by its form, and a mistyped one is told apart from a wrong one without asking the store.
 */

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SMALL = '0123456789abcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 10;
/** 62^43 is more than 2^256. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

export const KEY_PREFIX = 'pk_';
const ID_END = KEY_PREFIX.length + ID_LENGTH;
const FORM = new RegExp(`^pk_[0-9a-z]{${ID_LENGTH}}_[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

export const KEY_ID = new RegExp(`^pk_[0-9a-z]{${ID_LENGTH}}$`);

/** A key that nobody has had before. */
export function newKeyText(): string {
  const start = `${KEY_PREFIX}${randomText(SMALL, ID_LENGTH)}_${randomText(LETTERS, SECRET_LENGTH)}`;
  return start + checksumOf(start);
}

/** The id that a key begins with. */
export function keyIdIn(text: string): string {
  return text.slice(0, ID_END);
}

/** Whether the text can be a key at all: false where a character is wrong or missing. */
export function isWholeKey(text: string): boolean {
  return FORM.test(text) && checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/**
 * What is kept of a key. Not a slow hash: those make guessing what people choose expensive, and here 256 bits of chance are to be guessed;
 * and a slow hash would be paid for with every request.
 */
export function hashOfKey(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let written = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    written = LETTERS.charAt(rest % LETTERS.length) + written;
    rest = Math.floor(rest / LETTERS.length);
  }
  return written;
}

/** Each character equally likely: bytes that would favour the first ones are thrown away. */
function randomText(alphabet: string, length: number): string {
  const fair = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < fair && text.length < length) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
