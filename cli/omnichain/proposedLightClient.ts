// What is known of a light client before it is announced: the service asks it for its chain id alone, and what it is cannot be changed.
import { isCallException, isError, ZeroHash, type JsonRpcProvider } from 'ethers';

import { getBlockHeader } from '../../sdk/chain/blockHeader.ts';
import { lightClientAt } from '../../sdk/chain/omnichain/contracts.ts';
import { checkHistoryWindow } from '../../sdk/chain/omnichain/maintenance/historyWindow.ts';
import { readLightClient, type LightClientState } from '../../sdk/chain/omnichain/maintenance/lightClientState.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { XdmError, type ErrorCode } from '../../sdk/core/errors.ts';
import {
  LIGHT_CLIENT_KINDS,
  type OmnichainChain,
  type OmnichainLightClient,
} from '../../sdk/core/omnichain/deployment.ts';
import { sentenceOf } from '../output.ts';
import { unusedHistory } from './lightClientPlans.ts';

/** A light client that is to be announced. */
export interface Proposal {
  readonly address: string;
  /** Of the chain that it is on. */
  readonly provider: JsonRpcProvider;
  readonly of: Pick<OmnichainChain, 'chainId' | 'name'>;
  /** The one whose place it is to take. */
  readonly entry: OmnichainLightClient;
}

/** What it says of itself. */
interface Said extends Pick<LightClientState, 'head' | 'isFrozen' | 'isExpired'> {
  readonly kind: string;
  readonly historyWindow: bigint;
}

/**
 * Makes sure that a light client is what it should be to be announced.
 * @param source of the chain whose blocks it knows, or what speaks against its endpoint
 * @returns what is not known of it, or may not be meant, a clause each
 * @throws {XdmError} `invalid-argument` where it is none, of another chain, on another branch, or was deployed with another history window
 * than its chain has; `light-client-frozen`, `light-client-expired`, and what the endpoint of the chain that it is on throws
 */
export async function verifyProposal(proposal: Proposal, source: JsonRpcProvider | XdmError): Promise<string[]> {
  const said = await read(proposal);
  if (said.isFrozen) throw refusal(proposal, 'is frozen, for good: nothing can be proven by it', 'light-client-frozen');
  if (said.isExpired) throw refusal(proposal, 'has expired, and takes no update any more', 'light-client-expired');
  const { kind } = proposal.entry;
  const isOther = said.kind !== kind;
  return [
    ...(isOther
      ? [`it is of kind ${said.kind}, and the one in the deployment file of ${kind}: it believes others`]
      : []),
    ...(await compare(proposal, said, source)),
  ];
}

async function read({ address, provider, of, entry }: Proposal): Promise<Said> {
  const wrong = (problem: string): XdmError => refusal({ address, of }, problem);
  const contract = lightClientAt(address, provider);
  try {
    const [chainId, number, historyWindow] = await Promise.all([
      contract.chainId(),
      contract.kind(),
      contract.historyWindow(),
    ]);
    if (chainId !== of.chainId) throw wrong(`knows the blocks of chain ${chainId}`);
    const kind = LIGHT_CLIENT_KINDS[Number(number)];
    if (kind === undefined) throw wrong(`is of kind ${number}, which nothing keeps in sync`);
    const place = { entry: { ...entry, kind, address }, address, provider, of: of.chainId };
    return { kind, historyWindow, ...(await readLightClient(place)) };
  } catch (error) {
    // There is no code, or it does not answer as one.
    if (isCallException(error) || isError(error, 'BAD_DATA')) throw wrong('is none');
    throw toXdmError(error);
  }
}

/** What its own chain says of what it says. */
async function compare(
  { address, of }: Proposal,
  { historyWindow, head }: Said,
  source: JsonRpcProvider | XdmError,
): Promise<string[]> {
  const unknown = (what: string, error: XdmError): string =>
    `whether ${what} is that of ${of.name} is not known: ${sentenceOf(error)}`;
  const window = `its historyWindow of ${historyWindow}`;
  const newest = `its newest block, ${head.number},`;
  if (source instanceof XdmError) return [unknown(window, source), unknown(newest, source)];
  const windowDoubt = async (): Promise<string | undefined> => {
    try {
      await checkHistoryWindow(source, historyWindow);
      return await unusedHistory(source, of.name, historyWindow);
    } catch (cause) {
      const error = toXdmError(cause);
      if (error.code !== 'invalid-argument') return unknown(window, error);
      throw refusal({ address, of }, `cannot be used: ${error.message}`);
    }
  };
  const headDoubt = async (): Promise<string | undefined> => {
    // Attestors may have vouched for none yet.
    if (head.hash === ZeroHash) return undefined;
    const block = await getBlockHeader(source, Number(head.number)).catch(toXdmError);
    if (block instanceof XdmError) return unknown(newest, block);
    if (block.hash === head.hash) return undefined;
    throw refusal({ address, of }, `has block ${head.number} as ${head.hash}, and the chain's node as ${block.hash}`);
  };
  const doubts = await Promise.all([windowDoubt(), headDoubt()]);
  return doubts.filter((doubt) => doubt !== undefined);
}

function refusal(
  { address, of }: Pick<Proposal, 'address' | 'of'>,
  problem: string,
  code: ErrorCode = 'invalid-argument',
): XdmError {
  return new XdmError(code, `${address} as a light client of ${of.name} (${of.chainId}) ${problem}`, {
    hint: 'check the address, or deploy another one: nothing of it can be changed',
  });
}
