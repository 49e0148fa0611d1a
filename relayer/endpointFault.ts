import type { XdmError } from '../sdk/core/errors.ts';

/** Whether an error is the endpoint's and not a message's: nobody answered, and no message is to blame for that. */
export function isEndpointFault({ code }: XdmError): boolean {
  return code === 'rpc-unreachable' || code === 'rpc-rate-limited';
}
