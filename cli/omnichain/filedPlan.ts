// A plan that stands in its file is only a file: nothing of it is taken over that is not asked for now.
import { attestorLightClient } from '../../sdk/abi/AttestorLightClient.ts';
import { omnichainRelayService } from '../../sdk/abi/OmnichainRelayService.ts';
import { omnichainService } from '../../sdk/abi/OmnichainService.ts';
import { sealedHeaderLightClient } from '../../sdk/abi/SealedHeaderLightClient.ts';
import { syncCommitteeLightClient } from '../../sdk/abi/SyncCommitteeLightClient.ts';
import { constructorArguments, type ConstructorArgument } from '../../sdk/chain/creationCode.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { ChainPlan } from '../../sdk/core/lanePlan.ts';
import type { ChainAddition, PlannedLightClient } from '../../sdk/core/omnichain/addition.ts';
import type { OmnichainPlan, PlannedChain } from '../../sdk/core/omnichain/plan.ts';
import type { StartingBlock } from './lightClientPlans.ts';

const ARTIFACTS = {
  'sync-committee': syncCommitteeLightClient,
  'sealed-header': sealedHeaderLightClient,
  attestor: attestorLightClient,
} as const;

type PlannedCode = Pick<PlannedLightClient, 'kind' | 'creationCode'>;

/**
 * The block that a planned light client starts from: where the terms name none it is another one by now, and all else must be as if the
 * light client were planned from that block now.
 */
export function startOf({ kind, creationCode }: PlannedCode): StartingBlock {
  const args = constructorArguments(ARTIFACTS[kind], creationCode);
  if (kind === 'sync-committee') {
    return { trustedBlockRoot: args?.get('trustedBlockRoot')?.value as string | undefined };
  }
  return { number: kind === 'sealed-header' ? (args?.get('number')?.value as bigint | undefined) : undefined };
}

type Fact = readonly [what: string, value: unknown];

/**
 * The plan of a file, which must be what would be planned now, but for nonces and for the blocks that it was planned at, which are there.
 * Endpoints and sources are those that are asked for now: one that is gone would leave behind what is deployed.
 * @param asked planned from the blocks that the light clients of the plan start from
 * @throws {XdmError} `invalid-argument`, with what is other
 */
export function samePlan(planned: ChainAddition, asked: ChainAddition, path: string): ChainAddition {
  verifySameFacts(additionFacts(planned), additionFacts(asked), `${path} plans a chain`);
  return {
    ...asked,
    chain: past(planned.chain, asked.chain, path),
    relay: past(planned.relay, asked.relay, path),
  };
}

/**
 * The same of the plan of a lane.
 * @throws {XdmError} `invalid-argument`, with what is other
 */
export function sameLane(planned: OmnichainPlan, asked: OmnichainPlan, path: string): OmnichainPlan {
  verifySameFacts(laneFacts(planned), laneFacts(asked), `${path} plans a lane`);
  const chainOf = (chain: PlannedChain): PlannedChain => {
    return past(
      chain,
      asked.chains.find(({ chainId }) => chainId === chain.chainId)!,
      path,
    );
  };
  // Addresses follow from the order, too.
  const [relay, ...others] = planned.chains;
  const lightClients = planned.lightClients.map(({ on, of }) => {
    return asked.lightClients.find((each) => each.on === on && each.of === of)!;
  });
  return { ...asked, chains: [chainOf(relay), ...others.map(chainOf)], lightClients };
}

function verifySameFacts(planned: readonly Fact[], asked: readonly Fact[], says: string): void {
  const actual = new Map(planned);
  const other = asked.find(([what, value]) => actual.get(what) !== value);
  if (other === undefined) return;
  throw new XdmError('invalid-argument', `${says} with another ${other[0]} than is asked for`, {
    hint: 'ask for what it was made by, with the same version of xdm, or delete the file to plan anew: what was deployed by it then stays behind',
  });
}

/**
 * A chain as it is planned now, at the block and with the nonce that it was planned at: logs are looked for from there on, and from a block
 * to come nobody would find those before it.
 */
function past<T extends ChainPlan>({ nonce, deployedAt }: ChainPlan, now: T, path: string): T {
  if (deployedAt <= now.deployedAt) return { ...now, nonce, deployedAt };
  const problem = `${path} was planned at block ${deployedAt} of chain ${now.chainId}, whose newest is ${now.deployedAt}`;
  throw new XdmError('invalid-argument', problem, {
    hint: 'repeat the command where the node of that chain lags behind, or delete the file to plan anew',
  });
}

function additionFacts(addition: ChainAddition): readonly Fact[] {
  return [
    ['relay chain', addition.relayChainId],
    ['relay service', addition.relayService],
    ['name', addition.name],
    ['chain id', addition.chain.chainId],
    ['account', addition.chain.account],
    ['account on the relay chain', addition.relay.account],
    ['headers', addition.headers],
    ['owner', addition.owner],
    ['fee of a message', addition.fee.perMessage],
    ['fee for gas', addition.fee.perGas],
    ['service', addition.serviceCode],
    ...lightClientFacts('light client', addition.lightClient),
    ...lightClientFacts('relay light client', addition.relayLightClient),
  ];
}

function laneFacts({ chains, lightClients, fee }: OmnichainPlan): readonly Fact[] {
  const nameOf = (id: bigint): string => chains.find(({ chainId }) => chainId === id)?.name ?? `${id}`;
  return [
    ['relay chain', chains[0].chainId],
    ['number of chains', chains.length],
    ['number of light clients', lightClients.length],
    ...chains.flatMap((chain, position) => chainFacts(chain, position === 0)),
    ...lightClients.flatMap((each) =>
      lightClientFacts(`light client of ${nameOf(each.of)} on ${nameOf(each.on)}`, each),
    ),
    ['fee of a message', fee.perMessage],
    ['fee for gas', fee.perGas],
  ];
}

function chainFacts({ name, chainId, account, headers, owner, serviceCode }: PlannedChain, isRelay: boolean): Fact[] {
  const args = constructorArguments(isRelay ? omnichainRelayService : omnichainService, serviceCode) ?? new Map();
  return [
    [`chain id of ${name}`, chainId],
    [`account on ${name}`, account],
    [`form of headers of ${name}`, headers],
    [`owner on ${name}`, owner],
    ...argumentFacts(`service on ${name}`, args),
    [`code of the service on ${name}`, serviceCode],
  ];
}

/** The arguments are part of the code: they come first, to say which one is other. */
function lightClientFacts(name: string, { kind, creationCode, trusts }: PlannedLightClient): readonly Fact[] {
  const args = constructorArguments(ARTIFACTS[kind], creationCode) ?? new Map();
  return [
    [`${name}'s kind`, kind],
    ...argumentFacts(name, args),
    [`${name}'s code`, creationCode],
    [`${name}'s description of what it trusts`, trusts],
  ];
}

function argumentFacts(name: string, args: ReadonlyMap<string, ConstructorArgument>): Fact[] {
  return [...args].map(([argument, { encoded }]): Fact => [`${argument} of the ${name}`, encoded]);
}
