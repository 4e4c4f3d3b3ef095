/** 0 fine, 1 findings, 2 wrong use, 70 it could not be done, 130 stopped with Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 70 | 130;

/** The command was called in a way that it does not understand. Exit code 2. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
  readonly didYouMean: string | undefined;

  constructor(message: string, didYouMean?: string, options?: ErrorOptions) {
    super(message, options);
    this.didYouMean = didYouMean;
  }
}

/** An option that the command does not have. */
export class UnknownOption extends WrongUse {
  /** As it was written: `--port`. */
  readonly option: string;

  constructor(option: string, didYouMean: string | undefined) {
    super(`there is no option \`${option}\``, didYouMean);
    this.option = option;
  }
}

/** What was looked at has something wrong with it, and that has been said already. Exit code 1. */
export class HasFindings extends Error {
  override readonly name = 'HasFindings';
}

/** It could not be done: a file, a store or a server did not work. Exit code 70. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
}
