import { againstGasSnapshots, buildContracts, buildExamples, forge, measureGas, script } from './commands.ts';
import type { Command } from './run-command.ts';

/** A step of `npm run check`. */
export interface Step extends Command {
  /** What is true when the command succeeds. */
  readonly name: string;
  /** The name of a step whose output this one reads. */
  readonly after?: string;
}

const COMPILES = 'contracts compile without a warning';

const SOLIDITY = ['contracts', 'examples', 'test/contracts'];

/** What can be said of the tree without running its tests. The slowest step comes first: the others run beside it. */
export const STATIC_STEPS: readonly Step[] = [
  { name: COMPILES, ...buildContracts },
  { name: 'examples compile without a warning', ...buildExamples },
  { name: 'what users import compiles alone', ...script('check-imports.ts') },
  { name: 'documentation builds', ...forge('default', 'doc', '--build', '--out', 'cache/doc') },
  { name: 'lockfile is complete', ...script('complete-lock.mjs', '--check') },
  { name: 'TypeScript is formatted', command: ['oxfmt', '--check'] },
  { name: 'Solidity is formatted', ...forge('default', 'fmt', '--check', ...SOLIDITY) },
  { name: 'types hold', command: ['tsc'] },
  { name: 'TypeScript lint, layers, cycles', command: ['oxlint'] },
  { name: 'Solidity lint', ...forge('lint', 'lint', 'contracts', 'examples', '--deny', 'warnings') },
  { name: 'guards of the contracts have mutants', ...script('check-guards.ts') },
  { name: 'no dead files, exports, dependencies', command: ['knip'] },
  { name: 'generated ABIs are current', after: COMPILES, ...script('generate-abi.ts', '--check') },
  {
    name: 'the test lanes deploy what is compiled',
    after: COMPILES,
    ...script('generate-creation-code.ts', '--check'),
  },
  { name: 'interfaces are documented', after: COMPILES, ...script('check-natspec.ts') },
  { name: 'storage layouts are as recorded', after: COMPILES, ...script('storage-layout.ts', '--check') },
  { name: 'sizes are as recorded', after: COMPILES, ...script('contract-sizes.ts', '--check') },
];

/** Compiles and runs tests: `npm test` does so anyway, in its suite of contracts. */
export const GAS_STEP: Step = {
  name: 'gas is as recorded',
  after: COMPILES,
  ...againstGasSnapshots(measureGas),
};
