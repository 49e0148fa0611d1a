import type { Finding } from '../doctor/finding.ts';
import type { Patient } from '../doctor/examine.ts';
import { defineCommand, type Arguments, type Environment } from '../command.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { Values } from '../format.ts';
import type { Output } from '../output.ts';
import { NODE_OPTIONS, readRollupConfig } from '../nodeSettings.ts';
import { counted } from '../../sdk/core/counted.ts';

/** Seconds that a check may be given. */
const MAX_TIMEOUT_S = 3600n;

const OPTIONS = {
  timeout: { type: 'string', requiresArg: true, default: '15', describe: 'Seconds that each check has' },
  ...NODE_OPTIONS,
} as const;

export const doctor = defineCommand({
  name: 'doctor',
  parameters: '',
  arity: 0,
  summary: 'Checks all that the node needs, and says what to fix',
  details: `Give it the options, variables and file of the node. It looks at settings, endpoints, contracts
and their wiring, roles, balances, clock, deposits, the queue, how deep L2's endpoints prove, the
store and the HTTP port. It sends no transaction and changes nothing; a node may run.

One line for each check: ok, warning or problem, what was found, and what to do. With --json, an
array of objects with check, subject, verdict, value, hint and isTransient. Exit code 0 without a
problem, 3 where all problems may pass by themselves, otherwise 1.`,
  options: OPTIONS,
  only: {
    kind: 'rollup',
    otherwise:
      '`xdm lightclient status` says how the light clients of this one are, and `xdm status ORDER` what a message waits for',
  },
  async run(args, { environment, output }) {
    const { exitOf, lineOf } = await import('../doctor/finding.ts');
    const findings: Finding[] = [];
    for await (const finding of diagnose(args, environment)) {
      findings.push(finding);
      if (!output.json) output.text(lineOf(finding));
    }
    if (output.json) output.data(findings.map(valuesOf));
    return summarize(findings, exitOf(findings), output);
  },
});

async function* diagnose(args: Arguments<typeof OPTIONS>, environment: Environment): AsyncGenerator<Finding> {
  const { failure, ok, problem } = await import('../doctor/finding.ts');
  const { listEndpoints } = await import('../../sdk/core/endpoint.ts');
  const { examine } = await import('../doctor/examine.ts');
  const { deploymentPath } = await import('../deploymentFile.ts');
  const { readDeployment } = await import('../lane.ts');
  const { parseNatural } = await import('../values.ts');

  const timeout = Number(parseNatural('timeout', args.timeout, MAX_TIMEOUT_S, 1n)) * 1000;
  const file = deploymentPath(args, environment);
  let lane: Patient['lane'];
  try {
    lane = readDeployment(args, environment);
    yield ok({ check: 'deployment', subject: '' }, `${file}, chains ${lane.l1ChainId} and ${lane.l2ChainId}`);
  } catch (error) {
    yield failure({ check: 'deployment', subject: '' }, error);
    return;
  }
  let config: Patient['config'];
  try {
    config = await readRollupConfig(args, environment);
    yield ok({ check: 'settings', subject: '' }, `roles ${config.roles.join(', ')}`);
  } catch (error) {
    yield failure({ check: 'settings', subject: '' }, error);
    return;
  }
  const urls = {
    l1: listEndpoints(config.l1RpcUrl ?? lane.l1RpcUrl ?? []),
    l2: listEndpoints(config.l2RpcUrl ?? lane.l2RpcUrl ?? []),
  };
  for (const side of ['l1', 'l2'] as const) {
    if (urls[side].length > 0) continue;
    yield problem({ check: 'endpoint', subject: side }, 'none is given', `give one with --${side}-rpc-url`);
  }
  yield* examine({ lane, config, urls, timeout });
}

function valuesOf({ hint, isTransient = false, ...finding }: Finding): Values {
  return { ...finding, hint, isTransient };
}

function summarize(findings: readonly Finding[], code: ExitCode, output: Output): ExitCode {
  const count = (wanted: Finding['verdict']): number => findings.filter(({ verdict }) => verdict === wanted).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const passing = code === EXIT.transient ? ', none of which need last' : '';
  output.log(`${counted(problems, 'problem')}${passing}, ${counted(warnings, 'warning')}`);
  return code;
}
