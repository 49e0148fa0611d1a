import { getAddress, type JsonRpcProvider, type Signer } from 'ethers';

import { omnichainService } from '../../abi/OmnichainService.ts';
import { creationCode } from '../../chain/creationCode.ts';
import { chainOf, type OmnichainClient } from '../../chain/omnichain/client.ts';
import { serviceAt } from '../../chain/omnichain/contracts.ts';
import { readChainPlan } from '../../chain/readChainPlan.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { verifyIsNew, type ChainAddition, type PlannedLightClient } from '../../core/omnichain/addition.ts';

/** A chain that is to become one of an omnichain lane's. */
export interface NewChain extends Pick<ChainAddition, 'name' | 'rpcUrl' | 'headers' | 'fee'> {
  /** Who is offered its service in the end; the account that deploys it where it is not given. */
  readonly owner?: string | undefined;
  /** Who gets its fees; the owner where it is not given. */
  readonly feeReceiver?: string | undefined;
  /** What the relay chain is to know of it. */
  readonly lightClient: PlannedLightClient;
  /** What it is to know of the relay chain. */
  readonly relayLightClient: PlannedLightClient;
}

/** What a chain is added by. */
export interface PlanAdditionParameters {
  readonly chain: NewChain;
  /** Connected to it. */
  readonly provider: JsonRpcProvider;
  /** Who will deploy on it and on the relay chain; an address is enough. */
  readonly signer: Pick<Signer, 'getAddress'>;
}

/**
 * Plans how a chain is added to a lane; sends nothing. The plan holds as long as the account sends nothing else on the relay chain and the
 * new one before `addChain` has created the lane deployers.
 * @throws {XdmError} `invalid-argument` where the lane has the chain already, and what the endpoints throw
 */
export async function planAddition(
  client: OmnichainClient,
  { chain, provider, signer }: PlanAdditionParameters,
): Promise<ChainAddition> {
  try {
    const relay = chainOf(client, client.lane.relayChainId);
    const account = await signer.getAddress();
    const here = await readChainPlan(provider, account);
    verifyIsNew(client.lane, chain.name, here.chainId);
    const { name, rpcUrl, headers, fee, lightClient, relayLightClient } = chain;
    const owner = getAddress(chain.owner ?? account);
    const delay = await serviceAt(relay.service, relay.provider).lightClientDelay();
    const args = [relay.chainId, account, chain.feeReceiver ?? owner, delay];
    return {
      relayChainId: relay.chainId,
      relayService: relay.service,
      name,
      rpcUrl,
      headers,
      fee,
      owner,
      chain: here,
      relay: await readChainPlan(relay.provider, account),
      serviceCode: creationCode(omnichainService, args),
      lightClient,
      relayLightClient,
    };
  } catch (error) {
    throw toXdmError(error);
  }
}
