import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const stateCommitment: MutatedSource = {
  source: 'contracts/libraries/StateCommitment.sol',
  mutants: [
    {
      rule: 'a final batch is stored',
      find: '        verifyStored(batch, batches);\n',
      replace: '',
      killedBy: 'L1/Proof.t.sol: test_RevertWhen_TheStateRootIsNotInTheBatch',
    },
    {
      rule: 'a batch inside its window is not used',
      find: 'if (block.timestamp < endsAt) revert StateCommitmentChain_InsideFraudProofWindow(batch.batchIndex, endsAt);',
      replace: '',
      killedBy: 'L1/Proof.t.sol: test_RevertWhen_TheBatchIsOneSecondInsideItsWindow',
    },
    {
      rule: 'a batch is used from the second its window ends',
      find: 'if (block.timestamp < endsAt) revert',
      replace: 'if (block.timestamp <= endsAt) revert',
      killedBy: 'L1/Proof.t.sol: test_RelaysExactlyWhenTheWindowEnds',
    },
    {
      rule: 'a batch is not used a second too early',
      find: 'if (block.timestamp < endsAt) revert',
      replace: 'if (block.timestamp < endsAt - 1) revert',
      killedBy: 'L1/Proof.t.sol: test_RevertWhen_TheBatchIsOneSecondInsideItsWindow',
    },
    {
      rule: 'a deleted batch is not used',
      find: '        bytes32 stored = batches.get(batch.batchIndex);\n        bytes32 given = batch.hash();',
      replace:
        '        bytes32 given = batch.hash();\n        bytes32 stored = batch.batchIndex < batches.length() ? batches.get(batch.batchIndex) : given;',
      killedBy: 'L1/Proof.t.sol: test_RevertWhen_TheBatchWasDeleted',
    },
    {
      rule: 'a batch is the one that is stored',
      find: 'if (stored != given) revert StateCommitmentChain_BatchMismatch(batch.batchIndex, stored, given);',
      replace: '',
      killedBy: 'L1/Proof.t.sol: test_RevertWhen_AnyFieldOfTheStateRootProofDiffers',
    },
    {
      rule: 'the window counts from the batch',
      find: 'return batch.timestamp + fraudProofWindow;',
      replace: 'return batch.timestamp;',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_VerifiesAStateRootFromTheSecondTheWindowEnds',
    },
    {
      rule: "the batch's root follows from the state root",
      find: 'StateBatchTree.computeRoot(stateRoot, proof.index, proof.batchSize, proof.siblings)',
      replace: 'StateBatchTree.computeRoot(stateRoot, 0, proof.batchSize, proof.siblings)',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_VerifiesAStateRootFromTheSecondTheWindowEnds',
    },
  ],
};
