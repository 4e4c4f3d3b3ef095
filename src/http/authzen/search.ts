import { RULE_SET_TYPE } from '../../api/authzen/action-of.ts';
import { actionQuestions } from '../../api/authzen/action-questions.ts';
import { type Entity, fromAuthzenSubject, questionOf } from '../../api/authzen/from-authzen-evaluation.ts';
import type { AuthzenQuery, Searched } from '../../api/authzen/from-authzen-search.ts';
import { ruleSetQuestions } from '../../api/authzen/rule-set-questions.ts';
import { toAuthzenFound } from '../../api/authzen/to-authzen-found.ts';
import { speaksFor } from '../../domain/caller.ts';
import { Problem } from '../../domain/problem.ts';
import type { CheckedQuestion, SubjectClaim } from '../../domain/question.ts';
import type { AuthzenFound } from '../../generated/authzen/found.ts';
import { type Found, NOTHING_FOUND, type SearchPage } from '../../use-cases/search/found.ts';
import { searchQuestions } from '../../use-cases/search/search-questions.ts';
import { searchResources } from '../../use-cases/search/search-resources.ts';
import { searchSubjects } from '../../use-cases/search/search-subjects.ts';
import { permit } from '../asking.ts';
import type { Deps } from '../deps.ts';
import type { Call } from '../route.ts';
import { sealToken } from './page-token.ts';
import { searchRequest } from './search-request.ts';
import { turningAway } from './turning-away.ts';

type Find = (deps: Deps, call: Call, query: AuthzenQuery, page: SearchPage) => Promise<Found>;

const FINDS: Readonly<Record<Searched, Find>> = {
  subject: async (deps, call, { subject: { type, properties = {} }, ...query }, page) => {
    const asked = askedIn(deps, call, { type, id: '', properties }, query);
    return asked === undefined ? NOTHING_FOUND : searchSubjects(deps, deps.rules.book, asked, page);
  },
  resource: async (deps, call, { subject, action = { name: '' }, ...query }, page) => {
    const claim = subjectOf(subject);
    if (query.resource.type === RULE_SET_TYPE) {
      const questions = ruleSetQuestions(claim, { action, ...query }, deps.rules.book, deps.clock.now());
      return searchAmong(deps, call, claim, questions, ({ ruleSetId }) => ruleSetId, page);
    }
    const asked = askedIn(deps, call, claim, { action, ...query });
    return asked === undefined ? NOTHING_FOUND : searchResources(deps, deps.rules.book, asked, page);
  },
  action: async (deps, call, { subject, ...query }, page) => {
    const claim = subjectOf(subject);
    const questions = actionQuestions(claim, query, deps.rules.book, deps.clock.now());
    return searchAmong(deps, call, claim, questions, ({ question }) => question.action, page);
  },
};

/** Only in the rule sets that the caller speaks for: what is in others is not there for it. */
function searchAmong(
  { facts, clock, rules }: Deps,
  { caller }: Call,
  subject: SubjectClaim,
  questions: readonly CheckedQuestion[],
  idOf: (asked: CheckedQuestion) => string,
  page: SearchPage,
): Promise<Found> {
  const own = questions.filter(({ ruleSetId }) => speaksFor(caller, ruleSetId));
  turningAway(() => {
    for (const asked of own) permit(caller, asked);
  });
  const candidates = own.map((asked) => ({ id: idOf(asked), asked }));
  return searchQuestions({ facts, clock }, rules.book, subject, candidates, page);
}

/** To look at so many costs about as much as a request of its own. */
const LOOKED_AT_FOR_A_REQUEST = 10;

/** A page of the subjects, resources or actions for which an evaluation would say yes. */
export async function search(searched: Searched, deps: Deps, call: Call): Promise<AuthzenFound> {
  const { query, page } = searchRequest(searched, call.body);
  const found = await FINDS[searched](deps, call, query, page);
  const { next, looked } = found;
  deps.owe?.(call.caller, Math.floor(looked / LOOKED_AT_FOR_A_REQUEST));
  const token = next === null ? '' : sealToken({ searched, query, limit: page.limit, after: next });
  return toAuthzenFound(searched, query, found, token);
}

/** The question that stands for all that are looked at; undefined where nobody can do it, because there is no such action. */
function askedIn(
  deps: Deps,
  call: Call,
  subject: SubjectClaim,
  { action = { name: '' }, resource, context }: Omit<AuthzenQuery, 'subject'>,
): CheckedQuestion | undefined {
  const asked = { action, resource, ...(context === undefined ? {} : { context }) };
  try {
    const question = questionOf(subject, asked, deps.rules.book, deps.clock.now());
    turningAway(() => permit(call.caller, question));
    return question;
  } catch (error) {
    if (error instanceof Problem && (error.code === 'unknown_action' || error.code === 'unknown_rule_set')) {
      return undefined;
    }
    throw error;
  }
}

function subjectOf({ type, id = '', properties }: Entity): SubjectClaim {
  return fromAuthzenSubject({ type, id, ...(properties === undefined ? {} : { properties }) });
}
