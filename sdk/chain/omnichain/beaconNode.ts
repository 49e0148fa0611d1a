import { z } from 'zod';

import { XdmError } from '../../core/errors.ts';
import {
  parseBootstrap,
  parseUpdate,
  type BeaconBootstrap,
  type BeaconUpdate,
} from '../../core/omnichain/lightClient/beaconApi.ts';
import { parseNetwork } from '../../core/omnichain/lightClient/beaconSpec.ts';
import type { BeaconNetwork } from '../../core/omnichain/lightClient/forks.ts';
import { RestApi, type RestOptions } from '../endpoints/rest.ts';
import { hash, parseAnswer } from '../request.ts';

/** Most updates in an answer, as the specification has it. */
export const MOST_UPDATES = 128;

/** What a light client of a beacon chain is kept up with. Nothing of it needs to be believed: the contract checks it. */
export interface BeaconSource {
  /** Where a light client can start from: a block by its root. Undefined where the source has none for it. */
  getBootstrap(root: string): Promise<BeaconBootstrap | undefined>;
  /**
   * The updates of consecutive periods, the best that the source has of each, as far as it has one.
   * @param count at most `MOST_UPDATES`
   */
  getUpdates(startPeriod: bigint, count: number): Promise<BeaconUpdate[]>;
  /** What was signed last. Undefined while there is nothing. */
  getFinalityUpdate(): Promise<BeaconUpdate | undefined>;
  /** Root of the block of a slot, or of the newest final one. Undefined where there is none. */
  getBlockRoot(block: bigint | 'finalized'): Promise<string | undefined>;
}

const dataSchema = z.object({ data: z.unknown() });
const listSchema = z.array(dataSchema).max(MOST_UPDATES);
const rootSchema = z.object({ data: z.object({ root: hash }) });

/** Beacon nodes, by their Beacon API: the first one that answers as it should is heard. To hear each, have one of these for each. */
export class BeaconNode implements BeaconSource {
  readonly #api: RestApi;

  /**
   * @param urls one URL, several with commas between them, or a list; the preferred first
   * @throws {XdmError} `invalid-argument` for a URL that is none
   */
  constructor(urls: string | readonly string[], options: RestOptions = {}) {
    this.#api = new RestApi(urls, options);
  }

  async getBootstrap(root: string): Promise<BeaconBootstrap | undefined> {
    const path = `/eth/v1/beacon/light_client/bootstrap/${root}`;
    return await this.#api.first(path, (json) => parseBootstrap(dataOf(path, json)));
  }

  async getUpdates(startPeriod: bigint, count: number): Promise<BeaconUpdate[]> {
    const path = `/eth/v1/beacon/light_client/updates?start_period=${startPeriod}&count=${count}`;
    const read = (json: unknown): BeaconUpdate[] =>
      parseAnswer(path, json, listSchema).map(({ data }) => parseUpdate(data));
    return (await this.#api.first(path, read)) ?? [];
  }

  async getFinalityUpdate(): Promise<BeaconUpdate | undefined> {
    const path = '/eth/v1/beacon/light_client/finality_update';
    return await this.#api.first(path, (json) => parseUpdate(dataOf(path, json)));
  }

  async getBlockRoot(block: bigint | 'finalized'): Promise<string | undefined> {
    const path = `/eth/v1/beacon/blocks/${block}/root`;
    return await this.#api.first(path, (json) => parseAnswer(path, json, rootSchema).data.root);
  }

  /**
   * What network it is of. A light client that is deployed with what a node says here believes the node.
   * @throws {XdmError} `rpc-error` where it does not say, and what keeps it from answering
   */
  async getNetwork(): Promise<BeaconNetwork> {
    const paths = ['/eth/v1/beacon/genesis', '/eth/v1/config/spec'];
    const [genesis, spec] = await Promise.all(
      paths.map(async (path) => await this.#api.first(path, (json) => dataOf(path, json))),
    );
    if (genesis !== undefined && spec !== undefined) return parseNetwork(genesis, spec);
    throw new XdmError('rpc-error', 'the beacon node does not say what its network is', {
      hint: 'use a node that serves /eth/v1/beacon/genesis and /eth/v1/config/spec',
    });
  }
}

function dataOf(path: string, json: unknown): unknown {
  return parseAnswer(path, json, dataSchema).data;
}
