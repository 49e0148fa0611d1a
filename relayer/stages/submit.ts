import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { withMargin } from '../../sdk/core/gas.ts';
import { isEndpointFault } from '../endpointFault.ts';
import type { Refusal, Route, Submitter } from '../route.ts';
import { readCursor } from '../store/blocks.ts';
import { dueMessages, markSubmitted, type PendingMessage } from '../store/messages.ts';
import type { Submission } from '../tx/engine.ts';
import { setAside } from './setAside.ts';
import type { StageContext } from './stage.ts';

/** Messages simulated at a time. */
const CHUNK = 16;

/**
 * `[proven] -> [submitted]`, once the destination takes a message. Each is simulated first; one that cannot be delivered
 * now is set aside with the reason, and does not hold up the others.
 */
export async function submit(route: Route, context: StageContext): Promise<number> {
  const { submitter } = route;
  if (submitter === undefined) return 0;
  const { store, logger } = context;
  const cursor = await readCursor(store.db, route.destinationChainId);
  const limit = Math.min(CHUNK, await submitter.engine.capacity());
  if (cursor === undefined || limit === 0) return 0;
  const now = Date.now();
  // An idle chain's last block can be old: the next one will have about the time of now.
  const readyBy = Math.max(cursor.timestamp, Math.floor(now / 1000));
  const messages = await dueMessages(store.db, route.id, 'proven', { now, limit, readyBy });

  const results = await Promise.all(messages.map(async (message) => await simulate(message, submitter)));
  const submissions = results.filter((result) => 'to' in result);
  await submitter.engine.submit(submissions);
  if (submissions.length > 0) logger.info({ route: route.name, count: submissions.length }, 'submitted');
  const refusals = results.filter((result) => 'error' in result);
  for (const refusal of refusals) {
    if (!isEndpointFault(refusal.error)) await setAside(route, refusal, context);
  }
  const fault = refusals.find(({ error }) => isEndpointFault(error));
  if (fault !== undefined) throw fault.error;
  return submissions.length;
}

async function simulate(
  message: PendingMessage,
  { engine, provider, to, encode }: Submitter,
): Promise<Submission | Refusal> {
  try {
    const data = encode(message);
    const estimate = await provider.estimateGas({ from: engine.address, to, data });
    return {
      purpose: 'relay',
      to,
      data,
      gasLimit: withMargin(estimate),
      async onStored(db, transactionId) {
        if (await markSubmitted(db, message.id, transactionId)) return;
        // None is stored or sent: the next pass takes the others.
        throw new XdmError('not-ready', `message ${message.messageHash} was delivered or dropped meanwhile`);
      },
    };
  } catch (error) {
    return { message, error: toXdmError(error) };
  }
}
