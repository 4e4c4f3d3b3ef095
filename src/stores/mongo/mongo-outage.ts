import { MongoError, MongoServerError } from 'mongodb';

/** Errors of the driver itself by which it says that it has no usable connection, or lost one. */
const OUTAGES: ReadonlySet<string> = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoServerSelectionError',
  'MongoServerClosedError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongoClientClosedError',
  'MongoExpiredSessionError',
]);

/** Codes by which a server says that it cannot now: it is no primary, is shutting down, or ran out of time. */
const NOT_NOW: ReadonlySet<unknown> = new Set([
  6, 7, 24, 43, 46, 50, 64, 89, 91, 112, 133, 134, 189, 202, 234, 237, 262, 9001, 10_058, 10_107, 11_600, 11_601,
  11_602, 13_388, 13_435, 13_436,
]);

/** What Node says of a connection that is gone. The driver does not always put an error of its own around it. */
const CONNECTION_GONE: ReadonlySet<unknown> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
]);

/** Whether asking again later may help: the server cannot be reached or cannot answer now, whatever is asked. */
export function isOutage(error: unknown): error is Error {
  if (!(error instanceof MongoError)) {
    return error instanceof Error && 'code' in error && CONNECTION_GONE.has(error.code);
  }
  if (OUTAGES.has(error.name)) return true;
  if (error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('SystemOverloadedError')) return true;
  return error instanceof MongoServerError && NOT_NOW.has(error.code);
}
