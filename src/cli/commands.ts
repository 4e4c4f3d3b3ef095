import type { Command } from './frame/command.ts';

export interface CommandEntry {
  readonly says: string;
  load(): Promise<Command>;
}

type Commands = Readonly<Record<string, CommandEntry>>;

const RULES: Commands = {
  validate: { says: 'check rule files', load: async () => (await import('./rules/validate.ts')).validate },
  matrix: { says: 'what every tier gets, as a table', load: async () => (await import('./rules/matrix.ts')).matrix },
  'new-version': {
    says: 'begin the next version of a rule set',
    load: async () => (await import('./rules/new-version.ts')).newVersion,
  },
  edit: { says: 'change what a tier gets of a perk', load: async () => (await import('./rules/edit.ts')).edit },
  fmt: { says: 'lay rule files out as the guide does', load: async () => (await import('./rules/fmt.ts')).fmt },
  diff: { says: 'what a version changes', load: async () => (await import('./rules/diff.ts')).diff },
  impact: {
    says: 'what a version would do to the members in the store',
    load: async () => (await import('./rules/impact.ts')).impact,
  },
  docs: { says: 'write the pages that people read', load: async () => (await import('./rules/docs.ts')).docs },
  types: {
    says: 'write a rule set as TypeScript, for `perkbook/client`',
    load: async () => (await import('./rules/types.ts')).types,
  },
  lock: { says: 'record the digests of published versions', load: async () => (await import('./rules/lock.ts')).lock },
};

const QUESTIONS: Commands = {
  ask: { says: 'may this user do this?', load: async () => (await import('./questions/ask.ts')).ask },
  explain: { says: 'the same, gate by gate', load: async () => (await import('./questions/explain.ts')).explain },
  test: { says: 'replay scenarios', load: async () => (await import('./questions/test.ts')).test },
  replay: {
    says: 'ask the questions of a decision log again',
    load: async () => (await import('./questions/replay.ts')).replay,
  },
  referee: {
    says: 'compare the compiled rules with json-rules-engine on real members',
    load: async () => (await import('./questions/referee.ts')).referee,
  },
};

const MEMBERS: Commands = {
  import: {
    says: 'write members from a file into the store',
    load: async () => (await import('./members/import.ts')).importCommand,
  },
  export: {
    says: 'write the members to a file',
    load: async () => (await import('./members/export.ts')).exportCommand,
  },
  mapping: {
    says: 'check a mapping file, and show what is read by it',
    load: async () => (await import('./members/mapping.ts')).mappingCommand,
  },
  backup: {
    says: 'write the embedded store to a file',
    load: async () => (await import('./members/backup.ts')).backup,
  },
  restore: {
    says: 'fill the embedded store from a file',
    load: async () => (await import('./members/restore.ts')).restore,
  },
  forget: {
    says: 'drop what links a user to the decision log',
    load: async () => (await import('./members/forget.ts')).forget,
  },
};

const SERVER: Commands = {
  serve: { says: 'start it', load: async () => (await import('./server/serve.ts')).serve },
  config: { says: 'print the settings as they hold', load: async () => (await import('./server/config.ts')).config },
  keys: { says: 'make, list and revoke API keys', load: async () => (await import('./server/keys.ts')).keys },
};

const MEMBER_ROUTES =
  'one member is read by `GET /v1/members/{id}` and written by `PUT /v1/members/{id}`: docs/members.md; many by `perkbook export` and `import`';

/** Every command, under what it is about. Its file is loaded when it is called: `perkbook --help` loads none. */
export const COMMAND_GROUPS = { rules: RULES, questions: QUESTIONS, members: MEMBERS, server: SERVER } as const;

export const COMMANDS: Commands = { ...SERVER, ...RULES, ...QUESTIONS, ...MEMBERS };

/** What somebody may take for a command, and how it is done. */
export const OVER_HTTP: Readonly<Record<string, string>> = {
  publish:
    'rules in a folder are published by `perkbook lock`, and over HTTP by `POST /v1/rule-sets/{id}/versions`: docs/publishing.md',
  rollback: 'it is `POST /v1/rule-sets/{id}/rollback`: docs/publishing.md',
  withdraw: 'it is `DELETE /v1/rule-sets/{id}/versions/{n}`: docs/publishing.md',
  member: MEMBER_ROUTES,
  members: MEMBER_ROUTES,
  consume: 'it is `POST /v1/members/{id}/consume`: docs/members.md',
  release: 'it is `POST /v1/members/{id}/release`: docs/members.md',
};
