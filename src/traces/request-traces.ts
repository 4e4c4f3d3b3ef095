import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ProxyTracerProvider,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Decision } from '../domain/decision.ts';
import type { CheckedQuestion } from '../domain/question.ts';
import type { RequestTrace, SpanNames, StartTrace } from '../http/request-trace.ts';

/**
 * A span for each request, by the tracer that whoever runs this has set up; undefined where nobody has. Its parent is the caller's
 * (`traceparent`), or the span of an instrumentation that has seen the request before.
 */
export function requestTraces(): StartTrace | undefined {
  const provider = trace.getTracerProvider();
  if (provider instanceof ProxyTracerProvider && provider.getDelegateTracer('perkbook') === undefined) return undefined;
  const tracer = provider.getTracer('perkbook');
  return ({ method, path }, { headers }, requestId) => {
    const around = context.active();
    const isInner = trace.getSpan(around) !== undefined;
    const parent = isInner ? around : propagation.extract(around, headers);
    const attributes: Attributes = {
      'http.request.method': method,
      'http.route': path,
      'perkbook.request_id': requestId,
    };
    const kind = isInner ? SpanKind.INTERNAL : SpanKind.SERVER;
    const span = tracer.startSpan(`${method} ${path}`, { kind, attributes }, parent);
    return new SpanOfRequest(span, trace.setSpan(parent, span));
  };
}

class SpanOfRequest implements RequestTrace {
  readonly names: SpanNames | undefined;
  readonly #span: Span;
  readonly #context: Context;
  #decisions = 0;
  #denials = 0;

  constructor(span: Span, within: Context) {
    const spanContext = span.spanContext();
    const { traceId, spanId } = spanContext;
    this.names = isSpanContextValid(spanContext) ? { traceId, spanId } : undefined;
    this.#span = span;
    this.#context = within;
  }

  run<T>(work: () => T): T {
    return context.with(this.#context, work);
  }

  decided(
    id: string,
    { ruleSetId, question }: CheckedQuestion,
    { allowed, reason, judgedBy, degraded }: Decision,
  ): void {
    this.#decisions++;
    if (!allowed) this.#denials++;
    // Of many in one request only the first is told in full; who asked is nobody's business here.
    if (this.#decisions > 1) return;
    this.#span.setAttributes({
      'perkbook.decision_id': id,
      'perkbook.rule_set': ruleSetId,
      'perkbook.rule_set_version': judgedBy.version,
      'perkbook.action': question.action,
      'perkbook.outcome': allowed ? 'allow' : 'deny',
      ...(reason === null ? {} : { 'perkbook.reason': reason.code }),
      'perkbook.degraded': degraded,
    });
  }

  end(status: number, error?: unknown): void {
    const span = this.#span;
    span.setAttribute('http.response.status_code', status);
    if (this.#decisions > 1)
      span.setAttributes({ 'perkbook.decisions': this.#decisions, 'perkbook.denials': this.#denials });
    if (status >= 500) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      if (error instanceof Error) span.recordException(error);
    }
    span.end();
  }
}
