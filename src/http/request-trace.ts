import type { IncomingMessage } from 'node:http';
import type { Decision } from '../domain/decision.ts';
import type { CheckedQuestion } from '../domain/question.ts';

/** Follows one request, where somebody collects traces. */
export interface RequestTrace {
  /** Runs what answers the request, so that whatever it calls shows below it. */
  run<T>(work: () => T): T;
  /** Something was decided for the caller, under this id. */
  decided(id: string, asked: CheckedQuestion, decision: Decision): void;
  /** It was answered; `error`: what was thrown, where something was. */
  end(status: number, error?: unknown): void;
}

export type StartTrace = (
  route: { readonly method: string; readonly path: string },
  request: IncomingMessage,
  requestId: string,
) => RequestTrace;
