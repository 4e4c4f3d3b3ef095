/** What a caller may do. `admin` may do everything. */
export const SCOPES = [
  'decide',
  'decide:at',
  'consume',
  'members:read',
  'members:write',
  'rules:read',
  'rules:write',
  'rules:publish',
  'log:read',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who sends a request, as far as that has been proved. */
export interface Caller {
  /** Names the key or the bearer's subject in logs; never the secret. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The rule sets it speaks for; null: all. */
  readonly ruleSets: ReadonlySet<string> | null;
}

/** Everybody, where nobody has to say who they are. */
export const ANYBODY: Caller = { id: 'anybody', scopes: new Set<Scope>(['admin']), ruleSets: null };

export function mayDo({ scopes }: Caller, scope: Scope): boolean {
  return scopes.has(scope) || scopes.has('admin');
}

/** Whether this is one of the rule sets that the caller speaks for; it need not be there. */
export function speaksFor({ ruleSets }: Caller, ruleSetId: string): boolean {
  return ruleSets === null || ruleSets.has(ruleSetId);
}

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
