import type { ApiLogEntry } from '../../generated/answers/log/entry.ts';

/** Where entries go. `Formed`: an entry as it is kept there. */
export interface Sink<Formed> {
  /** Most of what an entry costs: asked for apart from writing, so that requests are answered in between. */
  form(entry: ApiLogEntry): Formed;
  /** Takes entries, from the first on: at least one. Throws where it can take none now; they may be offered again. */
  write(entries: readonly Formed[]): Promise<Taken>;
  /** What is to be done when a server starts, and now and then: nobody waits for it. Throws where it is to be tried again soon. */
  tidy?(): Promise<void>;
  close(): Promise<void>;
}

export interface Taken {
  /** How many of them are done with. */
  readonly done: number;
  /** How many of those can never be written, such as one that is too large. */
  readonly dropped: number;
}
