import { UnknownStoreFormat } from '../use-cases/ports.ts';

/** What stored data calls its form. A change of the form raises the number and adds a migration. */
const FORMAT_NAME = 'perkbook-data';

/** The form of the folder or database as a whole. */
export const DATA_FORMAT = 1;
/** The form of one stored member or remembered key. */
export const DOCUMENT_FORMAT = 1;

export { UnknownStoreFormat };

export function formatText(number: number): string {
  return `${FORMAT_NAME}/${number}`;
}

/** The number in `perkbook-data/1`; throws `UnknownStoreFormat` for anything else, and for a number from the future. */
export function parseFormat(text: unknown, where: string): number {
  const number = Number(/^perkbook-data\/([1-9]\d*)$/.exec(String(text))?.[1]);
  if (Number.isNaN(number)) {
    throw new UnknownStoreFormat(
      `${where} holds something else than perkbook's data: give perkbook a place of its own`,
    );
  }
  if (number > DATA_FORMAT) {
    throw new UnknownStoreFormat(
      `${where} has the format \`${text}\`, written by a newer perkbook; this one knows up to \`${formatText(DATA_FORMAT)}\`: ` +
        'start the newer perkbook, or restore a backup made by this one',
    );
  }
  return number;
}

/** Checked on every decode: in a shared database a newer perkbook may already be writing. */
export function requireDocumentFormat(format: unknown, id: string): void {
  if (format !== DOCUMENT_FORMAT) {
    throw new UnknownStoreFormat(
      `the stored member \`${id}\` has the format \`${format}\`; this perkbook knows \`${DOCUMENT_FORMAT}\`: update perkbook`,
    );
  }
}
