import type { Caller, Scope } from '../../domain/caller.ts';
import { Problem, type ProblemCode, type ProblemDetails } from '../../domain/problem.ts';

/** A problem of who asks: with the headers by which programs understand it, whatever the form of the body. */
export class TurnedAway extends Problem {
  readonly headers: Readonly<Record<string, string>>;
  /** Whether somebody may have guessed: what was sent is nobody's, as far as can be told. */
  readonly isGuess: boolean;

  constructor(
    code: Extract<ProblemCode, 'unauthenticated' | 'forbidden' | 'too_many_requests' | 'too_many_wrong_keys'>,
    message: string,
    headers: Readonly<Record<string, string>>,
    { isGuess = false, ...details }: ProblemDetails & { readonly isGuess?: boolean } = {},
  ) {
    super(code, message, details);
    this.headers = headers;
    this.isGuess = isGuess;
  }
}

const REALM = 'Bearer realm="perkbook"';
const INVALID = { 'WWW-Authenticate': `${REALM}, error="invalid_token"` };

/** Nothing was sent that says who asks. */
export function anonymous(): TurnedAway {
  return new TurnedAway(
    'unauthenticated',
    'this needs a key: send `Authorization: Bearer pk_…`; `perkbook keys create` makes one',
    { 'WWW-Authenticate': REALM },
  );
}

/** Something was sent, and it is not believed. `message`: without any of it. */
export function notBelieved(message: string): TurnedAway {
  return new TurnedAway('unauthenticated', message, INVALID, { isGuess: true });
}

/** What was sent is real, and does not hold here, or not now. Its bearer can get another one, and must be told so however many guess. */
export function notValid(message: string): TurnedAway {
  return new TurnedAway('unauthenticated', message, INVALID);
}

/** The answer names the scope, so that a program can ask its issuer for it. */
export function outOfScope(caller: Caller, scope: Scope, field?: string): TurnedAway {
  const what = field === undefined ? 'this' : `\`${field.slice(1)}\``;
  return new TurnedAway(
    'forbidden',
    `\`${caller.id}\` may not do this: ${what} needs the scope \`${scope}\``,
    { 'WWW-Authenticate': `${REALM}, error="insufficient_scope", scope="${scope}"` },
    { more: { scope }, ...(field === undefined ? {} : { field }) },
  );
}
