// The commands that several scripts run.
import type { Command } from './run-command.ts';

/** A script of tools/ under the Node that runs this one. */
export function script(file: string, ...args: readonly string[]): Command {
  return { command: ['node', `tools/${file}`, ...args] };
}

/** forge in one of foundry.toml's profiles. */
export function forge(profile: 'default' | 'contracts' | 'examples' | 'lint', ...args: readonly string[]): Command {
  return { command: ['node', 'tools/foundry.mjs', 'forge', ...args], env: { FOUNDRY_PROFILE: profile } };
}

/** Compiles the contracts alone; a warning fails it. */
export const buildContracts = forge('contracts', 'build', 'contracts');

/** Compiles the examples alone; a warning fails it. */
export const buildExamples = forge('examples', 'build', 'examples');

/** Measures gas; compares it with snapshots/ where FORGE_SNAPSHOT_CHECK is set, and writes it there otherwise. */
export const measureGas = forge('default', 'test', '--match-path', 'test/contracts/gas/*');

/** The same command with gas held against snapshots/. */
export function againstGasSnapshots(command: Command): Command {
  return { ...command, env: { ...command.env, FORGE_SNAPSHOT_CHECK: 'true' } };
}
