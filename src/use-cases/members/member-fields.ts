import type { Member } from '../../domain/member.ts';

/** What a write of a member gives; what is left out is not touched. */
export type MemberFields = Partial<Omit<Member, 'id' | 'revision' | 'keyDays'>>;
