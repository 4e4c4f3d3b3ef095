import { PerkbookError } from '../../sdk/perkbook-error.ts';
import { type Settings, settingsFrom } from '../../sdk/settings.ts';
import type { Message } from '../../sdk/transport/attempt.ts';
import { Crowd } from '../../sdk/transport/crowd.ts';
import { send } from '../../sdk/transport/send.ts';
import { WaitingRoom } from '../../sdk/transport/waiting-room.ts';
import { NotDone, WrongUse } from '../frame/errors.ts';
import { serverAddress } from './server-address.ts';

export interface RemoteOptions {
  /** How long the server may take over each answer. */
  readonly withinMs?: number;
  /** Absent: the server asks nobody for one. */
  readonly apiKey?: string | undefined;
}

const WITHIN_MS = 10_000;

/** A running server, as commands ask it. What the caller can mend is `WrongUse`; what the server cannot do is `NotDone`. */
export class RemoteServer {
  readonly #settings: Settings;
  readonly #room = new WaitingRoom();

  constructor(url: string, { withinMs = WITHIN_MS, apiKey }: RemoteOptions = {}) {
    this.#settings = settingsOf(url, withinMs, apiKey);
  }

  get address(): string {
    return this.#settings.baseUrl;
  }

  get<T>(path: string): Promise<T> {
    return this.#call<T>({ method: 'GET', path });
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>({ method: 'POST', path, body: JSON.stringify(body) });
  }

  /** Undefined where that cannot be told. */
  async isThere(path: string): Promise<boolean | undefined> {
    try {
      await this.#answerTo({ method: 'GET', path });
      return true;
    } catch (error) {
      return error instanceof PerkbookError && error.status === 404 ? false : undefined;
    }
  }

  #answerTo(message: Message): Promise<object> {
    const crowd = new Crowd();
    const caller = { timeout: this.#settings.timeout, signal: undefined };
    return this.#room.wait([crowd], caller, send(message, crowd, this.#settings));
  }

  async #call<T>(message: Message): Promise<T> {
    try {
      return (await this.#answerTo(message)) as T;
    } catch (error) {
      throw error instanceof PerkbookError ? this.#inWords(error) : error;
    }
  }

  #inWords(error: PerkbookError): WrongUse | NotDone {
    const { detail: message, kind, status, code, retryAfter, didYouMean } = error;
    const { baseUrl, timeout } = this.#settings;
    const notDone = (text: string) => new NotDone(`\`${baseUrl}\` ${text}`, { cause: error });
    if (kind === 'timeout') return notDone(`cannot be asked: no answer within ${timeout / 1000} s`);
    if (status === 401 || code === 'too_many_wrong_keys')
      return notDone(`does not know who asks: ${message}; PERKBOOK_API_KEY is the key that is sent`);
    // Without a code somebody else has spoken: a proxy, or no Perkbook at all.
    if (code === undefined || status === undefined) return new NotDone(message, { cause: error });
    if (status < 500 && status !== 429) return new WrongUse(message, didYouMean, { cause: error });
    const seconds = Math.ceil((retryAfter ?? 0) / 1000);
    const again = retryAfter === undefined ? '' : `; ask again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
    return notDone(`could not answer: ${message}${again}`);
  }
}

function settingsOf(url: string, timeout: number, apiKey: string | undefined): Settings {
  const baseUrl = serverAddress(url);
  try {
    // Whoever waits at a terminal sees what is wrong, and asks again.
    return settingsFrom({ baseUrl, timeout, retries: 0, ...(apiKey ? { apiKey } : {}) });
  } catch (cause) {
    throw new WrongUse((cause as Error).message, undefined, { cause });
  }
}
