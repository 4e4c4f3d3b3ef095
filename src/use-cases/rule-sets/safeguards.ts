import { didYouMean } from '../../domain/did-you-mean.ts';
import { inCode } from '../../domain/listed.ts';
import { Problem } from '../../domain/problem.ts';
import type { Candidate, Loss, PublishingPorts, ScenarioVerdict } from './ports.ts';
import type { PublishRequest } from './publish.ts';

/**
 * Promises that hold for the time after the candidate's start must hold with it. Throws `scenarios_fail` (422) unless each that fails
 * is accepted by name, which is logged, and `invalid_field` (400) for the name of none. Undefined where there is nothing to replay.
 */
export async function requirePassingScenarios(
  { scenarioCheck, log }: PublishingPorts,
  candidate: Candidate,
  { scenarios, acceptScenarios = [], author, dryRun }: PublishRequest,
): Promise<ScenarioVerdict | undefined> {
  if (scenarioCheck === undefined) return undefined;
  const verdict = await scenarioCheck.verdictOn(candidate, scenarios);
  const unknown = acceptScenarios.find((name) => !verdict.names.has(name));
  if (unknown !== undefined) throw unknownScenario(unknown, verdict);
  const blocking = verdict.broken.filter(({ name }) => !acceptScenarios.includes(name));
  if (blocking.length > 0) {
    const names = inCode(blocking.map(({ name }) => name));
    throw new Problem(
      'scenarios_fail',
      `${blocking.length === 1 ? 'a promise is' : `${blocking.length} promises are`} broken by this version: ${names}; change the numbers, publish the new promise with it, or repeat the request with what \`accept\` has in the query`,
      { more: { scenarios: blocking, accept: accepting(verdict) } },
    );
  }
  if (verdict.broken.length > 0 && dryRun !== true) {
    const { id, version } = candidate.version.ref;
    const names = verdict.broken.map(({ name }) => name);
    log({
      level: 'warn',
      message: 'a version is published in spite of failing scenarios',
      ruleSet: id,
      version,
      author,
      scenarios: names,
    });
  }
  return verdict;
}

/** The query parameter that accepts all that is broken. As a list, because names of scenarios have commas in them. */
function accepting({ broken }: ScenarioVerdict): string {
  const list = encodeURIComponent(JSON.stringify(broken.map(({ name }) => name)));
  // What a shell would understand in its own way, too.
  return `acceptScenarios=${list.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}

function unknownScenario(name: string, { names }: ScenarioVerdict): Problem {
  const meant = didYouMean(name, names);
  // Nearly always: what is left of a name that was taken apart at its commas.
  const hint = meant?.includes(',') ? '; a name with a comma in it is sent in a JSON list, such as `["one, two"]`' : '';
  return new Problem(
    'invalid_field',
    `\`${name.slice(0, 256)}\` is the name of no scenario that is known here${hint}`,
    { field: '/acceptScenarios', ...(meant === undefined ? {} : { didYouMean: meant }) },
  );
}

/** More members than the configuration allows may only lose something where the caller says how many. Throws `loss_not_accepted` (409). */
export async function requireAcceptedLoss(
  { lossCheck, log }: PublishingPorts,
  candidate: Candidate,
  { acceptLoss, author, dryRun }: PublishRequest,
): Promise<Loss | undefined> {
  // Who never was a member before this rule set cannot lose anything by it.
  if (lossCheck === undefined || candidate.previous === undefined) return undefined;
  if (lossCheck.threshold === undefined && acceptLoss === undefined) return undefined;
  const loss = await lossCheck.lossOf(candidate);
  const share = loss.members === 0 ? 0 : loss.lose / loss.members;
  const allowed = Math.max(lossCheck.threshold ?? 0, acceptLoss ?? 0);
  if (share > allowed) {
    const needed = Math.ceil(share * 1e6) / 1e6;
    throw new Problem(
      'loss_not_accepted',
      `judged now, as if the version had started, ${loss.lose} of ${loss.members} members would lose something, more than the ${percent(allowed)} that may: change the version, or accept it with \`acceptLoss=${needed}\``,
      { more: { loss: { ...loss, share, allowed }, accept: `acceptLoss=${needed}` } },
    );
  }
  if (share > (lossCheck.threshold ?? 1) && dryRun !== true) {
    const { id, version } = candidate.version.ref;
    log({
      level: 'warn',
      message: 'a version is published although more members lose than usual',
      ruleSet: id,
      version,
      author,
      ...loss,
    });
  }
  return loss;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`;
}
