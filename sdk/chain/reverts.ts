import { Interface, type ErrorDescription, type Fragment } from 'ethers';

import { canonicalTransactionChain } from '../abi/CanonicalTransactionChain.ts';
import { chainStorageContainer } from '../abi/ChainStorageContainer.ts';
import { l1CrossDomainMessenger } from '../abi/L1CrossDomainMessenger.ts';
import { l2CrossDomainMessenger } from '../abi/L2CrossDomainMessenger.ts';
import { l2ToL1MessagePasser } from '../abi/L2ToL1MessagePasser.ts';
import { laneDeployer } from '../abi/LaneDeployer.ts';
import { stateCommitmentChain } from '../abi/StateCommitmentChain.ts';
import { CONTRACT_ERRORS } from '../core/contractErrors.ts';
import { XdmError } from '../core/errors.ts';

const ARTIFACTS = [
  canonicalTransactionChain,
  chainStorageContainer,
  l1CrossDomainMessenger,
  l2CrossDomainMessenger,
  l2ToL1MessagePasser,
  laneDeployer,
  stateCommitmentChain,
];

/** Every error of every contract, once. */
const errors = new Interface([
  ...new Map(
    ARTIFACTS.flatMap(({ abi }) => new Interface(abi).fragments)
      .filter(({ type }) => type === 'error')
      .map((fragment: Fragment) => [fragment.format('sighash'), fragment]),
  ).values(),
]);

/** Revert data in words, such as `CrossDomainMessenger_TargetHasNoCode(0x...)`, `Error("reason")`, or the bytes. */
export function describeRevert(data: string): string {
  const error = parse(data);
  if (error === null) return data === '0x' ? 'reverted without a reason' : data;
  const values = error.args.map((value: unknown) => (error.name === 'Error' ? JSON.stringify(value) : String(value)));
  return `${error.name}(${values.join(', ')})`;
}

/** The error that revert data stands for; its code says what it means. */
export function revertError(data: string, cause?: unknown): XdmError {
  const error = parse(data);
  const meaning = error === null ? undefined : CONTRACT_ERRORS[error.name];
  if (error === null || meaning === undefined) {
    return new XdmError('target-reverted', `the call reverts: ${describeRevert(data)}`, { cause });
  }
  const endsAt = error.name === 'StateCommitmentChain_InsideFraudProofWindow' && (error.args['endsAt'] as bigint);
  return new XdmError(meaning.code, `the contract refuses it: ${describeRevert(data)}`, {
    hint: meaning.hint,
    cause,
    ...(endsAt !== false && { readyAt: endsAt }),
  });
}

function parse(data: string): ErrorDescription | null {
  try {
    return errors.parseError(data);
  } catch {
    // Revert data is the target's to choose: it can carry an error's selector and not its values.
    return null;
  }
}
