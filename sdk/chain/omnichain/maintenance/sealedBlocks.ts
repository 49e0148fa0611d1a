import { keccak256, toQuantity, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../../../core/errors.ts';
import { encodeHeader } from '../../../core/omnichain/header.ts';
import { unseal, type SealScheme } from '../../../core/omnichain/lightClient/sealedHeader.ts';
import type { SealedBlock } from '../../../core/omnichain/lightClient/sealedHeaderPlan.ts';
import { sealersOf, validatorsOf } from '../../../core/omnichain/lightClient/sealers.ts';
import { request } from '../../request.ts';
import { stringsOf } from '../provableBlock.ts';

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
    throw new XdmError('rpc-error', `the node of chain ${provider._network.chainId} has no block ${number}`, {
      hint: 'wait until it is in sync, or ask another node',
    });
  }
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
