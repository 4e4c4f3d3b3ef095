import { command } from './frame/command.ts';
import { settingsOf } from './frame/settings.ts';

export const serve = command({
  usage: 'serve',
  says: 'Starts the server, without sample members. On SIGTERM it answers what is under way, and stops.',
  options: {},
  example: 'PORT=8080 perkbook serve',
  notes: 'Settings: `perkbook config` prints them all. Exit code 1 where it cannot start.',
  run: async (_, terminal) => {
    // What is wrong with the settings is wrong use, as it is everywhere else.
    settingsOf(terminal);
    const { runServer } = await import('../main.ts');
    await runServer({ samples: false });
    return 0;
  },
});
