// What there is to pay before it is paid.
import { formatEther, type Signer } from 'ethers';

import type { ChainEstimate } from '../../sdk/chain/omnichain/plannedCreations.ts';
import { connectionOf } from '../../sdk/chain/signers.ts';
import { counted } from '../../sdk/core/counted.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { formatNested, type Values } from '../format.ts';
import type { Output } from '../output.ts';

/** What is left to be paid on a chain, and what there is to pay with. */
export interface Prospect extends ChainEstimate {
  readonly account: string;
  /** Wei. */
  readonly balance: bigint;
  /** Wei, at today's fees. */
  readonly cost: bigint;
}

/**
 * What an account has to pay on each chain; says where it has less.
 * @param signerOn the account, connected to a chain by its name
 */
export async function prospectsOf(
  estimates: readonly ChainEstimate[],
  signerOn: (chain: string) => Signer,
  output: Pick<Output, 'log'>,
): Promise<Prospect[]> {
  const prospects = await Promise.all(
    estimates.map(async (estimate): Promise<Prospect> => {
      const signer = signerOn(estimate.on);
      const provider = connectionOf(signer);
      const account = await signer.getAddress();
      const [balance, { gasPrice }] = await Promise.all([provider.getBalance(account), provider.getFeeData()]);
      return { ...estimate, account, balance, cost: estimate.gas * (gasPrice ?? 0n) };
    }),
  );
  for (const { on, account, balance, cost } of prospects) {
    if (balance >= cost) continue;
    output.log(`warning: ${account} has ${ether(balance)} on ${on}, and it takes about ${ether(cost)} there`);
  }
  return prospects;
}

/**
 * Makes sure that an account can begin on each chain.
 * @throws {XdmError} `insufficient-funds` where it has nothing
 */
export function verifyFunds(prospects: readonly Prospect[]): void {
  const poor = prospects.find(({ balance, cost }) => balance === 0n && cost > 0n);
  if (poor === undefined) return;
  throw new XdmError('insufficient-funds', `the account ${poor.account} has nothing on chain ${poor.on} to pay with`, {
    hint: 'fund it there, or use another account',
  });
}

export function prospectValues({ on, account, balance, transactions, gas, cost }: Prospect): Values {
  return { chain: on, account, balance: ether(balance), transactions, gas, cost: ether(cost) };
}

/** A sum, and a line for each chain. */
export function prospectsText(prospects: readonly Prospect[]): string {
  const transactions = prospects.reduce((sum, each) => sum + each.transactions, 0);
  const details = prospects.length === 0 ? '' : `, about${formatNested(prospects.map(prospectValues))}`;
  return `${counted(transactions, 'transaction')}${details}`;
}

/** Nobody reads all 18 decimals. */
function ether(wei: bigint): string {
  return `${formatEther(wei).replace(/(\.\d{6})\d+$/u, '$1')} ether`;
}
