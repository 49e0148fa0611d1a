import { revertHint } from '../sdk/chain/reverts.ts';
import { MAX_TRANSACTION_GAS } from '../sdk/core/gas.ts';

/**
 * What anybody can do about a message whose target has refused it, a clause.
 * @param command what tries it again, such as `xdm relayMessage 0x...`
 * @param failureData the target's revert data, hex
 */
export function tryAgain(command: string, failureData: string): string {
  const hint = revertHint(failureData);
  if (hint !== undefined) return `${hint}; once that is mended: ${command}`;
  if (failureData !== '0x') return `once that is mended: ${command}`;
  // Only whoever relays can give a target more than it was promised.
  return `once that is mended: ${command}; if it ran out of gas, with more: ${command} --gas-limit ${MAX_TRANSACTION_GAS} (the most there is; what is left of it is not paid)`;
}
