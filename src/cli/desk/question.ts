import { didYouMean } from '../../domain/did-you-mean.ts';
import { formatInstant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { InputSpec } from '../../rules/rule-set.ts';
import { type ExitCode, WrongUse } from '../frame/errors.ts';
import type { Arguments } from '../frame/options.ts';
import type { Terminal } from '../frame/terminal.ts';
import type { Desk } from './desk.ts';

/** What `ask` and `explain` take. */
export const QUESTION_OPTIONS = {
  input: {
    type: 'string',
    multiple: true,
    value: '<name=value>',
    says: 'an input of the action, or all of them as JSON; repeatable',
  },
  resource: { type: 'string', value: '<type:id>', says: 'what it is done to, or the resource as JSON' },
  context: {
    type: 'string',
    multiple: true,
    value: '<name=value>',
    says: 'something of the circumstances, or all as JSON; repeatable',
  },
  amount: { type: 'string', value: '<n>', says: 'how many at once (default 1)' },
  at: { type: 'string', value: '<instant>', says: 'when it is asked for, like 2026-11-22T10:00:00Z (default: now)' },
  'rule-set': { type: 'string', value: '<id>', says: 'which rule set answers, where two have the action' },
  member: { type: 'string', value: '<file>', says: 'what is known of the user, as YAML or JSON, instead of a store' },
  url: { type: 'string', value: '<address>', says: 'ask a running server instead of the rules and the store here' },
  json: { type: 'boolean', says: 'the answer as JSON' },
} as const;

type Given = Arguments<typeof QUESTION_OPTIONS>;

/** Opens the desk that the options name, hands it the question, and closes it. */
export async function atDesk(
  { options, words }: Given,
  terminal: Terminal,
  work: (desk: Desk, question: unknown) => Promise<ExitCode>,
): Promise<ExitCode> {
  const [user = '', action = ''] = words;
  if (options.url !== undefined && options.member !== undefined) {
    throw new WrongUse('`--url` and `--member` exclude each other: a server has members of its own');
  }
  const desk =
    options.url === undefined
      ? await (await import('./local-desk.ts')).openLocalDesk(terminal, user, options.member)
      : await (await import('./remote-desk.ts')).openRemoteDesk(options.url, {
          apiKey: terminal.environment.PERKBOOK_API_KEY,
        });
  try {
    return await work(desk, await questionOf(options, user, action, desk));
  } catch (error) {
    throw await withInputs(error, action, options['rule-set'], desk);
  } finally {
    await desk.close();
  }
}

/** Who has no term may be somebody nobody has written about, and the name a slip of the pen. */
export async function noteStranger(
  user: string,
  membership: string | null,
  desk: Desk,
  terminal: Terminal,
): Promise<void> {
  if (membership !== 'none' && membership !== null) return;
  if ((await desk.knows(user)) === false)
    terminal.err(terminal.errColours.dim(`nothing is stored about \`${user}\`: this is the answer for anybody\n`));
}

/** A problem with the input also says which inputs there are. */
async function withInputs(error: unknown, action: string, ruleSet: string | undefined, desk: Desk): Promise<unknown> {
  if (!(error instanceof Problem) || error.field?.startsWith('/input') !== true) return error;
  const declared = await desk.actionNamed(action, ruleSet);
  if (declared === undefined) return error;
  const inputs = Object.keys(declared.input).map((name) => `\`${name}\``);
  const takes = inputs.length === 0 ? 'no input' : inputs.join(', ');
  return new WrongUse(`${error.message}; \`${action}\` takes ${takes}`, error.didYouMean, { cause: error });
}

async function questionOf(options: Given['options'], user: string, action: string, desk: Desk): Promise<unknown> {
  const declared = await desk.actionNamed(action, options['rule-set']);
  const { input, context, resource, amount, at } = options;
  const read = (name: string, text: string) =>
    declared === undefined ? guessed(text) : typed(text, declared.input[name]);
  return {
    user,
    action,
    ...(input.length === 0 ? {} : { input: pairs('input', input, read) }),
    ...(context.length === 0 ? {} : { context: pairs('context', context, (_, text) => guessed(text)) }),
    ...resourceIn(resource, action, declared?.resource ?? undefined),
    ...(amount === undefined ? {} : { amount: NUMBER.test(amount) ? Number(amount) : amount }),
    ...(at === undefined ? {} : { at: at === 'now' ? formatInstant(Date.now()) : at }),
    ...(options['rule-set'] === undefined ? {} : { ruleSet: options['rule-set'] }),
  };
}

/** `loras=6` and JSON objects, later ones over earlier ones. */
function pairs(
  option: string,
  given: readonly string[],
  read: (name: string, text: string) => unknown,
): Readonly<Record<string, unknown>> {
  const entries = given.flatMap((each): readonly (readonly [string, unknown])[] => {
    if (each.startsWith('{')) return Object.entries(jsonObject(option, each));
    const at = each.indexOf('=');
    if (at < 1) throw new WrongUse(`\`--${option} ${each}\` is no \`name=value\``);
    const name = each.slice(0, at);
    const several = each.split(',');
    if (option === 'input' && several.length > 1 && several.every((one) => /^\s*\w+=/.test(one))) {
      const separate = several.map((one) => `--input ${one.trim()}`).join(' ');
      throw new WrongUse(`\`--input ${each}\` has several inputs in one: write \`${separate}\``);
    }
    return [[name, read(name, each.slice(at + 1))]];
  });
  return Object.fromEntries(entries);
}

function jsonObject(option: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new WrongUse(`\`--${option}\` is no JSON: ${(cause as Error).message}`, undefined, { cause });
  }
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** As the action declares it. What does not fit stays text: the check of the question says what is wrong with it. */
function typed(text: string, spec: InputSpec | undefined): unknown {
  const isNumber = spec?.type === 'number' || spec?.type === 'integer' || spec?.enum?.includes(Number(text)) === true;
  if (isNumber && NUMBER.test(text)) return Number(text);
  return spec?.type === 'boolean' ? truth(text) : text;
}

/** Nothing is declared: what looks like a number, `true`, `false` or `null` is one. */
function guessed(text: string): unknown {
  if (NUMBER.test(text)) return Number(text);
  return text === 'null' ? null : truth(text);
}

function truth(text: string): string | boolean {
  return text === 'true' ? true : text === 'false' ? false : text;
}

/** `type`: that of what the action is done to, where it is done to something. */
function resourceIn(
  text: string | undefined,
  action: string,
  type: string | undefined,
): { readonly resource?: unknown } {
  if (text === undefined) {
    if (type === undefined) return {};
    throw new WrongUse(`\`${action}\` is done to a \`${type}\`: name it with \`--resource ${type}:m-1\``);
  }
  if (text.startsWith('{')) return { resource: jsonObject('resource', text) };
  const at = text.indexOf(':');
  if (at !== -1) return { resource: { type: text.slice(0, at), id: text.slice(at + 1) } };
  if (type === undefined || text === type || didYouMean(text, [type]) !== undefined)
    return { resource: { type: text } };
  throw new WrongUse(`\`--resource ${text}\` does not say what it is`, `--resource ${type}:${text}`);
}
