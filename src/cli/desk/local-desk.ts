import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { fromApiQuestion } from '../../api/decisions/from-api-question.ts';
import { toApiDecision } from '../../api/decisions/to-api-decision.ts';
import { fromApiMember } from '../../api/members/from-api-member.ts';
import { newest } from '../../decide/pick-version.ts';
import { type Member, newMember } from '../../domain/member.ts';
import { newDecisionId } from '../../http/outgoing/decision-id.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { actionNamed } from '../../use-cases/decisions/action-named.ts';
import { ask } from '../../use-cases/decisions/ask.ts';
import { membershipRules } from '../../use-cases/decisions/membership-rules.ts';
import { type FactsReader, StoreUnreachable } from '../../use-cases/ports.ts';
import { WrongUse } from '../frame/errors.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import type { Terminal } from '../frame/terminal.ts';
import type { Desk } from './desk.ts';
import { localRules } from './local-rules.ts';
import { openLocalStore } from './local-store.ts';

/** Answers from the rules on disk and the store of this machine, or from the facts in a file. */
export async function openLocalDesk(terminal: Terminal, user: string, memberFile: string | undefined): Promise<Desk> {
  const book = await localRules(terminal);
  if (memberFile !== undefined) {
    const member = readMember(memberFile, user);
    return deskOver(book, { read: () => ({ state: 'fresh', member }) }, async () => {});
  }
  const store = await openLocalStore(terminal);
  const read = async (id: string) =>
    ({ state: 'fresh', member: await orNotDone(() => store.get(id), StoreUnreachable) }) as const;
  return deskOver(book, { read }, () => store.close());
}

function deskOver(book: RuleBook, facts: FactsReader, close: () => Promise<void>): Desk {
  const ports = { facts, clock: { now: Date.now } };
  return {
    actionNamed: async (action, ruleSet) => actionNamed(book, action, ruleSet, Date.now()).action,
    ask: async (question) =>
      toApiDecision(await ask(ports, book, fromApiQuestion(question, book, Date.now())), newDecisionId()),
    explain: async (question) => {
      const asked = fromApiQuestion(question, book, Date.now());
      const { explain } = await import('../../use-cases/decisions/explain.ts');
      const { toApiExplanation } = await import('../../api/decisions/to-api-explanation.ts');
      return toApiExplanation(await explain(ports, book, asked), newDecisionId());
    },
    knows: async (user) => {
      const read = await facts.read(user);
      return read.state === 'unreachable' ? undefined : read.member !== undefined;
    },
    titleOf: (tier) => {
      const rules = membershipRules(book);
      return (rules && newest(rules).tiers.find((each) => each.id === tier)?.title) ?? tier;
    },
    close,
  };
}

/** A member as `PUT /v1/members/{id}` takes it, in YAML or JSON. */
function readMember(file: string, user: string): Member {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WrongUse(`\`${file}\` cannot be read: ${(cause as Error).message}`, undefined, { cause });
  }
  try {
    return { ...newMember(user), ...fromApiMember(parse(text) ?? {}, user), revision: 1 };
  } catch (cause) {
    throw new WrongUse(`\`${file}\`: ${(cause as Error).message.split('\n')[0]}`, undefined, { cause });
  }
}
