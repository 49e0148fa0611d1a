import { concat, Interface, type InterfaceAbi } from 'ethers';

/** A compiled contract. */
export interface Artifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

/** What creates a contract: its code, and what its constructor takes. */
export function creationCode({ abi, bytecode }: Artifact, args: readonly unknown[]): string {
  return concat([bytecode, new Interface(abi).encodeDeploy(args)]);
}
