import { numberText } from '../../domain/number-text.ts';
import type { AfterEnd } from '../../domain/perk.ts';
import type { Matrix, MatrixRow } from '../matrix.ts';

/** Rows of texts, the first of them the head. */
export type Cells = readonly (readonly string[])[];

/** The matrix as texts: a row for each perk, and for each key of a table perk. */
export function matrixCells({ tiers, rows }: Matrix): Cells {
  const [first] = tiers;
  const head = ['Perk', ...tiers.map((tier) => tier.title), 'After the end'];
  return [
    head,
    ...rows.flatMap((row) =>
      rowsOf(
        row,
        tiers.map(({ id }) => id),
        first?.title ?? '',
      ),
    ),
  ];
}

function rowsOf(row: MatrixRow, tiers: readonly string[], firstTier: string): Cells {
  const after = afterText(row.afterEnd, firstTier);
  if (row.kind !== 'table') return [[row.title, ...tiers.map((tier) => row.text[tier] ?? ''), after]];
  const byTier = tiers.map((tier) => row.planned[tier]);
  const keys = new Set(byTier.flatMap((each) => (typeof each === 'object' && each !== null ? Object.keys(each) : [])));
  return [...keys].map((key) => {
    const amounts = byTier.map((each) => (typeof each === 'object' && each !== null ? (each[key] ?? null) : null));
    return [
      `${row.title}: ${key}`,
      ...amounts.map((amount) => (amount === null || amount === 0 ? 'no' : numberText(amount))),
      after,
    ];
  });
}

function afterText(afterEnd: AfterEnd, firstTier: string): string {
  switch (afterEnd) {
    case 'keeps':
      return 'stays';
    case 'frozen':
      return 'what is there stays, nothing new';
    case 'freeLevel':
      return `as ${firstTier}`;
    case 'loses':
      return 'ends';
  }
}
