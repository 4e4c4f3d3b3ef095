#!/usr/bin/env node
import { runCommandLine } from './frame/run.ts';
import { makeTerminal } from './frame/terminal.ts';

// Whoever reads the output may stop reading (`perkbook matrix | head -1`): then there is nothing left to do.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}

const terminal = makeTerminal(process.stdout, process.stderr, process.env);
// Not `process.exit`: what is written may still be on its way.
process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
