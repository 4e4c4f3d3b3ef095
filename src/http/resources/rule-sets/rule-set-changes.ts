import { Problem } from '../../../domain/problem.ts';
import type { ApiValidation } from '../../../generated/answers/publishing/validation.ts';
import type { ApiDiff } from '../../../generated/answers/rule-sets/diff.ts';
import { changesAsMarkdown } from '../../../rules/diff/changes-as-markdown.ts';
import { changesAsText } from '../../../rules/diff/changes-as-text.ts';
import { ownBook } from '../../../rules/own-book.ts';
import { ruleSetNamed } from '../../../use-cases/decisions/rule-set-named.ts';
import { differenceOf } from '../../../use-cases/rule-sets/expected-version.ts';
import { newestNumber } from '../../../use-cases/rule-sets/newest.ts';
import { validate } from '../../../use-cases/rule-sets/validate.ts';
import type { Deps } from '../../deps.ts';
import { JSON_TYPE, MARKDOWN_TYPE, TEXT_TYPE, YAML_TYPE } from '../../incoming/media-type.ts';
import { integerParameter } from '../../incoming/query.ts';
import { ruleSetIdOf, textOf } from '../../incoming/rule-set-request.ts';
import { json, type Reply } from '../../outgoing/reply.ts';
import type { Call, Route } from '../../route.ts';

/** What is wrong with a text, and what one version changes of another. Neither changes anything. */
export function ruleSetChangeRoutes({ rules }: Deps): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/rule-sets/:id/validate',
      scope: 'rules:write',
      takes: [YAML_TYPE],
      reads: 'bytes',
      answer: (call) => {
        const findings = validate(rules.book, ruleSetIdOf(call), textOf(call.body));
        return json(200, {
          ok: findings.every(({ severity }) => severity !== 'error'),
          findings,
        } satisfies ApiValidation);
      },
    },
    {
      method: 'GET',
      path: '/v1/rule-sets/:id/diff',
      scope: 'rules:read',
      query: ['from', 'to'],
      produces: [JSON_TYPE, MARKDOWN_TYPE, TEXT_TYPE],
      answer: (call) => difference(rules, call),
    },
  ];
}

/** Without `to` up to the newest version, without `from` since the one before. */
function difference({ book }: Deps['rules'], call: Call): Reply {
  const { id } = ruleSetNamed(ownBook(call.caller, book), call.params.id ?? '');
  const newest = newestNumber(book, id);
  const to = integerParameter(call.query, 'to', 1, Number.MAX_SAFE_INTEGER) ?? newest;
  const from = integerParameter(call.query, 'from', 1, Number.MAX_SAFE_INTEGER) ?? Math.max(1, to - 1);
  const diff = differenceOf(book, id, from, to);
  if (diff === undefined) {
    throw new Problem(
      'unknown_version',
      `rule set \`${id}\` has no version \`${from > newest ? from : to}\`; the newest is ${newest}`,
      {
        field: from > newest ? '/from' : '/to',
      },
    );
  }
  const headers = { Vary: 'Accept' };
  switch (call.accepted) {
    case MARKDOWN_TYPE:
      return { status: 200, type: `${MARKDOWN_TYPE}; charset=utf-8`, body: changesAsMarkdown(diff.changes), headers };
    case TEXT_TYPE:
      return { status: 200, type: `${TEXT_TYPE}; charset=utf-8`, body: changesAsText(diff.changes), headers };
    default:
      return json(200, diff satisfies ApiDiff, headers);
  }
}
