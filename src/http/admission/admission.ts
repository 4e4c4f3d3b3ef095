import type { IncomingMessage } from 'node:http';
import { ANYBODY, type Caller } from '../../domain/caller.ts';
import { KEY_PREFIX } from '../../use-cases/keys/key-text.ts';
import type { LiveKeys } from '../../use-cases/keys/live-keys.ts';
import type { MaybePromise } from '../../use-cases/ports.ts';
import { bearerIn } from './bearer.ts';
import { Buckets } from './buckets.ts';
import { callersByJwt, type JwtTrust } from './callers-by-jwt.ts';
import { callerByKey } from './callers-by-key.ts';
import { requireThisMachine } from './this-machine.ts';
import { notBelieved, TurnedAway } from './turned-away.ts';

export interface AdmissionOptions {
  readonly keys: LiveKeys;
  readonly jwt: JwtTrust | undefined;
  /** Whether only this machine can reach the server: then nobody has to say who they are until there is a way to. */
  readonly isLocal: boolean;
  /** How much one caller may ask; absent: as much as it likes. */
  readonly limit: { readonly requests: number; readonly perSeconds: number } | undefined;
  /** The origins whose pages may call. */
  readonly origins: ReadonlySet<string>;
}

export interface Admission {
  /** Whether nobody has to say who they are. */
  readonly isOpen: boolean;
  /** Whether there is anybody who could be let in now. */
  readonly letsIn: boolean;
  /** Who sends a request, at once where it can be told. Throws `TurnedAway`, `forbidden` and `KeyStoreUnreachable`. */
  admit(request: IncomingMessage): MaybePromise<Caller>;
  /** For a request that asks `amount` times more than one usually does. Throws `too_many_requests` where the caller owes for another. */
  owe(caller: Caller, amount: number): void;
}

/** What may be guessed from one address before it is told to wait: enough for a mistake in a deployment, too little to guess. */
const WRONG = { most: 30, fillsInMs: 60_000 };

/** Decides who is let in. */
export function admission({ keys, jwt, isLocal, limit, origins }: AdmissionOptions): Admission {
  const byJwt = jwt === undefined ? undefined : callersByJwt(jwt);
  const wrong = new Buckets(WRONG);
  const buckets =
    limit === undefined ? undefined : new Buckets({ most: limit.requests, fillsInMs: limit.perSeconds * 1000 });

  const isOpen = () => isLocal && byJwt === undefined && !keys.any;

  function callerOf(request: IncomingMessage): MaybePromise<Caller> {
    const bearer = bearerIn(request);
    if (bearer.startsWith(KEY_PREFIX)) return callerByKey(keys, bearer);
    if (byJwt !== undefined) return byJwt(bearer);
    throw notBelieved(`what was sent is no key of this server: those begin with \`${KEY_PREFIX}\``);
  }

  function within(caller: Caller): Caller {
    wait(caller, buckets?.take(caller.id));
    return caller;
  }

  function wait(caller: Caller, waitMs = 0): void {
    if (waitMs > 0 && limit !== undefined) throw tooMuch(caller, limit, waitMs);
  }

  /** Only who may be guessing is slowed down: others behind the same address, which may be that of a proxy, are not locked out. */
  function refused(request: IncomingMessage, error: unknown): unknown {
    if (!(error instanceof TurnedAway) || !error.isGuess) return error;
    const waitMs = wrong.take(addressOf(request));
    return waitMs === 0 ? error : tooWrong(waitMs);
  }

  return {
    get isOpen() {
      return isOpen();
    },
    get letsIn() {
      return byJwt !== undefined || keys.areBelieved;
    },
    admit: (request) => {
      if (isOpen()) {
        keys.requireRecent();
        requireThisMachine(request, origins);
        return within(ANYBODY);
      }
      try {
        const caller = callerOf(request);
        if (!(caller instanceof Promise)) return within(caller);
        return caller.then(within, (error: unknown) => {
          throw refused(request, error);
        });
      } catch (error) {
        throw refused(request, error);
      }
    },
    owe: (caller, amount) => wait(caller, buckets?.owe(caller.id, amount)),
  };
}

function tooMuch({ id }: Caller, { requests, perSeconds }: NonNullable<AdmissionOptions['limit']>, waitMs: number) {
  const seconds = Math.ceil(waitMs / 1000);
  return new TurnedAway(
    'too_many_requests',
    `\`${id}\` may ask ${requests} times in ${perSeconds} s, and has; ask again in ${seconds} s`,
    {
      RateLimit: `"caller";r=0;t=${seconds}`,
      'RateLimit-Policy': `"caller";q=${requests};w=${perSeconds}`,
    },
    { retryAfter: seconds },
  );
}

/** Another code than for too much: who asks too much may go on later, and a wrong key stays wrong. */
function tooWrong(waitMs: number): TurnedAway {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `too many wrong keys have come from this address; try again in ${seconds} s`;
  return new TurnedAway('too_many_wrong_keys', message, {}, { retryAfter: seconds });
}

/** Of IPv6 only the network: one caller has all the addresses in it. */
function addressOf({ socket }: IncomingMessage): string {
  const address = socket.remoteAddress ?? '';
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  return address.split(':').slice(0, 4).join(':');
}
