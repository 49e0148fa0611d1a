// Where the node's settings are, for those that look at what it does.
import { dirname, join } from 'node:path';

import { XdmError } from '../sdk/core/errors.ts';
import type { Environment, OptionsByName } from './command.ts';
import { readIfThere } from './files.ts';

/** To find the node's store. */
export const STORE_OPTIONS = {
  store: {
    type: 'string',
    requiresArg: true,
    describe: "The node's store; that of the node's settings, or relayer.sqlite beside the deployment  [XDM_STORE]",
  },
  config: {
    type: 'string',
    requiresArg: true,
    describe: "File with the node's settings; relayer.json beside the deployment unless given",
  },
} as const satisfies OptionsByName;

/** What names the node's settings. */
export interface SettingsPlace {
  /** File that is asked for. */
  readonly config?: string | undefined;
  readonly deploymentFile: string;
}

/**
 * The settings of the node's file; with the store beside the deployment where it names none.
 * @throws {XdmError} `invalid-config` where the file that is asked for cannot be read, or one is not JSON
 */
export function readSettings({ config, deploymentFile }: SettingsPlace): object {
  const folder = dirname(deploymentFile);
  return {
    store: join(folder, 'relayer.sqlite'),
    ...readJson(config ?? join(folder, 'relayer.json'), config !== undefined),
  };
}

/**
 * Where the node's store is, by the same sources as the node's own: an option, a variable, its file.
 * @throws {XdmError} `invalid-config`
 */
export function storeLocation(
  { store, ...place }: SettingsPlace & { readonly store?: string | undefined },
  { variables }: Environment,
): string {
  const named = store ?? variables['XDM_STORE'];
  if (named !== undefined) return named;
  const settings = readSettings(place);
  const location: unknown = 'store' in settings ? settings.store : undefined;
  if (typeof location === 'string' && location !== '') return location;
  throw new XdmError('invalid-config', `setting "store" has value ${JSON.stringify(location)}, and names no store`, {
    hint: 'give another one with --store',
  });
}

/** A file's settings; none where it is not there and nobody asked for it. */
function readJson(path: string, isAsked: boolean): object {
  const text = readIfThere(path);
  if (text === undefined && !isAsked) return {};
  try {
    return JSON.parse(text ?? '') as object;
  } catch (cause) {
    const problem = text === undefined ? 'cannot be read' : 'is not JSON';
    throw new XdmError('invalid-config', `the configuration file ${path} ${problem}`, {
      cause,
      hint: 'give another file with --config',
    });
  }
}
