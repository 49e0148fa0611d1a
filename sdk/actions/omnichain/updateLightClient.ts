import type { Signer } from 'ethers';

import type { OmnichainClient } from '../../chain/omnichain/client.ts';
import { leadingTo } from '../../chain/omnichain/maintenance/leadingTo.ts';
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
import type { ErrorCode } from '../../core/errors.ts';
import { withMargin } from '../../core/gas.ts';

/** Which light client to update, and who pays. */
export interface UpdateLightClientParameters extends LightClientChoice, MaintenanceSource {
  /** Any account with funds on the chain that the light client is deployed on. */
  readonly signer: Signer;
  /** A block that is wanted: nothing is sent but what leads to it, or to the first one above. */
  readonly leadingTo?: bigint | undefined;
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

/** Codes of what fails where somebody else has sent the same meanwhile, or a later one, or has had the signers follow each other. */
const RACES: ReadonlySet<ErrorCode> = new Set([
  'update-known',
  'update-out-of-order',
  'update-invalid',
  'transaction-reverted',
]);

/** Rounds in which somebody else was faster, at most. */
const MOST_RACES = 32;

/**
 * Brings a light client to what its source has, however far that is, or to a block that is wanted: one update after the other, each of which stands in a block
 * before the next is sent.
 * @returns what was sent: nothing where there is nothing new
 * @throws {XdmError} `light-client-frozen`, `light-client-expired`, `state-unavailable` where the source leaves a gap,
 * `update-invalid` for what the contract refuses, `not-ready` where nothing leads to the block that is wanted, `insufficient-funds`,
 * and what the endpoints throw
 */
export async function updateLightClient(
  client: OmnichainClient,
  { signer, leadingTo: wanted, onUpdate, signal, on, of, ...source }: UpdateLightClientParameters,
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
  await exhaust(wanted === undefined ? maintainer : leadingTo(wanted, found, maintainer), send);
  return sent;
}

/**
 * A source that goes on meanwhile has one more update each time: a round of a single one ends it. Where a call fails and is not next
 * any more, somebody else was faster.
 */
async function exhaust(
  maintainer: LightClientMaintainer,
  send: (call: MaintenanceCall) => Promise<void>,
): Promise<void> {
  let failed: { readonly data: string; readonly error: unknown } | undefined;
  for (let races = 0; ;) {
    const calls = await maintainer.next();
    if (failed !== undefined && calls.some(({ data }) => data === failed?.data)) throw failed.error;
    failed = undefined;
    for (const call of calls) {
      try {
        await send(call);
      } catch (error) {
        if (!RACES.has(toXdmError(error).code) || ++races >= MOST_RACES) throw error;
        failed = { data: call.data, error };
        break;
      }
    }
    if (failed === undefined && calls.length <= 1) return;
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
