import { id, Interface, type Signer, type TransactionReceipt } from 'ethers';

import { crossDomainGateway } from '../abi/CrossDomainGateway.ts';
import { laneDeployer } from '../abi/LaneDeployer.ts';
import type { LaneClient } from '../chain/client.ts';
import { creationCode } from '../chain/creationCode.ts';
import { waitForReceipt } from '../chain/receipts.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { signerOn, type LaneSigners } from '../chain/signers.ts';
import type { Side } from '../core/deployment.ts';
import { XdmError } from '../core/errors.ts';
import { deployedAddress } from '../core/laneDeployer.ts';

/** Who deploys, one account a chain. */
export interface DeployGatewaysParameters extends LaneSigners {
  /** Ends the wait for a block; what was sent may be mined nevertheless. */
  readonly signal?: AbortSignal | undefined;
}

/** Two gateways that know each other, by their addresses. */
export interface GatewayPair {
  readonly l1Gateway: string;
  readonly l2Gateway: string;
}

/** A lane deployer of our own deploys one contract, so any salt will do. */
const SALT = id('CrossDomainGateway');

/** One chain of a deployment. */
interface Place {
  readonly side: Side;
  readonly signer: Signer;
  /** The lane deployer's address there. */
  readonly deployer: string;
  readonly gateway: string;
}

/**
 * Deploys a pair of ERC-7786 gateways over a lane, two transactions on each chain. Each has to know the other's address before it is
 * there, so a lane deployer deploys each: the addresses depend on nothing that the accounts send meanwhile. A run that breaks
 * off leaves nothing that is of use; the next one begins anew, with other addresses.
 * @throws {XdmError} `insufficient-funds`, `wrong-chain` for a signer that cannot leave another chain, `timeout`, and what the
 * endpoints throw
 */
export async function deployGateways(client: LaneClient, parameters: DeployGatewaysParameters): Promise<GatewayPair> {
  const { signal } = parameters;
  const send = async (side: Side, signer: Signer, to: string | null, data: string): Promise<TransactionReceipt> => {
    const { hash } = await signer.sendTransaction({ to, data });
    return await waitForReceipt(client[side], hash, { signal });
  };
  const prepare = async (side: Side, given: Signer): Promise<Place> => {
    const signer = await signerOn(client[side], given);
    const { hash, contractAddress: deployer } = await send(
      side,
      signer,
      null,
      creationCode(laneDeployer, [await signer.getAddress()]),
    );
    if (deployer === null) throw new XdmError('rpc-error', `transaction ${hash} has created no contract`);
    return { side, signer, deployer, gateway: deployedAddress(deployer, SALT) };
  };
  const deploy = async ({ side, signer, deployer, gateway }: Place, messenger: string, other: Place): Promise<void> => {
    const call = [SALT, creationCode(crossDomainGateway, [messenger, other.gateway])];
    const data = new Interface(laneDeployer.abi).encodeFunctionData('deploy', call);
    const { hash, blockNumber } = await send(side, signer, deployer, data);
    // The block with the lane deployer may have been dropped meanwhile.
    if ((await client[side].getCode(gateway, blockNumber)) !== '0x') return;
    const problem = `transaction ${hash} is mined, and there is no gateway at ${gateway}`;
    throw new XdmError('rpc-error', problem, { hint: 'deploy again' });
  };
  try {
    const [l1, l2] = await Promise.all([prepare('l1', parameters.l1Signer), prepare('l2', parameters.l2Signer)]);
    await Promise.all([deploy(l1, client.lane.l1Messenger, l2), deploy(l2, client.lane.l2Messenger, l1)]);
    return { l1Gateway: l1.gateway, l2Gateway: l2.gateway };
  } catch (error) {
    throw toXdmError(error);
  }
}
