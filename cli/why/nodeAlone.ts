// What there is to say of a message while a chain is silent: the node's word.
import type { XdmError } from '../../sdk/core/errors.ts';
import { formatFields, type Values } from '../format.ts';
import { sentenceOf } from '../output.ts';
import { nodeTexts, nodeValues } from './explanation.ts';
import type { NodeMessage } from './nodeView.ts';

/** As --json prints it: what only the chains say is null, and `clocks` has why. */
export function nodeAloneValues({ record, fromChain, node }: NodeMessage, silence: XdmError): Values {
  const { messageHash, sent, relayTransactionHash } = record;
  return {
    verdict: verdict(node),
    messageHash,
    transactionHash: sent.transactionHash,
    fromChain,
    status: undefined,
    sentAt: undefined,
    readyAt: record.readyAt,
    relayTransactionHash,
    batchSize: undefined,
    failureReason: undefined,
    blockNumber: sent.blockNumber,
    l1Timestamp: undefined,
    clocks: { missing: sentenceOf(silence) },
    node: nodeValues(node),
  };
}

/** For people. */
export function nodeAloneText({ record, fromChain, node }: NodeMessage, silence: XdmError): string {
  const { messageHash, sent } = record;
  const fields = formatFields({
    messageHash,
    fromChain,
    sent: `${nameOf(fromChain)} block ${sent.blockNumber}`,
    transaction: sent.transactionHash,
  });
  const silent = `This is what the node says: ${sentenceOf(silence)}.`;
  return [verdict(node), fields, ...nodeTexts(node), silent].join('\n\n');
}

/** A rollup's sides are named as everywhere; other chains have names of their own. */
function nameOf(fromChain: string): string {
  return /^l[12]$/u.test(fromChain) ? fromChain.toUpperCase() : `chain ${fromChain}`;
}

function verdict({ known, failing }: NodeMessage['node']): string {
  const fails = failing.length === 0 ? '' : ` In the node ${failing.join('; ')}`;
  return `a chain does not answer. The node: ${known?.why.text ?? ''}${fails}`;
}
