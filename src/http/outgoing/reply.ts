import { JSON_TYPE } from '../incoming/media-type.ts';

/** What a route answers. `send` writes it out. */
export interface Reply {
  readonly status: number;
  /** Absent with an empty body. */
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of a body: events, written as they come. Resolves with the last; what it throws becomes an event, too. */
  readonly events?: (send: SendEvent) => Promise<void>;
}

/** Writes one Server-Sent Event. */
export type SendEvent = (name: string, data: unknown) => void;

export function json(status: number, value: unknown, headers?: Readonly<Record<string, string>>): Reply {
  const body = JSON.stringify(value);
  return headers === undefined ? { status, type: JSON_TYPE, body } : { status, type: JSON_TYPE, body, headers };
}

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers };
}
