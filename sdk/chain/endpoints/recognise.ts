import { keccak256 } from 'ethers';

import type { RpcAnswer } from './answers.ts';
import type { Endpoint } from './endpoint.ts';
import { newRequest, type RpcRequest } from './requests.ts';

/** A transaction that nobody acknowledged, and that is refused when it comes again, is looked up: it may have arrived. */
export async function recognise(
  endpoint: Endpoint,
  requests: readonly RpcRequest[],
  answers: readonly RpcAnswer[],
): Promise<readonly RpcAnswer[]> {
  return await Promise.all(
    answers.map(async (answer, index) => {
      const { method, params } = requests[index] as RpcRequest;
      if (!('error' in answer) || method !== 'eth_sendRawTransaction') return answer;
      const hash = keccak256((params as [string])[0]);
      const { answers: found } = (await endpoint.ask([newRequest('eth_getTransactionByHash', [hash])])) as {
        answers?: readonly RpcAnswer[];
      };
      const [transaction] = found ?? [];
      const isKnown = transaction !== undefined && 'result' in transaction && transaction.result !== null;
      return isKnown ? { result: hash } : answer;
    }),
  );
}
