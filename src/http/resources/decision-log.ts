import { didYouMean } from '../../domain/did-you-mean.ts';
import { Problem } from '../../domain/problem.ts';
import { REASON_CODES } from '../../domain/reason.ts';
import { parseUserId } from '../../domain/user-id.ts';
import { ownBook } from '../../rules/own-book.ts';
import type { RuleBook, Version } from '../../rules/rule-set.ts';
import { notSpokenFor } from '../../use-cases/decisions/not-spoken-for.ts';
import type { Deps } from '../deps.ts';
import { instantOrDayParameter, integerParameter } from '../incoming/query.ts';
import { json, type Reply } from '../outgoing/reply.ts';
import type { LogQuery } from '../reading-log.ts';
import type { Call, Route } from '../route.ts';

const USUAL_PAGE = 50;
const LARGEST_PAGE = 500;

/** What callers were told. */
export function decisionLogRoutes(deps: Deps): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/decisions-log',
      scope: 'log:read',
      query: ['user', 'action', 'decision', 'code', 'ruleSet', 'caller', 'from', 'until', 'after', 'limit'],
      answer: (call) => readLog(deps, call),
    },
  ];
}

async function readLog({ decisionLog, rules }: Deps, call: Call): Promise<Reply> {
  const query = queryIn(call);
  if (decisionLog?.page === undefined) {
    const why =
      decisionLog?.sink === 'stdout'
        ? 'the decision log goes to stdout, from where it cannot be read back'
        : 'no decisions are logged here';
    throw new Problem('no_decision_log', `${why}; PERKBOOK_DECISION_LOG=file or mongodb keeps a log that can be read`);
  }
  const page = await decisionLog.page(query);
  const meant = page.entries.length > 0 || query.after !== undefined ? undefined : meantBy(query, call, rules.book);
  return json(200, meant === undefined ? page : { ...page, didYouMean: meant });
}

/** A hint and no refusal: old entries may have names that no rule set has any more. */
function meantBy({ action, code }: LogQuery, { query, caller }: Call, book: RuleBook): string | undefined {
  const { ruleSets } = ownBook(caller, book);
  const versions = [...ruleSets.values()].flatMap((ruleSet) => ruleSet.versions);
  const near = (name: string | undefined, known: ReadonlySet<string>) =>
    name === undefined || known.has(name) ? undefined : didYouMean(name, known);
  return (
    near(query.ruleSet, new Set(ruleSets.keys())) ??
    near(action, new Set(versions.flatMap(({ actions }) => [...actions.keys()]))) ??
    near(code, new Set([...REASON_CODES, ...versions.flatMap(codesOf)]))
  );
}

function codesOf({ actions }: Version): readonly string[] {
  return [...actions.values()].flatMap(({ checks }) => checks.map(({ code }) => code));
}

function queryIn({ query, caller }: Call): LogQuery {
  const from = instantOrDayParameter(query, 'from');
  const until = instantOrDayParameter(query, 'until');
  if (from !== undefined && until !== undefined && until <= from) {
    throw new Problem('invalid_field', '`until` must be later than `from`: it is not included', { field: '/until' });
  }
  return {
    user: query.user === undefined ? undefined : parseUserId(query.user, '/user'),
    action: query.action,
    decision: decisionIn(query.decision),
    code: query.code,
    caller: query.caller,
    ruleSets: ruleSetsFor(caller, query.ruleSet),
    from,
    until,
    after: query.after,
    limit: integerParameter(query, 'limit', 1, LARGEST_PAGE) ?? USUAL_PAGE,
  };
}

function decisionIn(text: string | undefined): 'allow' | 'deny' | undefined {
  if (text === undefined || text === 'allow' || text === 'deny') return text;
  const meant = didYouMean(text, ['allow', 'deny']);
  throw new Problem('invalid_field', `\`decision\` is \`allow\` or \`deny\`, not \`${text.slice(0, 256)}\``, {
    field: '/decision',
    ...(meant === undefined ? {} : { didYouMean: meant }),
  });
}

/** A key that speaks for some rule sets only reads only about those. */
function ruleSetsFor(caller: Call['caller'], wanted: string | undefined): ReadonlySet<string> | undefined {
  if (wanted === undefined) return caller.ruleSets ?? undefined;
  if (caller.ruleSets !== null && !caller.ruleSets.has(wanted)) throw notSpokenFor(caller, wanted);
  return new Set([wanted]);
}
