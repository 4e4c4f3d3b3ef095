import { versionInForce } from '../rules/version-in-force.ts';
import type { DecisionCounts } from './decision-counts.ts';
import { counter, gauge, histogram, type Reading } from './reading.ts';
import type { Watched } from './watched.ts';

/** Every metric of Perkbook's own. docs/operation.md lists them for whoever watches; a test keeps the two alike. */
export function readingsOf(watched: Watched): readonly Reading[] {
  return [
    ...ofDecisions(watched),
    ...ofSearches(watched),
    ...ofFlags(watched),
    ...ofRequests(watched),
    ...ofFacts(watched),
    ...ofRules(watched),
    ...ofLog(watched),
  ];
}

function ofDecisions({ decisions, consumes }: Watched): readonly Reading[] {
  return [
    counter(
      'perkbook_decisions_total',
      'Questions that were decided; reason is empty on an allow',
      decidedWays(decisions),
    ),
    counter(
      'perkbook_consumes_total',
      'Consumes that were decided; reason is empty on an allow',
      decidedWays(consumes),
    ),
    counter('perkbook_decisions_degraded_total', 'Questions that were decided with facts that were old or unreadable', [
      [{}, decisions.degraded],
    ]),
  ];
}

function decidedWays(counts: DecisionCounts) {
  return Array.from(
    counts,
    ({ ruleSet, action, reason, count }) =>
      [
        { rule_set: ruleSet, action, outcome: reason === null ? 'allow' : 'deny', reason: reason ?? '' },
        count,
      ] as const,
  );
}

function ofSearches({ searches }: Watched): readonly Reading[] {
  const counts = [...searches];
  return [
    counter(
      'perkbook_searches_total',
      'Pages of AuthZEN searches, by what was searched for',
      counts.map(({ kind, pages }) => [{ kind }, pages]),
    ),
    counter(
      'perkbook_search_candidates_total',
      'Users, resources and actions that were looked at for them',
      counts.map(({ kind, looked }) => [{ kind }, looked]),
    ),
  ];
}

function ofFlags({ flags }: Watched): readonly Reading[] {
  const counts = Array.from(
    flags,
    ([ruleSet, flag, reason, count]) => [{ rule_set: ruleSet, flag, reason }, count] as const,
  );
  return [counter('perkbook_flags_total', 'Perks that were told as flags, by the reason of their value', counts)];
}

function ofRequests({ requests }: Watched): readonly Reading[] {
  const times = Array.from(
    requests,
    ({ method, path, status, distribution }) => [{ method, route: path, status }, distribution] as const,
  );
  return [histogram('perkbook_http_request_seconds', 'From a request to its answer', times)];
}

function ofFacts({ facts, storeCalls, outages }: Watched): readonly Reading[] {
  const { hit, miss, stale, unreachable } = facts;
  const calls = Array.from(
    storeCalls,
    ({ operation, outcome, distribution }) => [{ operation, outcome }, distribution] as const,
  );
  return [
    counter('perkbook_facts_reads_total', 'Reads of member facts for decisions', [
      [{ result: 'hit' }, hit],
      [{ result: 'miss' }, miss],
      [{ result: 'stale' }, stale],
      [{ result: 'unreachable' }, unreachable],
    ]),
    histogram('perkbook_store_call_seconds', 'Calls of the member store', calls),
    gauge('perkbook_store_down', '1 while the store is out of reach and calls fail at once', 'max', [
      [{}, outages?.isDown === true ? 1 : 0],
    ]),
    counter('perkbook_store_outages_total', 'How often the store went out of reach', [[{}, outages?.count ?? 0]]),
    counter('perkbook_store_calls_refused_total', 'Calls that failed at once because the store was out of reach', [
      [{}, outages?.refused ?? 0],
    ]),
  ];
}

function ofRules({ rules: { book, findings, loads }, clock }: Watched): readonly Reading[] {
  const now = clock.now();
  const inForce = [...book.ruleSets.values()].map((ruleSet) => versionInForce(ruleSet, now));
  const { loaded = 0, rejected = 0, unreachable = 0 } = loads ?? {};
  return [
    // Where processes differ for a moment, the one that is behind shows.
    gauge(
      'perkbook_rule_set_version',
      'The version in force',
      'min',
      inForce.map(({ ref }) => [{ rule_set: ref.id }, ref.version]),
    ),
    gauge(
      'perkbook_rule_set_age_seconds',
      'For how long the version in force has applied',
      'max',
      inForce.map(({ ref, from }) => [{ rule_set: ref.id }, (now - from) / 1_000]),
    ),
    counter('perkbook_rule_loads_total', 'How often the rules were loaded, by what came of it', [
      [{ result: 'loaded' }, loaded],
      [{ result: 'rejected' }, rejected],
      [{ result: 'unreachable' }, unreachable],
    ]),
    gauge('perkbook_rule_findings', 'What is wrong with, or doubtful in, the rules as they are kept', 'max', [
      [{ severity: 'error' }, findings.filter(({ severity }) => severity === 'error').length],
      [{ severity: 'warning' }, findings.filter(({ severity }) => severity === 'warning').length],
    ]),
  ];
}

function ofLog({ log }: Watched): readonly Reading[] {
  const { waiting, written, dropped } = log ?? { waiting: 0, written: 0, dropped: 0 };
  return [
    gauge('perkbook_decision_log_waiting', 'Entries that wait to be written', 'sum', [[{}, waiting]]),
    counter('perkbook_decision_log_entries_total', 'Entries of the decision log', [
      [{ result: 'written' }, written],
      [{ result: 'dropped' }, dropped],
    ]),
  ];
}
