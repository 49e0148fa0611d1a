import type { BuiltPath } from '../../sdk/actions/buildPath.ts';
import type { BuiltProof } from '../../sdk/actions/buildProof.ts';
import type { LaneClient } from '../../sdk/chain/client.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import type { Values } from '../format.ts';
import { READER_OPTIONS } from '../options.ts';

export const proof = defineCommand({
  name: 'proof',
  parameters: 'HASH',
  arity: 1,
  summary: 'Prints the proof of a message from L2, as JSON',
  details: `The proof is verified before it is printed; it can be built while the fraud-proof window is open.
message, stateRootProof and nodes are what relayMessage of the L1 messenger takes, from L1
timestamp readyAt on. HASH is of a message or of a transaction; one message is one object, several
are an array.

With --path: message, count and siblings are what relayMessageByPath takes, once the root of the
tree of count messages is proven. Where it is not, rootProof is what proveMessageRoot takes from
readyAt on, which is null otherwise; the root serves all messages of the tree.

For one message take the proof, unless --path says isRootProven: then the path costs about half. A
root pays from two messages on.

to and data are a transaction that relays the message on L1, and to and rootProof.data, before it,
one that proves the root: anyone can send them, such as with \`cast send TO DATA\`.`,
  options: {
    path: {
      type: 'boolean',
      default: false,
      describe: 'The path in the message tree instead of a proof of the message alone',
    },
    ...READER_OPTIONS,
  },
  only: {
    kind: 'rollup',
    otherwise: '`xdm transferIn --calldata ORDER` prints the calls that prove a message to the next chain',
  },
  async run(args, { environment, output }) {
    const { buildPaths } = await import('../../sdk/actions/buildPath.ts');
    const { buildProof } = await import('../../sdk/actions/buildProof.ts');
    const { getMessages } = await import('../../sdk/actions/getMessages.ts');
    const { withLane } = await import('../lane.ts');

    const proofs = await withLane(args, environment, async (client) => {
      const messages = await getMessages(client, args.rest[0] ?? '');
      const fromL2 = messages.filter(({ fromChain }) => fromChain === 'l2');
      // Where all are from L1, buildProof says why there is no proof.
      const proven = fromL2.length > 0 ? fromL2 : messages;
      if (args.path) {
        // All are of one transaction.
        const paths = await buildPaths(client, proven);
        return await Promise.all(
          proven.map(async (sent, position) => await pathResult(client, sent, paths[position] as BuiltPath)),
        );
      }
      return await Promise.all(
        proven.map(async (sent) => await proofResult(client, sent, await buildProof(client, sent))),
      );
    });
    output.data(proofs.length === 1 ? proofs[0] : proofs);
    return EXIT.done;
  },
});

async function proofResult({ lane }: LaneClient, sent: LaneMessage, built: BuiltProof): Promise<Values> {
  const { encodeRelay } = await import('../../sdk/chain/relayCalls.ts');
  const { messageHash, message } = sent;
  const { stateRootProof, nodes } = built.proof;
  const { batchIndex, batchRoot, batchSize, prevTotalElements, timestamp } = built.batch;
  return {
    messageHash,
    message: { ...message },
    stateRootProof: { ...stateRootProof },
    nodes,
    stateRoot: built.stateRoot,
    l2BlockNumber: Number(built.l2Block),
    batch: { batchIndex, batchRoot, batchSize, prevTotalElements, timestamp },
    readyAt: Number(built.readyAt),
    to: lane.l1Messenger,
    data: encodeRelay(message, built.proof),
  };
}

async function pathResult({ lane }: LaneClient, sent: LaneMessage, built: BuiltPath): Promise<Values> {
  const { encodePathRelay, encodeRootProof } = await import('../../sdk/chain/relayCalls.ts');
  const { messageHash, message } = sent;
  const { count, siblings, index, root, rootProof, readyAt } = built;
  return {
    messageHash,
    message: { ...message },
    count,
    siblings,
    index,
    root,
    isRootProven: rootProof === undefined,
    rootProof: rootProof && {
      count: rootProof.count,
      peaks: rootProof.peaks,
      proof: { stateRootProof: { ...rootProof.proof.stateRootProof }, nodes: rootProof.proof.nodes },
      data: encodeRootProof(rootProof),
    },
    readyAt: readyAt === undefined ? undefined : Number(readyAt),
    to: lane.l1Messenger,
    data: encodePathRelay(message, count, siblings),
  };
}
