import {
  Contract,
  Interface,
  type BaseContract,
  type ContractRunner,
  type ContractTransaction,
  type ContractTransactionResponse,
  type InterfaceAbi,
  type Overrides,
} from 'ethers';

/** A function that reads. */
export type Read<A extends unknown[], R> = (...args: [...A, overrides?: Overrides]) => Promise<R>;

/** A function that sends a transaction, can be tried without one, and can be encoded. */
export interface Write<A extends unknown[], R> {
  (...args: [...A, overrides?: Overrides]): Promise<ContractTransactionResponse>;
  staticCall(...args: [...A, overrides?: Overrides]): Promise<R>;
  estimateGas(...args: [...A, overrides?: Overrides]): Promise<bigint>;
  populateTransaction(...args: [...A, overrides?: Overrides]): Promise<ContractTransaction>;
}

/** A contract with the functions of an interface. */
export type Typed<T> = Omit<BaseContract, keyof T> & T;

/** Parsed once: that takes longer than a call. */
const interfaces = new Map<InterfaceAbi, Interface>();

/** A contract at an address, typed by what its ABI says. */
export function contract<T>(address: string, abi: InterfaceAbi, runner: ContractRunner): Typed<T> {
  const parsed = interfaces.get(abi) ?? new Interface(abi);
  interfaces.set(abi, parsed);
  // ethers makes the functions from the ABI when it runs; the interfaces above are what the ABI says.
  return new Contract(address, parsed, runner) as unknown as Typed<T>;
}
