import type { Caller } from '../domain/caller.ts';
import type { RuleBook } from './rule-set.ts';

/** A caller and a book are each asked with many times, so what follows from the two is kept as long as both are there. */
const OWN = new WeakMap<RuleBook, WeakMap<Caller, RuleBook>>();

/**
 * The book as a caller has it: all of it, or only the rule sets that the caller is kept to. INVARIANT: nothing in it tells of others, so
 * whatever is looked up in it (names, what was probably meant, what an action needs) cannot.
 */
export function ownBook(caller: Caller, book: RuleBook): RuleBook {
  if (caller.ruleSets === null) return book;
  let books = OWN.get(book);
  if (books === undefined) {
    books = new WeakMap();
    OWN.set(book, books);
  }
  let own = books.get(caller);
  if (own === undefined) {
    own = keptTo(caller, caller.ruleSets, book);
    books.set(caller, own);
  }
  return own;
}

function keptTo(caller: Caller, ids: ReadonlySet<string>, { ruleSets, ruleSetsOf }: RuleBook): RuleBook {
  const holders = [...ruleSetsOf].map(([action, all]) => [action, all.filter((id) => ids.has(id))] as const);
  return Object.freeze({
    ruleSets: new Map([...ruleSets].filter(([id]) => ids.has(id))),
    ruleSetsOf: new Map(holders.filter(([, own]) => own.length > 0)),
    keptFor: caller,
  });
}
