import type { Server } from 'node:http';
import type { Config } from '../config/config.ts';
import { StartError } from './start-error.ts';

/** Whether a server on this host listens on all addresses of the machine, and the host itself is none that can be called. */
export function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Resolves with an address that can be opened here, such as `http://127.0.0.1:8080`. Throws `StartError`. */
export function listen(server: Server, { host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new StartError(whyNot(cause, host, port), { cause })),
    );
    server.listen({ host, port }, () => resolve(urlOf(server, host)));
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : '';
  const callable = isEverywhere(host) ? (host === '::' ? '::1' : '127.0.0.1') : host;
  return `http://${callable.includes(':') ? `[${callable}]` : callable}:${port}`;
}

function whyNot(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use already; set PORT to another one`;
    case 'EACCES':
      return `port ${port} on ${host} may not be used by this user; set PORT to one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `\`${host}\` is no address of this machine; set HOST to one, such as 127.0.0.1`;
    default:
      return `cannot listen on ${host}, port ${port}: ${error.message}`;
  }
}
