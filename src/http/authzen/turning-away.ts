import { placeOf } from '../../api/authzen/in-authzen-terms.ts';
import { TurnedAway } from '../admission/turned-away.ts';

/** Does what may turn the caller away, which then names the field as AuthZEN has it. */
export function turningAway<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TurnedAway) || error.field === undefined) throw error;
    const { message, headers, field, more = {} } = error;
    throw new TurnedAway('forbidden', message, headers, { field: placeOf(field), more });
  }
}
