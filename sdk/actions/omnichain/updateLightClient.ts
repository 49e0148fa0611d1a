import type { Signer } from 'ethers';

import type { OmnichainClient } from '../../chain/omnichain/client.ts';
import type { LightClientMaintainer, MaintenanceCall } from '../../chain/omnichain/maintenance/maintainer.ts';
import {
  findLightClient,
  maintainerOf,
  type LightClientChoice,
  type MaintenanceSource,
} from '../../chain/omnichain/maintenance/maintainerOf.ts';
import { waitForReceipt } from '../../chain/receipts.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { signerOn } from '../../chain/signers.ts';
import { withMargin } from '../../core/gas.ts';

/** Which light client to update, and who pays. */
export interface UpdateLightClientParameters extends LightClientChoice, MaintenanceSource {
  /** Any account with funds on the chain that the light client is deployed on. */
  readonly signer: Signer;
  /** Told of each update that stands in a block. */
  readonly onUpdate?: ((update: SentUpdate) => void) | undefined;
  /** Ends the wait for a block. */
  readonly signal?: AbortSignal | undefined;
}

/** An update that stands in a block. */
export interface SentUpdate extends Pick<MaintenanceCall, 'brings'> {
  readonly transactionHash: string;
  readonly gasUsed: bigint;
}

/** Rounds in which somebody else was faster, until that is an error. */
const MOST_RACES = 3;

/**
 * Brings a light client to what its source has, however far that is: one update after the other, each of which stands in a block
 * before the next is sent.
 * @returns what was sent: nothing where there is nothing new
 * @throws {XdmError} `light-client-frozen`, `light-client-expired`, `state-unavailable` where the source leaves a gap,
 * `update-invalid` for what the contract refuses, `insufficient-funds`, and what the endpoints throw
 */
export async function updateLightClient(
  client: OmnichainClient,
  { signer, onUpdate, signal, on, of, ...source }: UpdateLightClientParameters,
): Promise<SentUpdate[]> {
  const found = findLightClient(client, { on, of });
  const maintainer = maintainerOf(found, source);
  const account = await signerOn(found.provider, signer);
  const sent: SentUpdate[] = [];
  const send = async (call: MaintenanceCall): Promise<void> => {
    const update = await sendCall(account, call, signal);
    sent.push(update);
    onUpdate?.(update);
  };
  await exhaust(maintainer, send);
  return sent;
}

/** A source that goes on meanwhile has one more update each time: a round of a single one ends it. */
async function exhaust(
  maintainer: LightClientMaintainer,
  send: (call: MaintenanceCall) => Promise<void>,
): Promise<void> {
  for (let races = 0; ;) {
    const calls = await maintainer.next();
    try {
      for (const call of calls) await send(call);
      if (calls.length <= 1) return;
    } catch (error) {
      // Somebody else has sent the same, or a later one: what is next is another question now.
      if (toXdmError(error).code !== 'update-known' || ++races >= MOST_RACES) throw error;
    }
  }
}

async function sendCall(
  account: Signer,
  { to, data, brings }: MaintenanceCall,
  signal: AbortSignal | undefined,
): Promise<SentUpdate> {
  try {
    const gasLimit = withMargin(await account.estimateGas({ to, data }));
    const { hash } = await account.sendTransaction({ to, data, gasLimit });
    const { gasUsed } = await waitForReceipt(account.provider!, hash, { signal });
    return { brings, transactionHash: hash, gasUsed };
  } catch (error) {
    throw toXdmError(error);
  }
}
