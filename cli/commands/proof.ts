import type { BuiltPath } from '../../sdk/actions/buildPath.ts';
import type { BuiltProof } from '../../sdk/actions/buildProof.ts';
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
message, stateRootProof and nodes are what relayMessage of the L1 messenger takes. HASH is of a
message or of a transaction; one message is one object, several are an array.

With --path: message, count and siblings are what relayMessageByPath takes, once the root of the
tree of count messages is proven. Where it is not, rootProof is what proveMessageRoot takes after
the window; the root serves all messages of the tree.`,
  options: {
    path: {
      type: 'boolean',
      default: false,
      describe: 'The path in the message tree instead of a proof of the message alone',
    },
    ...READER_OPTIONS,
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
        return proven.map((sent, position) => pathResult(sent, paths[position] as BuiltPath));
      }
      return await Promise.all(proven.map(async (sent) => proofResult(sent, await buildProof(client, sent))));
    });
    output.data(proofs.length === 1 ? proofs[0] : proofs);
    return EXIT.done;
  },
});

function proofResult({ messageHash, message }: LaneMessage, built: BuiltProof): Values {
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
  };
}

function pathResult({ messageHash, message }: LaneMessage, built: BuiltPath): Values {
  const { count, siblings, index, root, rootProof } = built;
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
    },
  };
}
