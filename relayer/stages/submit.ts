import { XdmError } from '../../sdk/core/errors.ts';
import { isEndpointFault } from '../endpointFault.ts';
import type { Prepared, PreparedDelivery, Route } from '../route.ts';
import { readCursor } from '../store/blocks.ts';
import { dueMessages, markSubmitted } from '../store/messages.ts';
import { tellPass, traceStep } from '../telemetry/traces.ts';
import type { Submission } from '../tx/engine.ts';
import { setAside } from './setAside.ts';
import type { StageContext } from './stage.ts';

/** Messages looked at in one pass, and transactions tried. */
const PASS_LIMIT = 500;
const TRANSACTIONS = 16;

/**
 * `[proven] -> [submitted]`, once the destination takes a message. Each transaction is tried first; a message that cannot be
 * delivered now is set aside with the reason, and does not hold up the others.
 */
export async function submit(route: Route, context: StageContext): Promise<number> {
  const { submitter } = route;
  if (submitter === undefined) return 0;
  const { store, logger } = context;
  const cursor = await readCursor(store.db, route.destinationChainId);
  if (cursor === undefined || !(await submitter.signers.hasCapacity())) return 0;
  const now = Date.now();
  // An idle chain's last block can be old: the next one will have about the time of now.
  const readyBy = Math.max(cursor.timestamp, Math.floor(now / 1000));
  const messages = await dueMessages(store.db, route.id, 'proven', { now, limit: PASS_LIMIT, readyBy });
  const engine = messages.length === 0 ? undefined : await submitter.signers.choose();
  if (engine === undefined) return 0;

  const transactions = Math.min(TRANSACTIONS, await engine.capacity());
  const limits = { engine, transactions, timestamp: cursor.timestamp, readyBy };
  const about = { 'xdm.route': route.name, 'xdm.messages': messages.length };
  const prepare = async (): Promise<Prepared> => await submitter.prepare(store.db, messages, limits);
  const { deliveries, refused, setbacks } = await traceStep('prepare', about, prepare);
  for (const { code, message } of setbacks) {
    logger.warn({ route: route.name, code, reason: message }, 'messages are relayed in a dearer way');
  }
  await setAside(
    route,
    refused.filter(({ error }) => !isEndpointFault(error)),
    context,
  );
  try {
    await engine.submit(deliveries.map(submissionOf));
  } catch (error) {
    if (!isUnaffordable(error)) throw error;
    // What holds for these holds for all of them.
    await setAside(
      route,
      messages
        .filter((each) => !refused.some(({ message }) => message === each))
        .map((message) => ({ message, error })),
      context,
    );
    return 0;
  }
  for (const { purpose, messages: some } of deliveries) {
    // What delivers nothing makes ready for what does.
    const count = some.length === 0 ? undefined : some.length;
    logger.info({ route: route.name, purpose, signer: engine.address, count }, 'submitted');
  }
  tellPass({ 'xdm.submitted': deliveries.flatMap((each) => each.messages.map(({ messageHash }) => messageHash)) });
  const fault = refused.find(({ error }) => isEndpointFault(error));
  if (fault !== undefined) throw fault.error;
  return deliveries.length;
}

/** Whether a transaction cannot or may not be paid for now, whatever it delivers. */
function isUnaffordable(error: unknown): error is XdmError {
  return (
    error instanceof XdmError &&
    (error.code === 'insufficient-funds' || error.code === 'fee-cap' || error.code === 'spending-limit')
  );
}

function submissionOf({ messages, ...transaction }: PreparedDelivery): Submission {
  return {
    ...transaction,
    messages: messages.length,
    async onStored(db, transactionId) {
      const marked = new Set(
        await markSubmitted(
          db,
          messages.map(({ id }) => id),
          transactionId,
        ),
      );
      const missing = messages.find(({ id }) => !marked.has(id));
      if (missing === undefined) return;
      // None is stored or sent: the next pass takes the others.
      throw new XdmError('not-ready', `message ${missing.messageHash} was delivered or dropped meanwhile`);
    },
  };
}
