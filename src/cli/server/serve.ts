import { settingsOf } from '../desk/settings.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import { wholeNumber } from '../frame/one-of.ts';

/** Setting the clock of one process would leave the others where they were. */
const NO_CLOCK =
  '`--workers` and PERKBOOK_TEST_CLOCK do not go together: each process has a clock of its own; leave one of them out';

export const serve = command({
  usage: 'serve',
  says: 'Starts the server, without sample members. On SIGTERM it answers what is under way, and stops.',
  options: {
    workers: { type: 'string', value: '<n>', says: 'so many processes share the port (default: 1)' },
  },
  example: 'PORT=8080 perkbook serve',
  notes: 'Settings: `perkbook config` prints them all. Exit code 1 where it cannot start.',
  run: async ({ options }, terminal) => {
    // What is wrong with the settings is wrong use, as it is everywhere else.
    const config = settingsOf(terminal);
    const workers = wholeNumber('workers', options.workers ?? '1', 1);
    if (workers > 1) {
      if (config.testClock !== undefined) throw new WrongUse(NO_CLOCK);
      const { runWorkers } = await import('../../cluster/run-workers.ts');
      await runWorkers(workers, config);
      return 0;
    }
    const { runServer } = await import('../../main.ts');
    await runServer({ samples: false });
    return 0;
  },
});
