import { existsSync, statSync } from 'node:fs';

import type { JsonRpcProvider } from 'ethers';

import type { PlanLaneParameters } from '../../sdk/actions/planLane.ts';
import type { Deployment, DepositMode, Side } from '../../sdk/core/deployment.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { LanePlan } from '../../sdk/core/lanePlan.ts';
import { defineCommand, type Arguments, type Environment } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import type { Values } from '../format.ts';
import { CHAIN_OPTIONS, SIGNER_OPTIONS } from '../options.ts';

/** Share of an L2 block that the deposits of one L1 block may fill: what L2's own users need is left. */
const DEPOSIT_SHARE = { numerator: 2n, denominator: 3n };

const OPTIONS = {
  ...CHAIN_OPTIONS,
  'challenge-period': {
    type: 'string',
    requiresArg: true,
    default: '604800',
    describe: 'Seconds a state batch can be challenged before messages are relayed from it',
  },
  deposits: {
    type: 'string',
    requiresArg: true,
    default: 'sequencer',
    describe:
      'Who executes the queue on L2: sequencer (the xdm node), or derived (the L2 node derives deposits from it)',
  },
  'no-value': { type: 'boolean', default: false, describe: 'Messages cannot carry ETH' },
  out: { type: 'string', requiresArg: true, demandOption: true, describe: 'File to describe the lane in' },
  ...SIGNER_OPTIONS,
} as const;

export const deploy = defineCommand({
  name: 'deploy',
  parameters: '',
  arity: 0,
  summary: 'Deploys a lane on two chains',
  details: `The account deploys on both chains and is owner, proposer, challenger and guardian; the roles can
be handed over later. A run that broke off can be repeated and goes on where it stopped, by the
plan it left beside FILE in FILE.plan.`,
  options: OPTIONS,
  async run(args, { environment, output }) {
    const { openAccount } = await import('../signer.ts');
    const { parseChoice, parseNatural } = await import('../values.ts');

    verifyOut(args.out);
    const deposits = parseChoice('deposits', args.deposits, ['sequencer', 'derived']);
    const fraudProofWindow = parseNatural('challenge-period', args['challenge-period']);
    const account = await openAccount(args, environment);
    return await withChains(args, environment, async (chains) => {
      const { deployByFile, removePlan } = await import('../lanePlanFile.ts');
      const { serializeDeployment } = await import('../../sdk/core/deployment.ts');
      const { writeResult } = await import('../files.ts');

      if (deposits === 'sequencer') await probe(chains.l2);
      else output.log("note: L1 to L2 works only if L2's node derives deposits from the queue of this lane");
      if (!args['no-value']) {
        output.log(
          'warning: the vault on L1 is empty, so L2 must have no ETH of its own; deploy with --no-value if it has',
        );
      }
      const planFile = `${args.out}.plan`;
      const plan = await deployByFile({
        signers: { l1Signer: account.connect(chains.l1), l2Signer: account.connect(chains.l2) },
        terms: await termsOf(account.address, chains.l2, { fraudProofWindow, valueEnabled: !args['no-value'] }),
        path: planFile,
        log: output.log,
        onStep: ({ side, contract, address, gasUsed }) => {
          const cost = gasUsed === undefined ? 'was there already' : `${gasUsed} gas`;
          output.log(`${side} ${contract} ${address}, ${cost}`);
        },
      });
      const deployment = await describe(plan, deposits, chains.urls);
      writeResult(args.out, serializeDeployment(deployment));
      removePlan(planFile);
      output.results([{ values: resultOf(args.out, plan, serializeDeployment(deployment)) }]);
      return EXIT.done;
    });
  },
});

function verifyOut(out: string): void {
  const problem =
    out === ''
      ? '--out is empty'
      : statSync(out, { throwIfNoEntry: false })?.isDirectory() === true
        ? `--out ${out} is a folder`
        : existsSync(out)
          ? `${out} is there already, and describes a lane`
          : undefined;
  if (problem === undefined) return;
  throw new XdmError('invalid-argument', problem, { hint: 'give another file with --out' });
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

async function termsOf(
  account: string,
  l2: JsonRpcProvider,
  chosen: Pick<PlanLaneParameters, 'fraudProofWindow' | 'valueEnabled'>,
): Promise<PlanLaneParameters> {
  const roles = { owner: account, proposer: account, challenger: account, guardian: account };
  const { MAX_TRANSACTION_GAS } = await import('../../sdk/core/gas.ts');
  const limit = (await l2.getBlock('latest'))?.gasLimit ?? 0n;
  if (limit <= MAX_TRANSACTION_GAS) {
    throw new XdmError('invalid-argument', `L2's block gas limit is ${limit}, too little for a lane's deposits`, {
      hint: `it must be above ${MAX_TRANSACTION_GAS}, which one deposit can need`,
    });
  }
  const share = (limit * DEPOSIT_SHARE.numerator) / DEPOSIT_SHARE.denominator;
  const maxBlockGas = share > MAX_TRANSACTION_GAS ? share : limit - 1n;
  return { ...roles, ...chosen, maxBlockGas, genesisVault: 0n };
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

/** Whether an endpoint can stand in a file that is passed on: a key would be in one of the parts it does not have. */
function isPublic(url: string): boolean {
  const { username, password, pathname, search } = new URL(url);
  return username === '' && password === '' && pathname === '/' && search === '';
}

function resultOf(deploymentFile: string, { owner, proposer, challenger, guardian }: LanePlan, text: string): Values {
  const { version: _version, ...deployment } = JSON.parse(text) as Values;
  return { deploymentFile, ...deployment, owner, proposer, challenger, guardian };
}
