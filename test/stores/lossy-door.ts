import { connect, createServer, type Socket } from 'node:net';

/** A door to a server on this machine at which answers can be lost. */
export interface LossyDoor {
  readonly port: number;
  /** How many answers have been lost so far. */
  readonly lost: number;
  /** From now on: the answer to each message that contains this text is lost, and the connection with it, this often. */
  loseAnswersTo(text: string, times: number): void;
  close(): Promise<void>;
}

export async function openLossyDoor(toPort: number): Promise<LossyDoor> {
  const sockets = new Set<Socket>();
  let losing = { text: '', times: 0 };
  let lost = 0;
  const server = createServer((client) => {
    const upstream = connect(toPort, '127.0.0.1');
    let doomed = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (losing.times > 0 && chunk.includes(losing.text)) {
        losing = { ...losing, times: losing.times - 1 };
        doomed = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!doomed) return client.write(chunk);
      lost += 1;
      return client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    get lost() {
      return lost;
    },
    loseAnswersTo(text, times) {
      losing = { text, times };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
