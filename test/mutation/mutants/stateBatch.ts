import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const stateBatch: MutatedSource = {
  source: 'contracts/types/StateBatch.sol',
  mutants: [
    {
      rule: 'the hash binds the root',
      find: 'abi.encode(batch.batchRoot, batch.batchSize, batch.prevTotalElements, batch.timestamp)',
      replace: 'abi.encode(batch.batchSize, batch.prevTotalElements, batch.timestamp)',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_RevertWhen_ABatchThatIsNotStoredIsDeleted',
    },
    {
      rule: 'the hash binds the size',
      find: 'abi.encode(batch.batchRoot, batch.batchSize, batch.prevTotalElements, batch.timestamp)',
      replace: 'abi.encode(batch.batchRoot, batch.prevTotalElements, batch.timestamp)',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_RevertWhen_ABatchThatIsNotStoredIsDeleted',
    },
    {
      rule: 'the hash binds the number of earlier state roots',
      find: 'abi.encode(batch.batchRoot, batch.batchSize, batch.prevTotalElements, batch.timestamp)',
      replace: 'abi.encode(batch.batchRoot, batch.batchSize, batch.timestamp)',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_RevertWhen_ABatchThatIsNotStoredIsDeleted',
    },
    {
      rule: 'the hash binds the time',
      find: 'abi.encode(batch.batchRoot, batch.batchSize, batch.prevTotalElements, batch.timestamp)',
      replace: 'abi.encode(batch.batchRoot, batch.batchSize, batch.prevTotalElements)',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_RevertWhen_ABatchThatIsNotStoredIsDeleted',
    },
    {
      rule: 'a proof binds all of its batch',
      find: 'abi.encode(batch.batchRoot, batch.batchSize, batch.prevTotalElements, batch.timestamp)',
      replace: 'abi.encode(batch.batchRoot)',
      killedBy: 'L1/Proof.t.sol: test_RevertWhen_AnyFieldOfTheStateRootProofDiffers',
    },
  ],
};
