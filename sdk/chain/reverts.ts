import {
  dataLength,
  dataSlice,
  getBytes,
  Interface,
  isHexString,
  toBigInt,
  toUtf8String,
  Utf8ErrorFuncs,
  type ErrorDescription,
  type Fragment,
} from 'ethers';

import { attestorLightClient } from '../abi/AttestorLightClient.ts';
import { canonicalTransactionChain } from '../abi/CanonicalTransactionChain.ts';
import { chainStorageContainer } from '../abi/ChainStorageContainer.ts';
import { crossDomainGateway } from '../abi/CrossDomainGateway.ts';
import { exampleReceiver } from '../abi/ExampleReceiver.ts';
import { l1CrossDomainMessenger } from '../abi/L1CrossDomainMessenger.ts';
import { l2CrossDomainMessenger } from '../abi/L2CrossDomainMessenger.ts';
import { l2ToL1MessagePasser } from '../abi/L2ToL1MessagePasser.ts';
import { laneDeployer } from '../abi/LaneDeployer.ts';
import { omnichainRelayService } from '../abi/OmnichainRelayService.ts';
import { omnichainService } from '../abi/OmnichainService.ts';
import { sealedHeaderLightClient } from '../abi/SealedHeaderLightClient.ts';
import { senderAllowlist } from '../abi/SenderAllowlist.ts';
import { stateCommitmentChain } from '../abi/StateCommitmentChain.ts';
import { syncCommitteeLightClient } from '../abi/SyncCommitteeLightClient.ts';
import { CONTRACT_ERRORS } from '../core/contractErrors.ts';
import { XdmError, type ErrorCode } from '../core/errors.ts';
import { printable } from '../core/printable.ts';

const ARTIFACTS = [
  attestorLightClient,
  canonicalTransactionChain,
  chainStorageContainer,
  crossDomainGateway,
  // With the errors of those who receive from an omnichain lane.
  exampleReceiver,
  l1CrossDomainMessenger,
  l2CrossDomainMessenger,
  l2ToL1MessagePasser,
  laneDeployer,
  omnichainRelayService,
  omnichainService,
  sealedHeaderLightClient,
  senderAllowlist,
  stateCommitmentChain,
  syncCommitteeLightClient,
];

/** Every error of every contract, once. */
const errors = new Interface([
  ...new Map(
    ARTIFACTS.flatMap(({ abi }) => new Interface(abi).fragments)
      .filter(({ type }) => type === 'error')
      .map((fragment: Fragment) => [fragment.format('sighash'), fragment]),
  ).values(),
]);

/** Selector of `Error(string)`: a `require` or `revert` with a text. */
const ERROR_SELECTOR = '0x08c379a0';
/** Bytes by which an error is known. */
const SELECTOR_LENGTH = 4;
/** Offset and length stand before the text, 32 bytes each. */
const TEXT_START = SELECTOR_LENGTH + 64;
/** Unknown data is shown up to so many bytes. */
const LONGEST_DATA = 256;

/** What the compiler's own checks revert with. */
const PANICS: Readonly<Record<string, string>> = {
  '1': 'an assertion does not hold',
  '17': 'arithmetic overflow',
  '18': 'division by zero',
  '33': 'no such enum value',
  '34': 'storage bytes are malformed',
  '49': 'pop of an empty array',
  '50': 'index out of bounds',
  '65': 'out of memory',
  '81': 'call of a function that is not set',
};

/**
 * Revert data in words, such as `CrossDomainMessenger_TargetHasNoCode(0x...)`, `Error("reason")`, or the bytes. A target
 * chooses its revert data: what is returned fits in a line and has no control characters.
 * @param data hex
 */
export function describeRevert(data: string): string {
  if (!isHexString(data, true)) return printable(data);
  if (data === '0x') return 'reverted without a reason, as when gas runs out';
  const error = parse(data);
  if (error === null) return describeText(data) ?? describeData(data);
  const values = error.args.map((value: unknown) => printable(String(value)));
  if (error.name !== 'Panic') return `${error.name}(${values.join(', ')})`;
  const [code = ''] = values;
  return `Panic(${PANICS[code] ?? code})`;
}

/** What a service or a messenger says of a target; with any other code it is a call of the target's that failed. */
const ABOUT_TARGETS: readonly ErrorCode[] = [
  'delivery-failed',
  'sender-not-allowed',
  'target-refused',
  'target-reverted',
];

/**
 * What there is to do about a delivery that has failed with revert data, a clause; undefined where they do not say.
 * @param data hex
 */
export function revertHint(data: string): string | undefined {
  if (!isHexString(data, true) || data.startsWith(ERROR_SELECTOR)) return undefined;
  const error = parse(data);
  if (error === null) {
    // Values take whole words: anything else is no error of Solidity's.
    if (dataLength(data) % 32 !== SELECTOR_LENGTH) return undefined;
    return `it is an error of the target's own, whose name \`cast 4byte ${dataSlice(data, 0, SELECTOR_LENGTH)}\` may know`;
  }
  const meaning = CONTRACT_ERRORS[error.name];
  return meaning !== undefined && ABOUT_TARGETS.includes(meaning.code) ? meaning.hint : undefined;
}

/** The error that revert data stands for; its code says what it means. */
export function revertError(data: string, cause?: unknown): XdmError {
  const error = isHexString(data, true) ? parse(data) : null;
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

/** Null for what no contract of the lane and no compiler's check reverts with. */
function parse(data: string): ErrorDescription | null {
  if (data.startsWith(ERROR_SELECTOR)) return null;
  try {
    return errors.parseError(data);
  } catch {
    // It can carry an error's selector and not its values.
    return null;
  }
}

/** `Error("text")`; a messenger keeps the first 256 bytes of it only. */
function describeText(data: string): string | undefined {
  if (!data.startsWith(ERROR_SELECTOR) || dataLength(data) < TEXT_START) return undefined;
  const length = toBigInt(dataSlice(data, TEXT_START - 32, TEXT_START));
  const content = getBytes(dataSlice(data, TEXT_START));
  const isCut = length > BigInt(content.length);
  const text = toUtf8String(isCut ? content : content.subarray(0, Number(length)), Utf8ErrorFuncs.replace);
  return `Error(${printable(JSON.stringify(text))}${isCut ? '...' : ''})`;
}

function describeData(data: string): string {
  const length = dataLength(data);
  return length <= LONGEST_DATA ? data : `${dataSlice(data, 0, LONGEST_DATA)}... (${length} bytes)`;
}
