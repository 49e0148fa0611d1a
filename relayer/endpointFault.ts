import type { ErrorCode, XdmError } from '../sdk/core/errors.ts';

const FAULTS: ReadonlySet<ErrorCode> = new Set([
  'rpc-unreachable',
  'rpc-rate-limited',
  'store-unreachable',
  'lease-lost',
]);

/** Whether an error is an endpoint's or the store's, and not a message's: nobody answered, and no message is to blame for that. */
export function isEndpointFault({ code }: XdmError): boolean {
  return FAULTS.has(code);
}
