import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

const secure = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  // A hint about processes, which browsers complain of where not all pages of the host give it.
  originAgentCluster: false,
  // Whether a host is only ever reached by HTTPS is for whoever terminates it to say, for all that is on the host.
  strictTransportSecurity: false,
});

/**
 * The headers of an answer that a browser shows or runs: nothing from elsewhere, nothing inline, in no frame. What a browser only
 * fetches needs none of them.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = collected();

/** What helmet would set on a response, as a value: answers are values here until they are sent. */
function collected(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name] = value;
    },
    removeHeader: () => {},
  };
  secure({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error;
  });
  return Object.freeze(headers);
}
