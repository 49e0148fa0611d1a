import { AbiCoder, Interface, type ParamType } from 'ethers';

import { l1CrossDomainMessenger } from '../../../sdk/abi/L1CrossDomainMessenger.ts';
import type { MessageProof } from '../../../sdk/chain/contracts.ts';

const TYPE = new Interface(l1CrossDomainMessenger.abi).getFunction('relayMessage')?.inputs[1] as ParamType;

/** Stored of a message that is proven with the tree alone. */
export const NO_OWN_PROOF = '0x';

/** A proof in the form that the store keeps, which is that of the call: hex. */
export function encodeProof(proof: MessageProof): string {
  return AbiCoder.defaultAbiCoder().encode([TYPE], [proof]);
}

export function decodeProof(stored: string): MessageProof {
  return AbiCoder.defaultAbiCoder().decode([TYPE], stored)[0] as MessageProof;
}
