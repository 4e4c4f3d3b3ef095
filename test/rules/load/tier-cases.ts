import { type Case, given } from './marked.ts';

const PERCENT = 'tiers: {free: 100, plus: +20%, pro: +50%}';
const COUNTS = '{free: 0, plus: 3, pro: 5}\n    afterEnd: loses';
const BATCH = 'tiers: {free: 1, plus: 2, pro: unlimited}';
const SIZES = 'plus: {width: 20, height: unlimited}';
const ROW = '5: {free: 0, plus: 10, pro: 20}';

/** The head, tiers and numbers. */
export const TIER_CASES: Readonly<Record<string, Case>> = {
  'an unknown time zone': given(
    ['timeZone: UTC', 'timeZone: ‹Mars/Olympus'],
    'unknown_time_zone',
    /`Mars\/Olympus` is no time zone/,
  ),
  'perks without tiers': given(
    [
      'tiers:\n  free: {title: Free}\n  plus: {title: Plus}\n  pro: {title: Pro}\ncalendar: {month: {timeZone: UTC}}\nperks:',
      '‹perks:',
    ],
    'no_tiers',
  ),
  'a misspelt tier': given(
    [COUNTS, COUNTS.replace('plus', '‹puls')],
    'unknown_tier',
    /the tiers are `free`, `plus` and `pro`/,
    'plus',
  ),
  'a misspelt tier in a row': given([ROW, ROW.replace('pro', '‹por')], 'unknown_tier', undefined, 'pro'),
  'a misspelt tier with a broken value': {
    edits: [[COUNTS, COUNTS.replace('plus: 3', '‹puls: ‹3_000')]],
    finds: ['unknown_tier', 'thousands_separator'],
    suggests: 'plus',
  },
  'a tier without a value': given(
    [`per: month\n    tiers: ${COUNTS}`, 'per: month\n    ‹tiers: {free: 0, plus: 3}\n    afterEnd: loses'],
    'missing_tier',
    /`trainings` has no value for `pro`/,
  ),
  'a row without a tier': given([ROW, '‹5: {free: 0}'], 'missing_tier', /row `5` has no value for `plus` and `pro`/),
  'a new tier without values': {
    edits: [
      ['  pro: {title: Pro}', '  pro: {title: Pro}\n  max: {title: Max}'],
      [`    ${PERCENT}`, `    ‹${PERCENT}`],
      [`    ${BATCH}`, `    ‹${BATCH}`],
      ['    tiers: {free: {width', '    ‹tiers: {free: {width'],
      [
        '    tiers: {free: 0, plus: 3, pro: 5}\n    afterEnd: loses',
        '    ‹tiers: {free: 0, plus: 3, pro: 5}\n    afterEnd: loses',
      ],
      [
        '    tiers: {free: 0, plus: 3, pro: 5}\n    afterEnd: frozen',
        '    ‹tiers: {free: 0, plus: 3, pro: 5}\n    afterEnd: frozen',
      ],
      [ROW, `‹${ROW}`],
      ['10: {free', '‹10: {free'],
    ],
    finds: Array.from({ length: 7 }, () => 'missing_tier' as const),
  },
  'a percentage on the first tier': given([PERCENT, PERCENT.replace('100', '‹+10%')], 'percent_on_first_tier'),
  'a percentage that is too much': given(
    [PERCENT, 'tiers: {free: 9007199254740991, plus: ‹+20%, pro: 9007199254740991}'],
    'number_too_large',
    /more than can be counted/,
  ),
  'a measure that is not there': given([SIZES, SIZES.replace('width', '‹with')], 'unknown_measure', undefined, 'width'),
  'measures where one value is limited': given(
    [BATCH, BATCH.replace('2', '‹{many: 2}')],
    'unknown_measure',
    /one value/,
  ),
  'a measure without a limit': given([SIZES, '‹plus: {width: 20}'], 'missing_measure', /no limit for `height`/),
  'months of a term for who has none': given(
    ['    per: day', '    per: ‹termMonth'],
    'no_term_month',
    /`free` has none/,
  ),
  'months of a term after the end': given(
    [`per: month\n    tiers: ${COUNTS}`, `per: ‹termMonth\n    tiers: {free: 0, plus: 3, pro: 5}\n    afterEnd: keeps`],
    'no_term_month',
    /after the end/,
  ),
  'a higher tier that gets less': given(
    [COUNTS, COUNTS.replace('5', '‹2')],
    'not_monotonic',
    /`pro` gets 2, less than `plus` with 3/,
  ),
  'a higher tier that loses no limit': given(
    [BATCH, 'tiers: {free: 1, plus: unlimited, pro: ‹7}'],
    'not_monotonic',
    /less than `plus` with no limit/,
  ),
  'a higher tier that gets less in one measure': given([SIZES, 'plus: {width: 20, height: ‹5}'], 'not_monotonic'),
  'a higher tier that gets less in one row': given([ROW, ROW.replace('20', '‹5')], 'not_monotonic'),
  'a higher tier that has a switch no more': given(
    ['tiers: members', 'tiers: {free: no, plus: yes, pro: ‹no}'],
    'not_monotonic',
  ),
  'a percentage that is less': given(
    [PERCENT, PERCENT.replace('+50%', '‹+5%')],
    'not_monotonic',
    /`pro` gets 105, less than `plus` with 120/,
  ),
  'a higher tier that gets less, accepted': {
    edits: [[COUNTS, `${COUNTS.replace('5', '2')}\n    accepts: [not_monotonic]`]],
    finds: [],
  },
  'a former member worse off than a stranger': given(
    [`${PERCENT}\n    afterEnd: freeLevel`, `${PERCENT}\n    afterEnd: ‹loses`],
    'worse_than_stranger',
    /`loses` takes from a former member what `free` has/,
  ),
  'a former member worse off than a stranger, accepted': {
    edits: [
      [`${PERCENT}\n    afterEnd: freeLevel`, `${PERCENT}\n    afterEnd: loses\n    accepts: [worse_than_stranger]`],
    ],
    finds: [],
  },
  'nothing to accept': given([COUNTS, `${COUNTS}\n    accepts: [‹not_monotonic]`], 'nothing_to_accept'),
  'nothing to accept in the file': given(
    ['title: Demo', 'title: Demo\naccepts: [‹unused_condition]'],
    'nothing_to_accept',
  ),
};
