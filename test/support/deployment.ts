import type { Deployment } from '../../sdk/core/deployment.ts';

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
