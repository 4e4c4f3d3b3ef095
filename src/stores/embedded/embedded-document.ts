import type { RememberedKey } from '../../domain/consumption.ts';
import type { Member } from '../../domain/member.ts';
import { DOCUMENT_FORMAT, requireDocumentFormat } from '../store-format.ts';

/** A member as the embedded store keeps it, as JSON. */
export interface MemberDocument extends Member {
  readonly format: number;
}

export interface KeyDocument extends RememberedKey {
  readonly format: number;
}

export function toDocument(member: Member): MemberDocument {
  return { format: DOCUMENT_FORMAT, ...member };
}

export function fromDocument({ format, ...member }: MemberDocument): Member {
  requireDocumentFormat(format, member.id);
  return member;
}

export function toKeyDocument(remembered: RememberedKey): KeyDocument {
  return { format: DOCUMENT_FORMAT, ...remembered };
}

export function fromKeyDocument({ format, ...remembered }: KeyDocument): RememberedKey {
  requireDocumentFormat(format, remembered.key);
  return remembered;
}
