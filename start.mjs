// What `npm start` runs: set-up where it is needed, then the service in this same process, with sample members.
import { prepare } from './scripts/prepare.mjs';

prepare();
stopWithNpm();
const { runServer } = await import('./dist/server/main.js');
await runServer({ samples: true });

/** The shell that npm starts this in does not pass signals on: when npm has been stopped, all that shows is that the parent is gone. */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 100);
  watch.unref();
}
