/** What a value may be, as far as that is known. */
export interface Allowed {
  /** `instant`: epoch milliseconds. Absent: anything. */
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'instant';
  /** The only values there are. */
  readonly values?: readonly (string | number)[];
  /** A list of such values. */
  readonly list?: boolean;
}

interface Declaration {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | undefined;
  readonly enum?: readonly (string | number | undefined)[] | undefined;
  readonly list?: boolean | undefined;
}

export function allowedBy(declaration: Declaration): Allowed {
  const values = declaration.enum?.filter((value) => value !== undefined);
  // With a hole in it the list is not known.
  const complete = values !== undefined && values.length === declaration.enum?.length;
  return {
    // The list says it all.
    ...(declaration.type === undefined || complete ? {} : { type: declaration.type }),
    ...(complete ? { values } : {}),
    ...(declaration.list === true ? { list: true } : {}),
  };
}

export function allows({ type, values }: Allowed, value: unknown): boolean {
  if (values !== undefined && !(values as readonly unknown[]).includes(value)) return false;
  switch (type) {
    case undefined:
      return true;
    case 'integer':
      return Number.isInteger(value);
    case 'instant':
      return typeof value === 'number';
    default:
      return typeof value === type;
  }
}
