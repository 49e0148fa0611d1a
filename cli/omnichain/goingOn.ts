import { XdmError } from '../../sdk/core/errors.ts';
import type { Output } from '../output.ts';
import { isOvertaken, verifyMadeBefore, type PlannedAt } from '../plannedChain.ts';

/** A chain of a plan, with what the plan creates there through its lane deployer. */
export interface PlannedCreations extends PlannedAt {
  readonly contracts: readonly string[];
}

/**
 * Makes sure that a plan that stands in its file can still be carried out, on all chains: what is paid for on one of them is of no use
 * without the others.
 * @throws {XdmError} `plan-stale` where its account has sent something else, `invalid-argument` where it says that it was made after what
 * it has created, and what the endpoints throw
 */
export async function verifyGoesOn(
  chains: readonly PlannedCreations[],
  path: string,
  { log }: Pick<Output, 'log'>,
): Promise<void> {
  for (const chain of chains) await verifyMadeBefore(chain, path, log);
  const overtaken = await Promise.all(chains.map(isOvertaken));
  const other = chains[overtaken.indexOf(true)];
  if (other === undefined) return;
  const left = (await isBegun(chains))
    ? 'what is there of it by now stays behind'
    : 'nothing of it is there but lane deployers';
  throw new XdmError(
    'plan-stale',
    `${other.plan.account} has sent something else on ${other.name} since ${path} was written`,
    { hint: `delete the file to plan anew, at other addresses: ${left}` },
  );
}

async function isBegun(chains: readonly PlannedCreations[]): Promise<boolean> {
  const codes = await Promise.all(
    chains.flatMap(({ provider, contracts }) => contracts.map(async (address) => await provider.getCode(address))),
  );
  return codes.some((code) => code !== '0x');
}
