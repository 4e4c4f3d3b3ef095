import type { IncomingMessage } from 'node:http';
import type { Decision } from '../domain/decision.ts';
import type { CheckedQuestion } from '../domain/question.ts';

/** What names a request in the log; and its span, where it has one. */
export interface RequestNames extends Partial<SpanNames> {
  readonly requestId: string;
}

/** As OpenTelemetry writes them. */
export interface SpanNames {
  readonly traceId: string;
  readonly spanId: string;
}

/** Follows one request, where somebody collects traces. */
export interface RequestTrace {
  /** By which its span is found; undefined where it is in no trace. */
  readonly names: SpanNames | undefined;
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
