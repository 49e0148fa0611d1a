/** Who acts for an account: whoever has its key, or code alone. */
export type AccountKind = 'key' | 'delegated' | 'contract';

/** EIP-7702: the account's key has code of another address run in its name, and can sign whatever it likes as before. */
const DELEGATION = /^0xef0100(?:[\da-f]{2}){20}$/iu;

/** @param code as a node returns it, hex */
export function accountKind(code: string): AccountKind {
  if (code === '0x') return 'key';
  return DELEGATION.test(code) ? 'delegated' : 'contract';
}
