import { formatInstant, type Instant, parseInstant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { ApiClock } from '../../generated/answers/operation/clock.ts';
import type { Deps, SettableClock } from '../deps.ts';
import { JSON_TYPE } from '../incoming/media-type.ts';
import { onlyField } from '../incoming/only-field.ts';
import { json } from '../outgoing/reply.ts';
import type { Route } from '../route.ts';

/** Time travel, where the server was started with a test clock; else these paths do not exist. */
export function clockRoutes({ testClock: clock }: Deps): readonly Route[] {
  if (clock === undefined) return [];
  return [
    { method: 'GET', path: '/v1/clock', scope: 'decide', answer: () => json(200, shown(clock)) },
    {
      method: 'PUT',
      path: '/v1/clock',
      scope: 'admin',
      takes: [JSON_TYPE],
      answer: ({ body }) => {
        clock.set(fromApiClock(body));
        return json(200, shown(clock));
      },
    },
  ];
}

function shown(clock: SettableClock): ApiClock {
  return { now: formatInstant(clock.now()) };
}

function fromApiClock(body: unknown): Instant {
  const now = onlyField(body, 'now', '{"now": "2026-11-22T10:00:00Z"}');
  const instant = typeof now === 'string' ? parseInstant(now) : undefined;
  if (instant !== undefined) return instant;
  throw new Problem('invalid_field', '`now` must be an instant with a zone such as `2026-11-22T10:00:00Z`', {
    field: '/now',
  });
}
