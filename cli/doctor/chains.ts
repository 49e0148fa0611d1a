import { hexlify, randomBytes, toQuantity, type BaseContract } from 'ethers';

import { queueOf } from '../../sdk/chain/contracts.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { isEndpointFault } from '../../relayer/endpointFault.ts';
import { formatDuration } from '../format.ts';
import type { DoctorContext } from './context.ts';
import { ok, problem, warning, type Finding } from './finding.ts';
import { counted } from '../../sdk/core/counted.ts';

/** Seconds that a chain's head may be ahead of this machine. */
const DRIFT_S = 5;

/** Whether this machine's clock agrees with the chains': the head of neither can be of the future. */
export function checkClock({ endpoints, now }: Pick<DoctorContext, 'endpoints' | 'now'>): Finding[] {
  const sides: readonly Side[] = ['l1', 'l2'];
  return sides.flatMap((side) => {
    const times = endpoints.filter((endpoint) => endpoint.side === side).map(({ head }) => head.timestamp);
    return times.length === 0 ? [] : [judgeClock(side, Math.max(...times) - now)];
  });
}

/** @param drift seconds that the chain's newest block is ahead of this machine */
export function judgeClock(side: Side, drift: number): Finding {
  const place = { check: 'clock', subject: side };
  if (drift <= DRIFT_S) return ok(place, 'no block is ahead of this machine');
  const value = `the newest block is ${formatDuration(drift)} ahead of this machine`;
  return warning(place, value, "set this machine's clock, such as by NTP; a local chain can be ahead by itself");
}

/** Whether L2 executes deposit transactions, as far as that can be found out without sending one. */
export async function checkDeposits({ lane, l1, l2, config }: DoctorContext): Promise<Finding[]> {
  const place = { check: 'deposits', subject: 'l2' };
  if (lane.deposits === 'derived') {
    return [ok(place, "are derived from the queue by L2's own node: the role sequencer has nothing to do")];
  }
  if (await executesDeposits(l2)) return [ok(place, 'a trial of one (type 0x7e) is executed')];
  const value = 'a trial of one (type 0x7e) is not executed';
  const length = (await (queueOf(lane, l1) as BaseContract).getFunction('getQueueLength')()) as bigint;
  const hint = 'ask a node that takes them over RPC, as anvil does with --network optimism';
  if (!config.roles.includes('sequencer')) return [warning(place, value, hint)];
  return [problem(place, `${value}, and the queue has ${counted(length, 'element')} for it`, hint)];
}

/**
 * Tries, without sending anything, a deposit that mints what it transfers, from an account that has nothing: only as a deposit can it
 * be executed.
 */
async function executesDeposits(l2: DoctorContext['l2']): Promise<boolean> {
  const nobody = hexlify(randomBytes(20));
  const amount = { mint: toQuantity(1), value: toQuantity(1), isSystemTx: false };
  const trial = {
    type: '0x7e',
    sourceHash: hexlify(randomBytes(32)),
    from: nobody,
    to: nobody,
    gas: '0x5208',
    ...amount,
  };
  try {
    await l2.send('eth_call', [trial, 'latest']);
    return true;
  } catch (cause) {
    const error = toXdmError(cause);
    if (isEndpointFault(error)) throw error;
    return false;
  }
}
