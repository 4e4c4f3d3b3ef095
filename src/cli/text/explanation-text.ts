import { checkCondition, checkHead } from '../../api/decisions/gate-text.ts';
import type { ApiExplanation, ApiGate } from '../../generated/answers/decisions/explanation.ts';
import type { Colours } from '../frame/terminal.ts';
import { conditionLines } from './condition-lines.ts';
import { decisionText, valueLines } from './decision-text.ts';

/** An explanation for reading, from the answer down to the single comparison. */
export function explanationText(
  { decision, judgedBy, gates, changes }: ApiExplanation,
  titleOf: (tier: string) => string,
  colours: Colours,
): string {
  const { tier, membership, ruleSet } = decision;
  const standing = [tier === null ? '' : titleOf(tier), membership === null ? '' : `membership ${membership}`];
  const lines = [
    decisionText(decision, titleOf, colours),
    '',
    `${colours.bold('asked')}   ${decision.user}: ${decision.action} at ${decision.at}`,
    ...(standing.join('') === '' ? [] : [`${colours.bold('judged')}  as ${standing.filter(Boolean).join(', ')}`]),
    `${colours.bold('by')}      ${ruleSet.id} version ${judgedBy.version}: ${judgedBy.why}`,
    '',
    colours.bold('gates, in order'),
    ...gateLines(gates, colours),
  ];
  const values = valueLines(decision.values);
  if (values.length > 0) lines.push('', colours.bold('numbers'), ...values);
  if (changes.length > 0) lines.push('', colours.bold('what would change it'), ...changes.map((each) => `  ${each}`));
  return `${lines.join('\n')}\n`;
}

/** A line per gate; the first that takes part and does not hold is the reason, and those after it were not needed. */
function gateLines(gates: readonly ApiGate[], colours: Colours): readonly string[] {
  if (gates.length === 0) return ['  none was judged: the facts could not be read, or the action has none'];
  const deciding = gates.find((gate) => gate.takesPart && !gate.held);
  const end = deciding === undefined ? gates.length : gates.indexOf(deciding);
  const names = gates.map((gate) => gate.perk ?? 'rule');
  const [wide, wider] = [
    Math.max(...names.map((each) => each.length)),
    Math.max(...gates.map(({ code }) => code.length)),
  ];
  return gates.flatMap((gate, index) => {
    const condition = gate.perk === undefined ? checkCondition(gate.condition) : undefined;
    const tree = condition === undefined ? [] : conditionLines(condition, colours);
    // One comparison is said in its line already.
    const below = tree.length > 1 ? tree.slice(1).map((each) => `      ${each}`) : [];
    return [gateLine(gate, index, below.length > 0), ...below];
  });

  function gateLine(gate: ApiGate, index: number, isHead: boolean): string {
    const text = isHead ? checkHead(gate.condition) : gate.text;
    const line = `${(names[index] ?? '').padEnd(wide)}  ${gate.code.padEnd(wider)}  ${text}`;
    if (!gate.takesPart) return colours.dim(`  – ${line}`);
    if (index > end) return colours.dim(`  ${gate.held ? '✓' : '✗'} ${line}`);
    if (gate === deciding) return `  ${colours.red('✗')} ${line}  ${colours.red('← the reason')}`;
    return `  ${colours.green('✓')} ${line}`;
  }
}
