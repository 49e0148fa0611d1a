import { toBeHex, toQuantity, ZeroHash, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../../../core/errors.ts';
import { getBlockHeader } from '../../blockHeader.ts';
import { request } from '../../request.ts';
import { HISTORY } from '../ancestors.ts';

/** Code of EIP-2935's contract as the EIP has it, and the blocks that it remembers; chains may have another one at its address. */
export const HISTORY_CODE =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500';
const WINDOW = 8191n;

/** Bytes, or a number that not all nodes pad. */
const hex = z.string().regex(/^0x[\da-f]*$/iu, 'not hex');

/**
 * How many blocks a chain's history contract remembers, where that is Ethereum's and the chain feeds it; undefined of any other, and where
 * there is none.
 * @throws what the endpoint throws
 */
export async function readHistoryWindow(provider: JsonRpcProvider): Promise<bigint | undefined> {
  const code = await request(provider, 'eth_getCode', { parameters: [HISTORY, 'latest'], schema: hex });
  if (code !== HISTORY_CODE) return undefined;
  try {
    await checkHistoryWindow(provider, WINDOW);
    return WINDOW;
  } catch (error) {
    if (error instanceof XdmError && error.code === 'invalid-argument') return undefined;
    throw error;
  }
}

/**
 * Checks how many blocks a chain's history contract remembers before a light client of that chain is deployed for good with the number:
 * with another one anybody could record a true hash of a block under a wrong height, which freezes it.
 * @throws {XdmError} `invalid-argument` where it remembers another number, or cannot be seen to remember as many, `rpc-error`; what
 * the endpoint throws
 */
export async function checkHistoryWindow(provider: JsonRpcProvider, window: bigint): Promise<void> {
  // Then nothing is read there.
  if (window === 0n) return;
  const { number, parentHash } = await getBlockHeader(provider, 'latest');
  const { chainId } = await provider.getNetwork();
  const newest = BigInt(number);
  const read = async (method: string, ...where: readonly string[]): Promise<string> =>
    await request(provider, method, { parameters: [HISTORY, ...where, toQuantity(number)], schema: hex });
  const slot = async (index: bigint): Promise<string> =>
    toBeHex(await read('eth_getStorageAt', toBeHex(index, 32)), 32);
  const refused = (problem: string, hint: string): XdmError => {
    const what = `historyWindow of ${window} is wrong for chain ${chainId}`;
    return new XdmError('invalid-argument', `${what}: ${problem}`, { hint });
  };

  const code = await read('eth_getCode');
  if (code === '0x') throw refused('it has no history contract (EIP-2935)', 'give 0');
  if (code === HISTORY_CODE) {
    if (window !== WINDOW) throw refused(`its history contract remembers ${WINDOW} blocks`, `give ${WINDOW}`);
  } else if (newest < window) {
    throw refused(`it is at block ${newest}, too early to see what its history contract remembers`, 'give 0');
  }
  const hint = 'give the number of blocks that the contract remembers, or 0 to have headers alone prove older blocks';
  if (newest > 0n && (await slot((newest - 1n) % window)) !== parentHash) {
    throw refused(`its history contract does not have block ${newest - 1n} in slot ${(newest - 1n) % window}`, hint);
  }
  // Which slot the newest block lies in can be the same for two numbers.
  if (code === HISTORY_CODE) return;
  const oldest = await getBlockHeader(provider, number - Number(window));
  if ((await slot(newest % window)) !== oldest.hash || (await slot(window)) !== ZeroHash) {
    throw refused('its history contract remembers another number of blocks', hint);
  }
}
