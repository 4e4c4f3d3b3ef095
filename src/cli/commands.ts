import type { Command } from './frame/command.ts';

export interface CommandEntry {
  readonly says: string;
  load(): Promise<Command>;
}

/** Every command. Its file is loaded when it is called: `perkbook --help` loads none. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  serve: { says: 'start the server', load: async () => (await import('./serve.ts')).serve },
  validate: { says: 'check rule files', load: async () => (await import('./validate.ts')).validate },
  test: { says: 'replay scenarios', load: async () => (await import('./test.ts')).test },
  ask: { says: 'may this user do this?', load: async () => (await import('./ask.ts')).ask },
  explain: { says: 'the same, gate by gate', load: async () => (await import('./explain.ts')).explain },
  matrix: { says: 'what every tier gets, as a table', load: async () => (await import('./matrix.ts')).matrix },
  diff: { says: 'what a version changes', load: async () => (await import('./diff.ts')).diff },
  edit: { says: 'change what a tier gets of a perk', load: async () => (await import('./edit.ts')).edit },
  fmt: { says: 'lay rule files out as the guide does', load: async () => (await import('./fmt.ts')).fmt },
  'new-version': {
    says: 'begin the next version of a rule set',
    load: async () => (await import('./new-version.ts')).newVersion,
  },
  impact: {
    says: 'what a version would do to the members in the store',
    load: async () => (await import('./impact.ts')).impact,
  },
  types: {
    says: 'write a rule set as TypeScript, for `perkbook/client`',
    load: async () => (await import('./types.ts')).types,
  },
  docs: { says: 'write the pages that people read', load: async () => (await import('./docs.ts')).docs },
  referee: {
    says: 'compare the compiled rules with json-rules-engine on real members',
    load: async () => (await import('./referee.ts')).referee,
  },
  backup: { says: 'write the embedded store to a file', load: async () => (await import('./backup.ts')).backup },
  import: {
    says: 'write members from a file into the store',
    load: async () => (await import('./import.ts')).importCommand,
  },
  export: { says: 'write the members to a file', load: async () => (await import('./export.ts')).exportCommand },
  mapping: {
    says: 'check a mapping file, and show what is read by it',
    load: async () => (await import('./mapping.ts')).mappingCommand,
  },
  restore: { says: 'fill the embedded store from a file', load: async () => (await import('./restore.ts')).restore },
  keys: { says: 'make, list and revoke API keys', load: async () => (await import('./keys.ts')).keys },
  config: { says: 'print the settings as they hold', load: async () => (await import('./config.ts')).config },
  replay: { says: 'ask the questions of a decision log again', load: async () => (await import('./replay.ts')).replay },
  forget: {
    says: 'drop what links a user to the decision log',
    load: async () => (await import('./forget.ts')).forget,
  },
  lock: { says: 'record the digests of published versions', load: async () => (await import('./lock.ts')).lock },
};
