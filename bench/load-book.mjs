import { loadRules } from '../dist/src/rules/load/folder/load-rules.js';

/** The rules of this project, loaded as the server loads them. */
export async function loadBook(folder = 'rules') {
  const { book } = await loadRules(folder);
  if (book === undefined) throw new Error(`the rules in ${folder} do not load`);
  return book;
}
