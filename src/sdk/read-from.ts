type Read<Request> = (request: Request) => unknown;

/** What of a request could not be read, the route's function that stumbled over it, and how. */
export class Unreadable {
  readonly part: string;
  readonly read: object;
  readonly cause: Error;

  constructor(part: string, read: object, cause: Error) {
    this.part = part;
    this.read = read;
    this.cause = cause;
  }
}

/**
 * What a route's functions read from a request, in their order. Unreadable where one of them stumbles over what the request has or lacks;
 * any other error is thrown as it is: a database that is away is no fault of the request.
 */
export async function readFrom<Request>(
  request: Request,
  parts: Readonly<Record<string, Read<Request> | undefined>>,
): Promise<Readonly<Record<string, unknown>> | Unreadable> {
  const found: Record<string, unknown> = {};
  for (const [part, read] of Object.entries(parts)) {
    if (read === undefined) continue;
    try {
      found[part] = await read(request);
    } catch (error) {
      if (!isStumble(error)) throw error;
      return new Unreadable(part, read, error);
    }
  }
  return found;
}

/**
 * What the language itself throws over a value of another shape, such as a property of `undefined`. What has a cause or a status was thrown on
 * purpose: a `fetch` that failed is a TypeError too, with its cause.
 */
function isStumble(error: unknown): error is Error {
  const isOfTheLanguage = [TypeError, RangeError, SyntaxError, URIError].some((each) => error instanceof each);
  return isOfTheLanguage && !['cause', 'status', 'statusCode'].some((name) => name in (error as Error));
}
