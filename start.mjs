// What `npm start` runs: set-up where it is needed, then the service in this same process, with sample members.
import { prepare } from './scripts/prepare.mjs';

prepare();
const { runServer } = await import('./dist/src/main.js');
await runServer({ samples: true });
