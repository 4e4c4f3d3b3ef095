import type { Searched } from '../../api/authzen/from-authzen-search.ts';
import { ownBook } from '../../rules/own-book.ts';
import type { Deps } from '../deps.ts';
import { JSON_TYPE } from '../incoming/media-type.ts';
import { json } from '../outgoing/reply.ts';
import type { Route } from '../route.ts';
import { evaluate } from './evaluation.ts';
import { evaluateAll } from './evaluations.ts';
import { metadata } from './metadata.ts';
import { refuse } from './refuse.ts';
import { search } from './search.ts';

const QUESTION = { method: 'POST', scope: 'decide', takes: [JSON_TYPE], refuse, ignoresAccept: true } as const;

/** The OpenID AuthZEN Authorization API 1.0. */
export function authzenRoutes(deps: Deps): readonly Route[] {
  return [
    {
      ...QUESTION,
      path: '/access/v1/evaluation',
      answer: (call) => {
        const answer = evaluate(deps, call, ownBook(call.caller, deps.rules.book), call.body);
        return answer instanceof Promise ? answer.then(ok) : ok(answer);
      },
    },
    {
      ...QUESTION,
      path: '/access/v1/evaluations',
      answer: (call) => {
        const answer = evaluateAll(deps, call);
        return answer instanceof Promise ? answer.then(ok) : ok(answer);
      },
    },
    // What it finds is a list of members.
    { ...searchRoute('subject', deps), needsToo: 'members:read' },
    searchRoute('resource', deps),
    searchRoute('action', deps),
    {
      method: 'GET',
      path: '/.well-known/authzen-configuration',
      scope: null,
      ignoresAccept: true,
      answer: () => metadata(deps),
    },
  ];
}

function searchRoute(searched: Searched, deps: Deps): Route {
  return {
    ...QUESTION,
    path: `/access/v1/search/${searched}`,
    answer: async (call) => ok(await search(searched, deps, call)),
  };
}

function ok(value: unknown) {
  return json(200, value);
}
