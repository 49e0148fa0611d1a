/** A mistake made on purpose: the test that keeps the rule must fail with it. */
export interface Mutant {
  /** The rule that the mutant breaks, in words; unique within its contract. */
  readonly rule: string;
  /** What stands in the source, exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The test that must fail, as `L1/Relay.t.sol: test_Name`, below test/contracts. */
  readonly killedBy: string;
}

/** The mutants of a source file. */
export interface MutatedSource {
  /** Its path, as `contracts/L1/StateCommitmentChain.sol`. */
  readonly source: string;
  /**
   * The one contract that the tests need to meet them in, where several are made of the source and compiling each takes long.
   * Not for what two of them must agree on: it would differ between them, which is another mistake.
   */
  readonly within?: string | undefined;
  readonly mutants: readonly Mutant[];
}

/** A test of forge. */
export interface ForgeTest {
  readonly file: string;
  readonly name: string;
}

/** The test that must kill a mutant. */
export function killerOf({ killedBy }: Mutant): ForgeTest {
  const [, file, name] = /^([\w/]+\.t\.sol): (\w+)$/u.exec(killedBy) ?? [];
  if (file === undefined || name === undefined) {
    throw new Error(`"${killedBy}" names no test: write it as \`L1/Relay.t.sol: test_Name\``);
  }
  return { file: `test/contracts/${file}`, name };
}

/** The source with the mutant in it. */
export function mutate(source: string, { find, replace }: Mutant): string {
  const parts = source.split(find);
  if (parts.length !== 2) {
    throw new Error(`\`${find}\` stands in the source ${parts.length - 1} times, not once: say what is meant now`);
  }
  return parts.join(replace);
}
