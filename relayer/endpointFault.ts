import type { XdmError } from '../sdk/core/errors.ts';

/** Whether an error is an endpoint's or the store's, and not a message's: nobody answered, and no message is to blame for that. */
export function isEndpointFault({ code }: XdmError): boolean {
  return code === 'rpc-unreachable' || code === 'rpc-rate-limited' || code === 'store-unreachable';
}
