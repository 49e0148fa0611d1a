import type { XdmError } from '../../../core/errors.ts';
import type { BeaconUpdate, SyncCommittee } from '../../../core/omnichain/lightClient/beaconApi.ts';
import {
  lacksCommittee,
  periodOf,
  type SyncCommitteeNews,
  type SyncCommitteeState,
} from '../../../core/omnichain/lightClient/syncCommitteePlan.ts';
import { toXdmError } from '../../rpcErrors.ts';
import { MOST_UPDATES, type BeaconSource } from '../beaconNode.ts';

/**
 * What a beacon node has for a light client.
 * @throws {XdmError} what keeps the node from answering
 */
export async function newsOf(source: BeaconSource, state: SyncCommitteeState): Promise<SyncCommitteeNews> {
  // Some answer with an error where they have nothing, or nothing yet: it is one when they have nothing else.
  const finality = await answerOf(source.getFinalityUpdate());
  const updates = await answerOf(updatesUntil(source, state, finality.value?.signatureSlot ?? state.currentSlot));
  if (updates.error !== undefined && finality.value === undefined) throw updates.error;
  if (finality.error !== undefined && (updates.value ?? []).length === 0) throw finality.error;
  const news = { updates: updates.value ?? [], finality: finality.value };
  if (!lacksCommittee(state, news)) return news;
  const committee = await committeeAt(source, state.finalizedSlot);
  return committee === undefined
    ? news
    : { ...news, committees: new Map([[periodOf(state, state.finalizedSlot), committee]]) };
}

/** What was answered, or that the node has said that it is wrong to ask. */
type Answer<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: XdmError };

/** @throws {XdmError} where it has said nothing */
async function answerOf<T>(asked: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await asked };
  } catch (cause) {
    const error = toXdmError(cause);
    if (error.code !== 'rpc-error') throw error;
    return { error };
  }
}

/**
 * The updates from the period before the final slot's on, which names the committee that signs in this one, up to the newest. Some nodes
 * have nothing at all to say where they lack one of those that are asked for: that of a period which has just begun, or one that they have
 * kept no more.
 */
async function updatesUntil(source: BeaconSource, state: SyncCommitteeState, slot: bigint): Promise<BeaconUpdate[]> {
  const period = periodOf(state, state.finalizedSlot);
  const newest = periodOf(state, slot);
  const [first, last] = [period === 0n ? 0n : period - 1n, newest > period ? newest : period];
  let answer: Answer<BeaconUpdate[]> = { value: [] };
  for (const [from, to] of [
    [first, last],
    [first, last - 1n],
    [first + 1n, last],
    [first + 1n, last - 1n],
  ] as const) {
    if (from > to) continue;
    answer = await answerOf(source.getUpdates(from, Math.min(Number(to - from) + 1, MOST_UPDATES)));
    if (answer.value !== undefined && answer.value.length > 0) break;
  }
  if (answer.value === undefined) throw answer.error;
  return answer.value;
}

async function committeeAt(source: BeaconSource, slot: bigint): Promise<SyncCommittee | undefined> {
  const root = await source.getBlockRoot(slot);
  const bootstrap = root === undefined ? undefined : await source.getBootstrap(root);
  return bootstrap?.committee;
}
