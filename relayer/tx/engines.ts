import { Wallet, type JsonRpcProvider } from 'ethers';

import { etherToWei, gweiToWei } from '../settings/amounts.ts';
import type { NodeSettings } from '../settings/common.ts';
import type { StageContext } from '../stages/stage.ts';
import { TransactionEngine } from './engine.ts';

/** Settings that hold for all engines of a node. */
export type EngineSettings = Pick<NodeSettings, 'maxFeePerGas' | 'maxSpendPerDay' | 'rebroadcastAfter' | 'bumpAfter'>;

/** A chain that is sent to. */
interface SentTo {
  readonly chainId: number;
  readonly provider: JsonRpcProvider;
}

/** The engines of a node, each made when it is first asked for. */
export interface Engines {
  /** The engine of a key's account on a chain: one, whatever it is for, because it gives out the nonces. */
  of(chain: SentTo, privateKey: string): TransactionEngine;
  /** All that were asked for, in that order. */
  all(): TransactionEngine[];
}

/** Makes engines with the same settings. */
export function newEngines(settings: EngineSettings, { store, logger, signals }: StageContext): Engines {
  const engines = new Map<string, TransactionEngine>();
  const { maxFeePerGas, maxSpendPerDay, rebroadcastAfter, bumpAfter } = settings;
  const options = {
    maxFeePerGas: gweiToWei(maxFeePerGas),
    maxSpendPerDay: maxSpendPerDay === undefined ? undefined : etherToWei(maxSpendPerDay),
    rebroadcastAfter,
    bumpAfter,
  };
  return {
    of({ chainId, provider }, privateKey) {
      const wallet = new Wallet(privateKey);
      const key = `${wallet.address} on ${chainId}`;
      const known = engines.get(key);
      if (known !== undefined) return known;
      const engine = new TransactionEngine({ ...options, store, logger, signals, provider, wallet, chainId });
      engines.set(key, engine);
      return engine;
    },
    all: () => [...engines.values()],
  };
}
