/** A request, as JSON-RPC has it. */
export interface RpcRequest {
  readonly jsonrpc: '2.0';
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/** What is asked. */
export type RpcCall = Pick<RpcRequest, 'method'> & { readonly params: readonly unknown[] };

/** Methods that only read, or, with the same bytes, do nothing more the second time. */
const REPEATABLE =
  /^(?:eth_(?:get(?!Filter|Work)\w+|call|callMany|chainId|blockNumber|estimateGas|gasPrice|maxPriorityFeePerGas|feeHistory|blobBaseFee|baseFee|syncing|accounts|createAccessList|simulateV1|sendRawTransaction)|(?:net|web3)_\w+|anvil_(?:get\w+|nodeInfo))$/u;

/**
 * Whether a request may be sent again when nobody knows what became of it. `eth_sendRawTransactionSync` may not: a deposit
 * has no nonce, and executes once for each time that it arrives.
 */
export function isRepeatable({ method }: RpcRequest): boolean {
  return REPEATABLE.test(method);
}

/** Whether a request goes before others that wait: a transaction, and of which chain an endpoint is, on which all others wait. */
export function isPrompt({ method }: RpcRequest): boolean {
  return /^eth_(?:send|chainId$)/u.test(method);
}

/** Whether a request asks for the logs of several blocks: of these there can be too many for one answer. */
export function isLogRange({ method, params }: RpcRequest): boolean {
  if (method !== 'eth_getLogs') return false;
  const { fromBlock, toBlock } = ((params as unknown[])[0] ?? {}) as { fromBlock?: unknown; toBlock?: unknown };
  return fromBlock !== toBlock;
}

/** A request of the pool's own, which travels alone. */
export function newRequest(method: string, params: readonly unknown[]): RpcRequest {
  return { jsonrpc: '2.0', id: 1, method, params };
}
