/** What OpenSSL finds in an answer that is not encrypted; which of them depends on its version. */
const NOT_TLS: readonly (string | undefined)[] = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'];

/** What an error says, on one line. `fetch` itself only says that it failed. */
export function reasonOf(error: unknown): string {
  if (NOT_TLS.includes(codeOf(error))) return 'it does not speak TLS; does it speak `http`?';
  return textOf(error).replaceAll(/\s+/g, ' ').trim();
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

/** The code of an error such as `ECONNREFUSED`: its own, or that of what lies behind it. */
export function codeOf(error: unknown): string | undefined {
  const { code, cause } = fieldsOf(error);
  if (typeof code === 'string') return code;
  const behind = fieldsOf(cause).code;
  return typeof behind === 'string' ? behind : undefined;
}

function fieldsOf(error: unknown): { readonly code?: unknown; readonly cause?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}
