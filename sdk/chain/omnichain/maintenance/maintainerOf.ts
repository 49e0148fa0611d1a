import type { JsonRpcProvider } from 'ethers';

import { listEndpoints } from '../../../core/endpoint.ts';
import { XdmError } from '../../../core/errors.ts';
import type { LightClientKind, OmnichainLightClient } from '../../../core/omnichain/deployment.ts';
import type { RestOptions } from '../../endpoints/rest.ts';
import { BeaconNode } from '../beaconNode.ts';
import { chainOf, lightClientBetween, type OmnichainClient } from '../client.ts';
import { AttestorApi, AttestorMaintainer } from './attestor.ts';
import type { LightClientMaintainer } from './maintainer.ts';
import type { LightClientPlace } from './readings.ts';
import { SealedHeaderMaintainer } from './sealedHeader.ts';
import { SyncCommitteeMaintainer } from './syncCommittee.ts';

/** Which light client: of the chain `of`, on the chain `on`. */
export interface LightClientChoice {
  /** Name or id of the chain that it is deployed on. */
  readonly on: string | bigint;
  /** Name or id of the chain whose blocks it knows. */
  readonly of: string | bigint;
}

/** Where its updates come from. */
export interface MaintenanceSource extends RestOptions {
  /** Beacon APIs, or attestors; those of the deployment file where none are given. */
  readonly sources?: readonly string[] | undefined;
}

/** A light client of a lane, with a connection to the chain that it is deployed on. */
export interface FoundLightClient extends LightClientPlace {
  readonly entry: OmnichainLightClient;
  /** Of the chain whose blocks it knows. */
  readonly source: JsonRpcProvider;
}

/**
 * Finds a light client of a lane.
 * @throws {XdmError} `invalid-argument` for a chain that is none of the lane's, `misconfigured` where there is no such light client
 */
export function findLightClient(client: OmnichainClient, { on, of }: LightClientChoice): FoundLightClient {
  const [there, known] = [chainOf(client, on), chainOf(client, of)];
  const entry = lightClientBetween(client, there.chainId, known.chainId);
  const { provider } = there;
  return { entry, provider, address: entry.address, of: known.chainId, source: known.provider };
}

/**
 * What keeps a light client in sync, whatever its kind.
 * @throws {XdmError} `invalid-argument` where no source is known, or its URL is none
 */
export function maintainerOf(
  found: FoundLightClient,
  { sources, ...options }: MaintenanceSource = {},
): LightClientMaintainer {
  const { entry, source } = found;
  return MAINTAINERS[entry.kind](
    found,
    () => {
      const urls = sources ?? entry.sources;
      if (urls.length > 0) return { urls, options };
      throw new XdmError('invalid-argument', `the light client of chain ${found.of} has no source of updates`, {
        hint: 'name one in the deployment file, or give it',
      });
    },
    source,
  );
}

type Connect = (
  place: LightClientPlace,
  api: () => { readonly urls: readonly string[]; readonly options: RestOptions },
  source: JsonRpcProvider,
) => LightClientMaintainer;

const MAINTAINERS: Readonly<Record<LightClientKind, Connect>> = {
  'sync-committee': (place, api) => {
    const { urls, options } = api();
    const nodes = listEndpoints(urls).map((url) => new BeaconNode(url, options));
    return new SyncCommitteeMaintainer(place, nodes);
  },
  'sealed-header': (place, _api, source) => new SealedHeaderMaintainer(place, source),
  attestor: (place, api) => {
    const { urls, options } = api();
    return new AttestorMaintainer(place, new AttestorApi(urls, options));
  },
};
