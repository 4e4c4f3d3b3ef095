import { ObjectId } from 'mongodb';
import type { MappingFile } from '../../generated/mapping.ts';
import { ownValueIfAny } from '../../mapping/own-value.ts';
import { isStorableId } from '../storable-id.ts';

export type NativeId = string | number | ObjectId;

/** Turns the ids of users into what is stored, and back. */
export interface MappedId {
  readonly path: string;
  readonly as: 'text' | 'objectId' | 'number';
  /** Undefined where nobody can be stored under it. */
  native(id: string): NativeId | undefined;
  /** The user's id in a document; undefined where there is none of this kind. */
  idIn(document: unknown): string | undefined;
}

export function mappedId({ id }: MappingFile): MappedId {
  const { path, as } = typeof id === 'string' ? { path: id, as: 'text' as const } : id;
  return {
    path,
    as,
    native(given) {
      switch (as) {
        case 'text':
          return isStorableId(given) ? given : undefined;
        case 'objectId':
          return /^[0-9a-f]{24}$/.test(given) ? new ObjectId(given) : undefined;
        case 'number':
          return String(Number(given)) === given && Number.isFinite(Number(given)) ? Number(given) : undefined;
      }
    },
    idIn(document) {
      const value = ownValueIfAny(document, path);
      switch (as) {
        case 'text':
          return typeof value === 'string' && isStorableId(value) ? value : undefined;
        case 'objectId':
          return value instanceof ObjectId ? value.toHexString() : undefined;
        case 'number':
          return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
      }
    },
  };
}
