import type { AuthzenMetadata } from '../../generated/authzen/metadata.ts';
import type { Deps } from '../deps.ts';
import { json, type Reply } from '../outgoing/reply.ts';

const KEPT_FOR_S = 3600;

/** Where what is, for clients that are only given the address. From the configuration, never from what a request says of its host. */
export function metadata({ publicUrl, listensOn }: Deps): Reply {
  const base = publicUrl ?? listensOn?.();
  if (base === undefined) throw new Error('the address of the server is not known');
  const where: AuthzenMetadata = {
    policy_decision_point: base,
    access_evaluation_endpoint: `${base}/access/v1/evaluation`,
    access_evaluations_endpoint: `${base}/access/v1/evaluations`,
    search_subject_endpoint: `${base}/access/v1/search/subject`,
    search_resource_endpoint: `${base}/access/v1/search/resource`,
    search_action_endpoint: `${base}/access/v1/search/action`,
  };
  return json(200, where, { 'Cache-Control': `max-age=${KEPT_FOR_S}` });
}
