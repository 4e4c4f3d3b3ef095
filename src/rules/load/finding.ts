export type Severity = 'error' | 'warning';

/** Every code a finding can have, with its severity. What each means is said in docs/rule-files.md. */
export const FINDING_CODES = {
  // The text as YAML.
  yaml_syntax: 'error',
  tab: 'error',
  text_needs_quotes: 'error',
  thousands_separator: 'error',
  braces: 'error',
  key_not_text: 'error',
  duplicate_key: 'error',
  merge_key: 'error',
  custom_tag: 'error',
  several_documents: 'error',
  bad_alias: 'error',
  too_large: 'error',
  number_too_large: 'error',
  odd_number: 'error',
  comment_in_text: 'warning',
  // The shape.
  unknown_property: 'error',
  missing_property: 'error',
  wrong_type: 'error',
  wrong_value: 'error',
  wrong_id: 'error',
  yes_or_no: 'error',
  wrong_percent: 'error',
  wrong_date: 'error',
  condition_form: 'error',
  unknown_kind: 'error',
  // The head of the file.
  wrong_rule_set: 'error',
  wrong_version: 'error',
  unknown_time_zone: 'error',
  // Tiers and numbers.
  no_tiers: 'error',
  unknown_tier: 'error',
  missing_tier: 'error',
  percent_on_first_tier: 'error',
  unknown_measure: 'error',
  missing_measure: 'error',
  row_type: 'error',
  no_term_month: 'error',
  not_monotonic: 'warning',
  worse_than_stranger: 'warning',
  nothing_to_accept: 'warning',
  // Perks, actions and rules.
  shared_holding: 'error',
  unknown_action: 'error',
  undecided_action: 'error',
  perk_without_action: 'error',
  empty_rule: 'error',
  unreachable: 'warning',
  reserved_code: 'error',
  answer_like_perk: 'error',
  unknown_statement: 'error',
  statement_without_source: 'warning',
  // Inputs and where values come from.
  input_without_type: 'error',
  mixed_enum: 'error',
  wrong_bounds: 'error',
  wrong_default: 'error',
  unknown_input: 'error',
  input_not_a_number: 'error',
  missing_resource: 'error',
  // Texts.
  unknown_placeholder: 'error',
  impossible_reason: 'error',
  // Conditions.
  unknown_condition: 'error',
  unused_condition: 'warning',
  id_without_type: 'warning',
  cyclic_condition: 'error',
  condition_too_large: 'error',
  unknown_fact: 'error',
  unknown_path: 'error',
  unknown_operator: 'error',
  wrong_operand: 'error',
  impossible_value: 'error',
  // The folder.
  two_memberships: 'error',
  changed_version: 'error',
  missing_version: 'error',
  version_order: 'error',
  deleted_tier: 'error',
  bad_lock: 'error',
  unreadable: 'error',
  wrong_folder: 'error',
  same_start: 'warning',
  not_locked: 'warning',
  no_version: 'warning',
  misnamed_file: 'warning',
  outside_folder: 'warning',
  // More findings than anybody reads.
  too_many_findings: 'warning',
} as const satisfies Readonly<Record<string, Severity>>;

export type FindingCode = keyof typeof FINDING_CODES;

/** Something wrong, or doubtful, in a rule file. */
export interface Finding {
  readonly severity: Severity;
  readonly code: FindingCode;
  /** In a product manager's words: lower case, what the user wrote in backticks, and what to do. */
  readonly message: string;
  /** The file's name as the caller gave it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
  /** A JSON pointer: `/perks/daily_credits/tiers/starter`. The whole file is ''. */
  readonly path: string;
  readonly didYouMean?: string;
}

/** Keys and list positions from the root of the file. */
export type Path = readonly (string | number)[];

/** A finding before it has a line and a column. */
export interface Problem {
  readonly code: FindingCode;
  readonly message: string;
  readonly path: Path;
  /** The key is what is wrong, not its value. */
  readonly atKey?: boolean;
  /** Where exactly, in characters from 0, when the path cannot say it. */
  readonly offset?: number;
  readonly didYouMean?: string | undefined;
}

/** The message with what was probably meant, unless it says that already: `write \`2\`; did you mean \`2\`?`. */
export function sentenceOf({ message, didYouMean }: Pick<Finding, 'message' | 'didYouMean'>): string {
  if (didYouMean === undefined || message.endsWith(`write \`${didYouMean}\``)) return message;
  return `${message}; did you mean \`${didYouMean}\`?`;
}

export type Report = (problem: Problem) => void;

export function severityOf(code: FindingCode): Severity {
  return FINDING_CODES[code];
}

export function pointerOf(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The inverse of `pointerOf`; list positions come out as text. */
export function pathOf(pointer: string): readonly string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
