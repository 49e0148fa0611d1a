import type { BaseContract } from 'ethers';

import { isEndpointFault } from '../../relayer/endpointFault.ts';
import {
  batchesOf,
  l1MessengerOf,
  l2MessengerOf,
  messagePasserOf,
  queueOf,
  stateCommitmentChainOf,
} from '../../sdk/chain/contracts.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import type { Deployment, Side } from '../../sdk/core/deployment.ts';
import type { DoctorContext } from './context.ts';
import { ok, problem, trouble, type Finding } from './finding.ts';

const OTHER_FILE = 'give the deployment file of this lane with --deployment, or endpoints of its chains';

/** A contract of a lane, and what the deployment file says of it. */
interface Part {
  readonly name: string;
  readonly side: Side;
  readonly address: string;
  readonly contract: BaseContract;
  /** By the function that returns it. */
  readonly expected: Readonly<Record<string, string | bigint | boolean>>;
}

function partsOf({ lane, l1, l2 }: DoctorContext): Part[] {
  const { l1ChainId, l2ChainId, l1Messenger, l2Messenger, messagePasser, valueEnabled } = lane;
  const { stateCommitmentChain, canonicalTransactionChain, batches, fraudProofWindow, startBlock } = lane;
  const ofBoth = { l1ChainId, l2ChainId, messagePasser, valueEnabled };
  const onL1 = { side: 'l1' as const };
  const onL2 = { side: 'l2' as const };
  return [
    {
      ...onL1,
      name: 'L1CrossDomainMessenger',
      address: l1Messenger,
      contract: l1MessengerOf(lane, l1),
      expected: { ...ofBoth, otherMessenger: l2Messenger, stateCommitmentChain, canonicalTransactionChain },
    },
    {
      ...onL1,
      name: 'CanonicalTransactionChain',
      address: canonicalTransactionChain,
      contract: queueOf(lane, l1),
      expected: { l1Messenger, l2Messenger },
    },
    {
      ...onL1,
      name: 'StateCommitmentChain',
      address: stateCommitmentChain,
      contract: stateCommitmentChainOf(lane, l1),
      expected: { FRAUD_PROOF_WINDOW: fraudProofWindow, startBlock, batches },
    },
    {
      ...onL1,
      name: 'ChainStorageContainer',
      address: batches,
      contract: batchesOf(lane, l1),
      expected: { owner: stateCommitmentChain },
    },
    {
      ...onL2,
      name: 'L2CrossDomainMessenger',
      address: l2Messenger,
      contract: l2MessengerOf(lane, l2),
      expected: { ...ofBoth, otherMessenger: l1Messenger },
    },
    {
      ...onL2,
      name: 'L2ToL1MessagePasser',
      address: messagePasser,
      contract: messagePasserOf(lane, l2),
      expected: { messenger: l2Messenger },
    },
  ];
}

/** Whether each contract is where the deployment file says, and knows the others and the lane's terms as it says. */
export async function checkContracts(context: DoctorContext): Promise<Finding[]> {
  const parts = partsOf(context);
  const found = await Promise.all(parts.map(async (part) => await checkPart(context, part)));
  return found.flat();
}

async function checkPart(context: DoctorContext, part: Part): Promise<Finding[]> {
  const { side, name, address, contract, expected } = part;
  const at = (check: string): Pick<Finding, 'check' | 'subject'> => ({ check, subject: `${side} ${name}` });
  if ((await context[side].getCode(address)) === '0x') {
    return [problem(at('code'), `there is none at ${address}`, OTHER_FILE)];
  }
  const names = Object.keys(expected);
  const answers = await Promise.all(
    names.map(async (key) => {
      try {
        return (await contract.getFunction(key)()) as string | bigint | boolean;
      } catch (cause) {
        const error = toXdmError(cause);
        if (isEndpointFault(error)) throw error;
        // Another contract has no such function.
        return undefined;
      }
    }),
  );
  const wrong = names.flatMap((key, position) => {
    const answer = answers[position];
    return answer === expected[key] ? [] : [`${key}() is ${answer ?? 'not answered'}, not ${expected[key]}`];
  });
  return [
    ok(at('code'), `at ${address}`),
    wrong.length === 0
      ? ok(at('wiring'), `${names.join(', ')} as the deployment file says`)
      : problem(at('wiring'), wrong.join(', '), OTHER_FILE),
  ];
}

/** Whether the guardian has paused relaying, and L2's blocks have room for what L1 can enqueue. */
export async function checkTerms({ lane, l1, l2 }: DoctorContext): Promise<Finding[]> {
  const messenger = l1MessengerOf(lane, l1);
  const queue = queueOf(lane, l1) as BaseContract;
  const [isPaused, owner, maxBlockGas, head] = await Promise.all([
    messenger.paused(),
    messenger.getFunction('owner')() as Promise<string>,
    queue.getFunction('maxBlockGas')() as Promise<bigint>,
    l2.getBlock('latest'),
  ]);
  return [judgePause(isPaused, owner), judgeRoom(maxBlockGas, head?.gasLimit ?? 0n, lane)];
}

function judgePause(isPaused: boolean, owner: string): Finding {
  const place = { check: 'relaying', subject: 'l1' };
  return isPaused
    ? trouble(place, 'is paused by the guardian', `the owner, ${owner}, ends that with \`xdm unpause\``)
    : ok(place, 'is not paused');
}

function judgeRoom(maxBlockGas: bigint, limit: bigint, { deposits }: Deployment): Finding {
  const place = { check: 'block gas limit', subject: 'l2' };
  const value = `${limit}, of which an L1 block's deposits take ${maxBlockGas} at most`;
  return limit > maxBlockGas || deposits === 'derived'
    ? ok(place, value)
    : problem(place, value, "raise L2's limit above that, or some deposits fit into no block");
}
