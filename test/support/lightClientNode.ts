import { LIGHT_CLIENT_CALLS, SERVICE_CALLS } from '../../sdk/chain/omnichain/contracts.ts';
import { SYNC_COMMITTEE_CALLS } from '../../sdk/chain/omnichain/maintenance/contracts.ts';
import { say, type Answer, type RpcRequest } from './rpcServer.ts';
import { SealedChain, validator } from './sealedChain.ts';

/** Seconds. */
const NOW = 1_000_000;

/**
 * A node of chain 7000, where services and light clients answer alike at every address.
 * @param results by the functions' names; all others revert
 */
export function lightClientNode(results: Readonly<Record<string, readonly unknown[] | undefined>>): Answer {
  const chain = new SealedChain(NOW);
  chain.append([validator(0)]);
  const block = { ...chain.header(0n), transactions: [] };
  const called = (data: string): object => {
    const selector = data.slice(0, 10);
    const all = [SERVICE_CALLS, LIGHT_CLIENT_CALLS, SYNC_COMMITTEE_CALLS];
    const calls = all.find((each) => each.getFunction(selector) !== null)!;
    const { name } = calls.getFunction(selector)!;
    const values = results[name];
    if (values === undefined) return { error: { code: 3, message: 'execution reverted', data: '0x' } };
    return { result: calls.encodeFunctionResult(name, values) };
  };
  const answer = ({ method, params }: RpcRequest): object => {
    if (method === 'eth_chainId') return { result: '0x1b58' };
    if (method === 'eth_call') return called((params[0] as { readonly data: string }).data);
    return { result: method === 'eth_getCode' ? '0x01' : block };
  };
  const one = (body: RpcRequest): object => ({ jsonrpc: '2.0', id: body.id, ...answer(body) });
  return (body, response) =>
    say(200, JSON.stringify(Array.isArray(body) ? body.map(one) : one(body as RpcRequest)))(body, response);
}
