import { HDNodeWallet } from 'ethers';

import { DEVELOPMENT_MNEMONIC } from './anvil.ts';

/** A funded account of the local network. Its key is public: it is worth nothing anywhere else. */
export interface DevnetAccount {
  readonly address: string;
  readonly privateKey: string;
}

/** Accounts that are for whoever uses the local network. */
export const USER_ACCOUNTS = 10;

/** Accounts that are funded: the users', then the deployer's, then the node's. */
export const ALL_ACCOUNTS = USER_ACCOUNTS + 2;

/** One of anvil's development accounts. */
export function devnetAccount(index: number): DevnetAccount {
  const { address, privateKey } = HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, '', `m/44'/60'/0'/0/${index}`);
  return { address, privateKey };
}

/** Deploys the lane, and is its owner, challenger and guardian. */
export function deployerAccount(): DevnetAccount {
  return devnetAccount(USER_ACCOUNTS);
}

/** The node's: it relays, and commits state batches. Nobody else uses it, or two would give out its nonces. */
export function nodeAccount(): DevnetAccount {
  return devnetAccount(USER_ACCOUNTS + 1);
}
