import { RULE_SET_TYPE, requireOwnResource } from '../../api/authzen/action-of.ts';
import { actionQuestions } from '../../api/authzen/action-questions.ts';
import { type Entity, fromAuthzenSubject, questionOf } from '../../api/authzen/from-authzen-evaluation.ts';
import type { AuthzenQuery, Searched } from '../../api/authzen/from-authzen-search.ts';
import { ruleSetQuestions } from '../../api/authzen/rule-set-questions.ts';
import { checkSubjectType } from '../../api/authzen/subject-type.ts';
import { toAuthzenFound } from '../../api/authzen/to-authzen-found.ts';
import type { CheckedQuestion, SubjectClaim } from '../../domain/question.ts';
import type { AuthzenFound } from '../../generated/authzen/found.ts';
import { ownBook } from '../../rules/own-book.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { type Found, NOTHING_FOUND, type SearchPage } from '../../use-cases/search/found.ts';
import { searchQuestions } from '../../use-cases/search/search-questions.ts';
import { searchResources } from '../../use-cases/search/search-resources.ts';
import { searchSubjects } from '../../use-cases/search/search-subjects.ts';
import { permit } from '../asking.ts';
import type { Deps } from '../deps.ts';
import type { Call } from '../route.ts';
import { isNotThere, toAuthzenError } from './not-there.ts';
import { sealToken } from './page-token.ts';
import { searchRequest, USUAL_LIMIT } from './search-request.ts';
import { turningAway } from './turning-away.ts';

type Find = (deps: Deps, call: Call, query: AuthzenQuery, page: SearchPage) => Promise<Found>;

const FINDS: Readonly<Record<Searched, Find>> = {
  subject: async (deps, call, { subject: { type, properties = {} }, ...query }, page) => {
    const asked = askedIn(deps, call, { type, id: '', properties }, query);
    return searchSubjects(deps, deps.rules.book, asked, page);
  },
  resource: async (deps, call, { subject, action = { name: '' }, ...query }, page) => {
    const claim = subjectOf(subject);
    if (query.resource.type === RULE_SET_TYPE) {
      const questions = ruleSetQuestions(claim, { action, ...query }, bookFor(deps, call), deps.clock.now());
      return searchAmong(deps, call, claim, questions, ({ ruleSetId }) => ruleSetId, page);
    }
    const asked = askedIn(deps, call, claim, { action, ...query });
    requireOwnResource(asked, query.resource.type);
    return searchResources(deps, deps.rules.book, asked, page);
  },
  action: async (deps, call, { subject, ...query }, page) => {
    const claim = subjectOf(subject);
    const questions = actionQuestions(claim, query, bookFor(deps, call), deps.clock.now());
    return searchAmong(deps, call, claim, questions, ({ question }) => question.action, page);
  },
};

function searchAmong(
  { facts, clock, rules }: Deps,
  { caller }: Call,
  subject: SubjectClaim,
  questions: readonly CheckedQuestion[],
  idOf: (asked: CheckedQuestion) => string,
  page: SearchPage,
): Promise<Found> {
  turningAway(() => {
    for (const asked of questions) permit(caller, asked);
  });
  const candidates = questions.map((asked) => ({ id: idOf(asked), asked }));
  return searchQuestions({ facts, clock }, rules.book, subject, candidates, page);
}

/** What is in rule sets that the caller does not speak for is not there for it. */
function bookFor({ rules }: Deps, { caller }: Call): RuleBook {
  return ownBook(caller, rules.book);
}

/** To look at so many costs about as much as a request of its own. */
const LOOKED_AT_FOR_A_REQUEST = 10;

/** A page of the subjects, resources or actions for which an evaluation would say yes; nothing, loudly, for what is not there. */
export async function search(searched: Searched, deps: Deps, call: Call): Promise<AuthzenFound> {
  const { query, page } = searchRequest(searched, call.body);
  // What a search costs is known once it is done: one that could not be answered then need not begin.
  deps.owe?.(call.caller, 0);
  try {
    return await pageOf(searched, deps, call, query, page);
  } catch (error) {
    if (!isNotThere(error)) throw error;
    deps.onSearched?.(searched, 0);
    return { ...toAuthzenFound(searched, query, NOTHING_FOUND, ''), context: { error: toAuthzenError(error) } };
  }
}

async function pageOf(
  searched: Searched,
  deps: Deps,
  call: Call,
  query: AuthzenQuery,
  page: SearchPage,
): Promise<AuthzenFound> {
  checkSubjectType(query.subject.type, bookFor(deps, call));
  const found = await FINDS[searched](deps, call, query, { ...page, limit: Math.max(1, page.limit) });
  deps.owe?.(call.caller, Math.floor(found.looked / LOOKED_AT_FOR_A_REQUEST));
  deps.onSearched?.(searched, found.looked);
  if (page.limit === 0) return toAuthzenFound(searched, query, { ...found, results: [] }, tokenOfNone(found));
  const token = found.next === null ? '' : sealToken({ searched, query, limit: page.limit, after: found.next });
  return toAuthzenFound(searched, query, found, token);

  /** Begins where this page did, and with the usual limit: whoever follows tokens must come to an end. */
  function tokenOfNone({ results, next }: Found): string {
    const isAll = results.length === 0 && next === null;
    return isAll ? '' : sealToken({ searched, query, limit: USUAL_LIMIT, after: page.after });
  }
}

/** The question that stands for all that are looked at. Throws `unknown_action` and `unknown_rule_set`. */
function askedIn(
  deps: Deps,
  call: Call,
  subject: SubjectClaim,
  { action = { name: '' }, resource, context }: Omit<AuthzenQuery, 'subject'>,
): CheckedQuestion {
  const asked = { action, resource, ...(context === undefined ? {} : { context }) };
  const question = questionOf(subject, asked, bookFor(deps, call), deps.clock.now());
  turningAway(() => permit(call.caller, question));
  return question;
}

function subjectOf({ type, id = '', properties }: Entity): SubjectClaim {
  return fromAuthzenSubject({ type, id, ...(properties === undefined ? {} : { properties }) });
}
