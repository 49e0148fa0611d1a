import { concat, dataSlice, keccak256, toQuantity, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../../../core/errors.ts';
import { encodeHeader } from '../../../core/omnichain/header.ts';
import { unseal, type SealScheme } from '../../../core/omnichain/lightClient/sealedHeader.ts';
import type { SealedBlock } from '../../../core/omnichain/lightClient/sealedHeaderPlan.ts';
import { sealersOf, validatorsOf } from '../../../core/omnichain/lightClient/sealers.ts';
import { sendToAll } from '../../pooledProvider.ts';
import { request } from '../../request.ts';
import { nodesOf } from '../../rpc.ts';
import { stringsOf } from '../provableBlock.ts';

/** Bytes of a seal. */
const SEAL = 65;

const blockSchema = z.record(z.string(), z.unknown()).nullable();

/**
 * A block with its seals, as the chain's own node has it.
 * @throws {XdmError} `rpc-error` where the node lacks it, `update-invalid` where it is not sealed by the scheme; what the endpoint
 * throws
 */
export async function getSealedBlock(
  provider: JsonRpcProvider,
  scheme: SealScheme,
  number: bigint,
): Promise<SealedBlock & { readonly timestamp: bigint }> {
  const parameters = [toQuantity(number), false];
  const block = await request(provider, 'eth_getBlockByNumber', { parameters, schema: blockSchema });
  if (block === null) {
    const { chainId } = await provider.getNetwork();
    throw new XdmError('rpc-error', `the node of chain ${chainId} has no block ${number}`, {
      hint: 'wait until it is in sync, or ask another node',
    });
  }
  return readSealedBlock(block, scheme, number);
}

/**
 * A block with the seals that the chain's other nodes have of it, too. A validator's node ends a block with the seals that it has heard
 * of by then, its own among them and no more than a quorum: one node's may be too few where validators have changed, and those of several
 * enough.
 */
export async function withAllSeals(
  provider: JsonRpcProvider,
  scheme: SealScheme,
  block: SealedBlock,
): Promise<SealedBlock> {
  const { number, hash, sealed, validators } = block;
  if (nodesOf(provider).length === 1) return block;
  const answers = await sendToAll(provider, { method: 'eth_getBlockByHash', params: [hash, false] });
  const seals = new Map<string, string>();
  for (const each of [block, ...answers.map((answer) => readable(answer, scheme, number))]) {
    // What others say is not believed: a seal is its signer's word, and of another round it is for another header.
    if (each?.hash !== hash || each.sealed.round !== sealed.round) continue;
    for (const [sealer, seal] of sealsOf(each)) if (validators.includes(sealer)) seals.set(sealer, seal);
  }
  return { ...block, sealed: { ...sealed, seals: concat([...seals.values()]) }, sealers: [...seals.keys()] };
}

/** Seals by who has signed them. */
function sealsOf({ sealers, sealed: { seals } }: SealedBlock): [sealer: string, seal: string][] {
  return sealers.map((sealer, index) => [sealer, dataSlice(seals, SEAL * index, SEAL * (index + 1))]);
}

/** Undefined for a node's answer that is no sealed block: what is wrong with it keeps nobody from going by the others. */
function readable(answer: unknown, scheme: SealScheme, number: bigint): SealedBlock | undefined {
  try {
    const block = blockSchema.parse(answer);
    return block === null ? undefined : readSealedBlock(block, scheme, number);
  } catch {
    return undefined;
  }
}

function readSealedBlock(
  block: Readonly<Record<string, unknown>>,
  scheme: SealScheme,
  number: bigint,
): SealedBlock & { readonly timestamp: bigint } {
  const fields = stringsOf(block);
  const raw = encodeHeader(fields);
  const sealed = raw === undefined ? undefined : unseal(raw, scheme);
  const { hash = '' } = fields;
  if (sealed === undefined || keccak256(sealed.header) !== hash) {
    throw new XdmError('update-invalid', `the header of block ${number} does not hash to ${hash} without its seals`, {
      hint: `ask another node, and check whether the chain seals by ${scheme}`,
    });
  }
  return {
    number,
    hash,
    sealed,
    timestamp: BigInt(fields['timestamp'] ?? 0),
    validators: validatorsOf(sealed),
    sealers: sealersOf(sealed, scheme),
  };
}
