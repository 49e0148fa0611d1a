import type { JsonRpcProvider, VoidSigner } from 'ethers';

import type { Deployment, DepositMode, Side } from '../../sdk/core/deployment.ts';
import type { LanePlan } from '../../sdk/core/lanePlan.ts';
import { defineCommand, type Arguments, type Environment } from '../command.ts';
import { DEPLOYING_OPTIONS, isPublic, openDeployer, verifyOut } from '../deploying.ts';
import { EXIT } from '../exitCodes.ts';
import type { Values } from '../format.ts';
import type { PlannedDeployment } from '../lanePlanFile.ts';
import type { AskedTerms } from '../laneTerms.ts';
import { CHAIN_OPTIONS, TERM_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';
import type { Account } from '../signer.ts';

const OPTIONS = {
  ...CHAIN_OPTIONS,
  ...TERM_OPTIONS,
  ...DEPLOYING_OPTIONS,
  replan: {
    type: 'boolean',
    default: false,
    describe: 'Plan anew, at other addresses, where FILE.plan cannot be carried out any more',
  },
} as const;

export const deploy = defineCommand({
  name: 'deploy',
  parameters: '',
  arity: 0,
  summary: 'Deploys a lane on two chains',
  details: `The account deploys on both chains, and has no power over the lane beside the roles that it is
given. Roles can be replaced later, see \`xdm roles\`; nothing else of a lane can be changed.

--config names a JSON file with any of owner, proposer, challenger, guardian, fraudProofWindow
(seconds), deposits, maxBlockGas, startBlock, allowlist, genesisVault (wei), valueEnabled.

--dry-run leaves the plan in FILE.plan: the same command without it deploys what was shown, at the
same addresses. Where the account has sent something else meanwhile, it is refused with exit code
2, for the addresses would be others: --replan takes them. A run that broke off can be repeated
and goes on where it stopped, by the same file.`,
  options: OPTIONS,
  async run(args, { environment, output }) {
    const { readTerms } = await import('../laneTerms.ts');

    verifyOut(args.out);
    const terms = readTerms(args);
    const account = await openDeployer(args, environment);
    return await withChains(args, environment, async (chains) => {
      const { deployByFile, planByFile, removePlan } = await import('../lanePlanFile.ts');
      const { writeResult } = await import('../files.ts');
      const { serializeDeployment } = await import('../../sdk/core/deployment.ts');

      if (terms.deposits === 'derived') {
        output.log("note: L1 to L2 works only if L2's node derives deposits from the queue of this lane");
      } else if (!args['dry-run']) {
        await probe(chains.l2);
      }
      const planned = await plannedBy(args, { account, terms, chains, log: output.log });
      const filed = await planByFile(planned);
      await warn(filed.plan, chains, output.log);
      if (args['dry-run']) {
        output.log(`nothing was sent; the same command without --dry-run deploys what ${planned.path} plans`);
        const lane = serializeDeployment(await describe(filed.plan, terms.deposits, chains.urls));
        output.results([{ values: { planFile: planned.path, ...resultOf(filed.plan, lane) } }]);
        return EXIT.done;
      }
      const plan = await deployByFile(planned, filed);
      const lane = serializeDeployment(await describe(plan, terms.deposits, chains.urls));
      writeResult(args.out, lane);
      removePlan(planned.path);
      output.results([{ values: { deploymentFile: args.out, ...resultOf(plan, lane) } }]);
      return EXIT.done;
    });
  },
});

interface Undertaking {
  readonly account: Account | VoidSigner;
  readonly terms: AskedTerms;
  readonly chains: Chains;
  readonly log: Output['log'];
}

async function plannedBy(
  { out, replan }: Arguments<typeof OPTIONS>,
  { account, terms, chains, log }: Undertaking,
): Promise<PlannedDeployment> {
  const { completeTerms } = await import('../laneTerms.ts');
  return {
    signers: { l1Signer: account.connect(chains.l1), l2Signer: account.connect(chains.l2) },
    terms: await completeTerms(terms, account.address, chains.l2),
    isBlockGasAsked: terms.maxBlockGas !== undefined,
    path: `${out}.plan`,
    isReplanning: replan,
    log,
    onStep: ({ side, contract, address, gasUsed }) => {
      const cost = gasUsed === undefined ? 'was there already' : `${gasUsed} gas`;
      log(`${side} ${contract} ${address}, ${cost}`);
    },
  };
}

async function warn(plan: LanePlan, { l1, l2 }: Chains, log: Output['log']): Promise<void> {
  const { accountKind } = await import('../../sdk/core/accountKind.ts');
  const { warningsOf } = await import('../laneWarnings.ts');
  const [code, balance, isAnyone] = await Promise.all([
    l1.getCode(plan.owner),
    l1.getBalance(plan.l1.account),
    isNobody(plan.allowlist) ? undefined : isAnyoneOn(l2, plan.allowlist),
  ]);
  const facts = { ownerKind: accountKind(code), balance, isAllowlistEmpty: isAnyone === false };
  for (const warning of warningsOf(plan, facts)) log(`warning: ${warning}`);
}

/** Whether somebody may send; undefined of another contract than a SenderAllowlist, for nobody knows who is on it. */
async function isAnyoneOn(l2: JsonRpcProvider, allowlist: string): Promise<boolean | undefined> {
  const { readAllowlist } = await import('../../sdk/actions/getAllowlist.ts');
  const { isAnyoneAllowed } = await import('../../sdk/chain/allowedSenders.ts');
  const { owner } = await readAllowlist(l2, allowlist);
  return owner === undefined ? undefined : await isAnyoneAllowed(l2, allowlist);
}

interface Chains {
  readonly l1: JsonRpcProvider;
  readonly l2: JsonRpcProvider;
  readonly urls: Readonly<Record<Side, string>>;
}

async function withChains<T>(
  args: Arguments<typeof OPTIONS>,
  environment: Environment,
  use: (chains: Chains) => Promise<T>,
): Promise<T> {
  const { noEndpoint } = await import('../../sdk/chain/client.ts');
  const { connect } = await import('../../sdk/chain/rpc.ts');
  const { endpointOf } = await import('../values.ts');
  const urls = {
    l1: endpointOf('l1', args, environment) ?? noEndpoint('l1'),
    l2: endpointOf('l2', args, environment) ?? noEndpoint('l2'),
  };
  const [l1, l2] = await Promise.all([connect(urls.l1, { name: 'L1' }), connect(urls.l2, { name: 'L2' })]);
  try {
    return await use({ l1, l2, urls });
  } finally {
    l1.destroy();
    l2.destroy();
  }
}

async function probe(l2: JsonRpcProvider): Promise<void> {
  const { probeDeposits } = await import('../../sdk/actions/probeDeposits.ts');
  await probeDeposits(l2);
}

async function describe(plan: LanePlan, deposits: DepositMode, urls: Chains['urls']): Promise<Deployment> {
  const { listEndpoints } = await import('../../sdk/core/endpoint.ts');
  const { plannedLane } = await import('../../sdk/core/lanePlan.ts');
  return {
    ...plannedLane(plan),
    deposits,
    l1DeployedAt: plan.l1.deployedAt,
    l2DeployedAt: plan.l2.deployedAt,
    l1RpcUrl: listEndpoints(urls.l1).find(isPublic),
    l2RpcUrl: listEndpoints(urls.l2).find(isPublic),
  };
}

function resultOf(plan: LanePlan, text: string): Values {
  const { version: _version, ...deployment } = JSON.parse(text) as Values;
  const { owner, proposer, challenger, guardian, allowlist, maxBlockGas, genesisVault } = plan;
  const roles = { owner, proposer, challenger, guardian };
  return { ...deployment, ...roles, allowlist: isNobody(allowlist) ? undefined : allowlist, maxBlockGas, genesisVault };
}

function isNobody(address: string): boolean {
  return BigInt(address) === 0n;
}
