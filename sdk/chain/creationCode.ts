import { AbiCoder, concat, dataSlice, Interface, type InterfaceAbi, type ParamType } from 'ethers';

/** A compiled contract. */
export interface Artifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

/** Something that a contract is created with. */
export interface ConstructorArgument {
  readonly value: unknown;
  /** By the ABI, hex: the same for equal values. */
  readonly encoded: string;
}

/** What creates a contract: its code, and what its constructor takes. */
export function creationCode({ abi, bytecode }: Artifact, args: readonly unknown[]): string {
  return concat([bytecode, new Interface(abi).encodeDeploy(args)]);
}

/**
 * What a contract's constructor is given by its creation code, by name; where it takes one structure, the fields of that.
 * @returns undefined for the code of another contract, or with arguments that are none
 */
export function constructorArguments(
  { abi, bytecode }: Artifact,
  code: string,
): ReadonlyMap<string, ConstructorArgument> | undefined {
  if (!code.startsWith(bytecode)) return undefined;
  try {
    const { inputs } = new Interface(abi).deploy;
    const given = AbiCoder.defaultAbiCoder().decode(inputs, dataSlice(code, (bytecode.length - 2) / 2));
    const [first] = inputs;
    const isOne = inputs.length === 1 && first?.isTuple() === true;
    return isOne ? named(first.components, given[0] as readonly unknown[]) : named(inputs, given);
  } catch {
    return undefined;
  }
}

function named(types: readonly ParamType[], values: readonly unknown[]): ReadonlyMap<string, ConstructorArgument> {
  return new Map(
    types.map((type, position) => {
      const value = values[position];
      return [type.name.replace(/_$/u, ''), { value, encoded: AbiCoder.defaultAbiCoder().encode([type], [value]) }];
    }),
  );
}
