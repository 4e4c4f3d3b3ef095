import { type ChildProcess, fork } from 'node:child_process';
import { packageFile } from '../package/package-file.ts';
import { StoreUnreachable } from '../use-cases/ports.ts';
import type { FromWorker, ToWorker } from './messages.ts';

const WORKER = packageFile('dist/src/impact-workers/worker.js');

/** A worker as whoever gives it work sees it. It does one thing at a time. */
export interface WorkerProcess {
  /** Sends a message and resolves with the answer to it. Throws what went wrong over there. */
  ask<K extends FromWorker['kind']>(message: ToWorker, answer: K): Promise<Extract<FromWorker, { readonly kind: K }>>;
  /** Sends a message that has no answer. */
  tell(message: ToWorker): void;
  /** Ends it if it has not ended yet. */
  kill(): void;
}

interface Waiting {
  readonly answer: FromWorker['kind'];
  readonly resolve: (message: FromWorker) => void;
  readonly reject: (error: Error) => void;
}

export function startWorkerProcess(onProgress: (members: number) => void): WorkerProcess {
  const child: ChildProcess = fork(WORKER, [], {
    // Maps go over as they are.
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Not in the group that Ctrl-C on a terminal reaches: whoever started it says when to stop.
    detached: true,
  });
  let waiting: Waiting | undefined;
  let ended: Error | undefined;

  const end = (error: Error) => {
    ended ??= error;
    waiting?.reject(ended);
    waiting = undefined;
  };
  child.on('error', end);
  child.on('exit', (code, signal) => end(new Error(`a worker ended before it was done (${code ?? signal})`)));
  child.on('message', (message: FromWorker) => {
    if (message.kind === 'progress') {
      onProgress(message.members);
      return;
    }
    const asked = waiting;
    waiting = undefined;
    if (message.kind === 'failed') asked?.reject(errorFrom(message));
    else if (asked?.answer === message.kind) asked.resolve(message);
    else end(new Error(`a worker said \`${message.kind}\` where nobody asked`));
  });

  return {
    ask<K extends FromWorker['kind']>(message: ToWorker, answer: K) {
      return new Promise<Extract<FromWorker, { readonly kind: K }>>((resolve, reject) => {
        if (ended !== undefined) {
          reject(ended);
          return;
        }
        waiting = { answer, resolve: resolve as Waiting['resolve'], reject };
        child.send(message);
      });
    },
    tell: (message) => {
      if (child.connected) child.send(message);
    },
    kill: () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    },
  };
}

function errorFrom({ name, message }: { readonly name: string; readonly message: string }): Error {
  return name === 'StoreUnreachable' ? new StoreUnreachable(message) : new Error(message);
}
