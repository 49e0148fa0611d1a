import type { Side } from '../sdk/core/deployment.ts';
import { counted } from '../sdk/core/counted.ts';

/** What came of a message that was to be relayed, as far as it is counted. */
interface Relay {
  readonly fromChain: Side;
  readonly outcome: string;
  readonly transactionHash?: string | undefined;
  /** Of that transaction; undefined where it is not this run's. */
  readonly gasUsed?: bigint | undefined;
}

/**
 * What a run came to, in a line: `3 relayed on L1 in 1 transaction: 242,326 gas (99,708 of it for the root of their tree), 80,775
 * a message; 1 not-ready`.
 * @param rootGas gas of the transaction that proved the root of the message tree, 0 where there was none
 */
export function relaySummary(relays: readonly Relay[], rootGas: bigint): string {
  const isSent = ({ gasUsed }: Relay): boolean => gasUsed !== undefined;
  const toL1 = relays.filter((relay) => isSent(relay) && relay.fromChain === 'l2');
  const toL2 = relays.filter((relay) => isSent(relay) && relay.fromChain === 'l1');
  const others = relays.filter((relay) => !isSent(relay));
  return [
    ...(toL1.length > 0 ? [sentence('L1', toL1, rootGas)] : []),
    ...(toL2.length > 0 ? [sentence('L2', toL2, 0n)] : []),
    ...countOutcomes(others),
    ...(toL1.length === 0 && rootGas > 0n ? [`${grouped(rootGas)} gas for the root of their tree`] : []),
  ].join('; ');
}

function sentence(chain: string, relays: readonly Relay[], rootGas: bigint): string {
  const gasOf = new Map(relays.map(({ transactionHash, gasUsed = 0n }) => [transactionHash, gasUsed]));
  const gas = [...gasOf.values()].reduce((sum, each) => sum + each, rootGas);
  const root = rootGas > 0n ? ` (${grouped(rootGas)} of it for the root of their tree)` : '';
  const transactions = counted(gasOf.size, 'transaction');
  const average = grouped(gas / BigInt(relays.length));
  return `${countOutcomes(relays).join(', ')} on ${chain} in ${transactions}: ${grouped(gas)} gas${root}, ${average} a message`;
}

/** `3 relayed`, `1 failed`. */
function countOutcomes(relays: readonly Relay[]): string[] {
  const counts = new Map<string, number>();
  for (const { outcome } of relays) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`);
}

/** `242,326` */
function grouped(number: bigint): string {
  return number.toLocaleString('en-US');
}
