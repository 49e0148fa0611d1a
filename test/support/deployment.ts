import type { Deployment } from '../../sdk/core/deployment.ts';
import type { OmnichainDeployment } from '../../sdk/core/omnichain/deployment.ts';

/** A deployment of which nothing exists. */
export const EXAMPLE_DEPLOYMENT: Deployment = {
  l1ChainId: 900n,
  l2ChainId: 901n,
  l1Messenger: '0x0000000000000000000000000000000000000101',
  l2Messenger: '0x0000000000000000000000000000000000000201',
  canonicalTransactionChain: '0x0000000000000000000000000000000000000102',
  stateCommitmentChain: '0x0000000000000000000000000000000000000103',
  batches: '0x0000000000000000000000000000000000000104',
  messagePasser: '0x0000000000000000000000000000000000000202',
  fraudProofWindow: 10n,
  startBlock: 0n,
  valueEnabled: true,
  deposits: 'sequencer',
  l1DeployedAt: 0n,
  l2DeployedAt: 0n,
};

const SERVICE = '0x0000000000000000000000000000000000000103';

/** An omnichain lane of a relay chain and one more, of which nothing exists. */
export const EXAMPLE_OMNICHAIN: OmnichainDeployment = {
  relayChainId: 7000n,
  chains: [
    { chainId: 7000n, name: 'relay', service: SERVICE, deployedAt: 1n, headers: 'ethereum' },
    { chainId: 7001n, name: 'A', service: SERVICE, deployedAt: 1n, headers: 'ethereum' },
  ],
  lightClients: [
    { on: 7000n, of: 7001n, kind: 'attestor', address: SERVICE, sources: [] },
    { on: 7001n, of: 7000n, kind: 'attestor', address: SERVICE, sources: [] },
  ],
};
