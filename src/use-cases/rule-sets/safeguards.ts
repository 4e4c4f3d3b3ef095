import { Problem } from '../../domain/problem.ts';
import type { Candidate, Loss, PublishingPorts, ScenarioVerdict } from './ports.ts';
import type { PublishRequest } from './publish.ts';

/**
 * Promises that hold for the time after the candidate's start must hold with it. Throws `scenarios_fail` (422) unless each that fails
 * is accepted by name, which is logged. Undefined where there is nothing to replay.
 */
export async function requirePassingScenarios(
  { scenarioCheck, log }: PublishingPorts,
  candidate: Candidate,
  { scenarios, acceptScenarios = [], author, dryRun }: PublishRequest,
): Promise<ScenarioVerdict | undefined> {
  if (scenarioCheck === undefined) return undefined;
  const verdict = await scenarioCheck.verdictOn(candidate, scenarios);
  const blocking = verdict.broken.filter(({ name }) => !acceptScenarios.includes(name));
  if (blocking.length > 0) {
    const names = blocking.map(({ name }) => `\`${name}\``).join(', ');
    throw new Problem(
      'scenarios_fail',
      `${blocking.length === 1 ? 'a promise is' : `${blocking.length} promises are`} broken by this version: ${names}; change the numbers, publish the new promise with it, or name it in \`acceptScenarios\``,
      { more: { scenarios: blocking } },
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
      `${loss.lose} of ${loss.members} members would lose something, more than the ${percent(allowed)} that may: change the version, or accept it with \`acceptLoss=${needed}\``,
      { more: { loss: { ...loss, share, allowed } } },
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
