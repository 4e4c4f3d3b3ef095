/** Why an old question cannot be judged again. Each is counted: nothing is passed over in silence. */
export const NOT_JUDGED = {
  told_again: 'consumes that were told their first answer again',
  facts_too_large: 'the facts were too large to be logged',
  unknown_rule_set: 'the rule set is not here',
  unknown_version: 'the version that judged is not here',
  masked: 'the rules read what was masked',
  about_the_user: 'the rules compare the id of the user, which is not in the log',
  before_the_candidate: 'asked about an instant before the candidate starts',
  another_rule_set: 'the candidate is of another rule set',
  question_refused: 'the candidate would refuse the question',
  another_period: 'the candidate counts by another period than was logged',
  usage_not_logged: 'the candidate reads usage that was not logged',
  attribute_not_logged: 'the candidate reads a stored attribute that was not logged',
} as const;
export type NotJudged = keyof typeof NOT_JUDGED;
