import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const syncCommitteeLightClientVerifying: MutatedSource = {
  source: 'contracts/omnichain/lightclient/SyncCommitteeLightClient.sol',
  mutants: [
    {
      rule: 'the final header is not above the attested one',
      find: 'update_.finalized.slot > attested || attested >= signed',
      replace: 'attested >= signed',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheFinalHeaderIsAboveTheAttestedOne',
    },
    {
      rule: 'the signature is of a later slot than the attested header',
      find: 'update_.finalized.slot > attested || attested >= signed',
      replace: 'update_.finalized.slot > attested || attested > signed',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheSignatureIsOfTheAttestedSlot',
    },
    {
      rule: 'no signature is of the future',
      find: 'if (beginsAt > block.timestamp) revert SyncCommitteeLightClient_SlotInFuture(signed, beginsAt);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheSignaturesSlotBeginsInASecond',
    },
    {
      rule: 'a slot that begins now has begun',
      find: 'if (beginsAt > block.timestamp) revert SyncCommitteeLightClient_SlotInFuture(signed',
      replace: 'if (beginsAt >= block.timestamp) revert SyncCommitteeLightClient_SlotInFuture(signed',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_ASignatureOfTheSlotThatBeginsNowIsTaken',
    },
    {
      rule: "the final header's place is that of the attested header's fork",
      find: '_forkAt(attested).finalizedRoot',
      replace: '_forkAt(update_.finalized.slot).finalizedRoot',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_ABlockFromBeforeAForkIsFinalAfterIt',
    },
    {
      rule: "the payload's place is that of the final header's fork",
      find: '_forkAt(header.slot);',
      replace: '_forkAt((block.timestamp - genesisTime) / secondsPerSlot);',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_ABlockFromBeforeAForkIsFinalAfterIt',
    },
    {
      rule: "the payload is the final header's",
      find: '        _verifyExecution(update_.finalized, update_.execution);\n',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheExecutionBlockIsNotTheFinalHeadersPayload',
    },
    {
      rule: "the signature's fork is that of the slot before",
      find: '_forkAt(signed - 1)',
      replace: '_forkAt(signed)',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheSignaturesDomainIsThatOfTheSlotBefore',
    },
    {
      rule: "the signature's fork is not that of the attested header",
      find: '_forkAt(signed - 1)',
      replace: '_forkAt(attested)',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheSignaturesForkIsNotThatOfTheAttestedHeader',
    },
    {
      rule: "the committee is that of the signature's slot",
      find: '_periodOf(signed))',
      replace: '_periodOf(attested))',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_ACommitteeSignsAHeaderOfThePeriodBefore',
    },
    {
      rule: 'the participants have signed',
      find: 'if (!BLS12381.isSignature(key, signingRoot, update_.signature)) {\n            revert SyncCommitteeLightClient_InvalidSignature();\n        }',
      replace: 'key; signingRoot;',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_RevertWhen_OneIsSaidToHaveSignedWhoHasNot',
    },
    {
      rule: 'a branch comes with a committee',
      find: 'if (length != 0) revert SSZ.SSZ_BranchLength(length, 0);',
      replace: 'length;',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_ABranchComesWithoutANextCommittee',
    },
    {
      rule: 'the next committee is of a final period',
      find: 'if (attestedPeriod != period) revert SyncCommitteeLightClient_CommitteeNotFinal(attestedPeriod, period);',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheNextCommitteeComesWithABlockOfThePeriodBefore',
    },
    {
      rule: "the next committee's place is that of the attested header's fork",
      find: '_forkAt(attestedSlot).nextCommittee',
      replace: '_forkAt(update_.finalized.slot).nextCommittee',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_ABlockFromBeforeAForkIsFinalAfterIt',
    },
    {
      rule: 'the next committee is no other than the known one',
      find: 'if (known != 0 && known != next) revert SyncCommitteeLightClient_ConflictingCommittee(known, next);',
      replace: 'known;',
      killedBy:
        'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_AnotherNextCommitteeIsNamedThanTheKnownOne',
    },
    {
      rule: 'a branch leads to its root',
      find: 'if (actual != expected) revert SyncCommitteeLightClient_BranchMismatch(expected, actual);',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheAttestedStateNamesAnotherNextCommittee',
    },
    {
      rule: 'more than two thirds have signed',
      find: '3 * participation.absent.length >= committeeSize',
      replace: '3 * participation.absent.length >= committeeSize + 3',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_RevertWhen_OneLessHasSigned',
    },
    {
      rule: 'two thirds and one are enough',
      find: '3 * participation.absent.length >= committeeSize',
      replace: '3 * participation.absent.length + 2 >= committeeSize',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_OneMoreThanTwoThirdsIsEnough',
    },
    {
      rule: 'the committee is known',
      find: 'if (expected == 0) revert SyncCommitteeLightClient_UnknownCommittee(period);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_ACommitteeIsSkipped',
    },
    {
      rule: "the keys are the committee's",
      find: 'if (actual != expected) revert SyncCommitteeLightClient_CommitteeMismatch(expected, actual);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_AnotherPeriodsCommitteeSigns',
    },
    {
      rule: 'absent keys are subtracted',
      find: 'key = BLS12381.add(key, absent.key);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_OneIsAbsent',
    },
    {
      rule: 'no key is subtracted twice',
      find: 'absent.index < next || ',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_RevertWhen_AnAbsentKeyIsGivenTwice',
    },
    {
      rule: "an absent key is one of the committee's places",
      find: 'absent.index < next || absent.index >= committeeSize',
      replace: 'absent.index < next',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_RevertWhen_AnAbsentKeyIsBeyondTheCommittee',
    },
    {
      rule: "an absent key is the committee's",
      find: 'if (root != participation.keysRoot) revert SyncCommitteeLightClient_AbsentKeyMismatch(absent.index);',
      replace: 'root;',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_RevertWhen_AnAbsentKeyIsOfNoMember',
    },
    {
      rule: 'a period above the newest has no committee',
      find: 'period > newest || newest - period > 1',
      replace: 'newest - period > 1',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheTrustedBlockIsKnown',
    },
    {
      rule: 'a period below the newest two has no committee',
      find: 'newest - period > 1',
      replace: 'newest - period > 2',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_CommitteesRotate',
    },
    {
      rule: 'a fork begins with its epoch',
      find: 'fork.epoch <= epoch',
      replace: 'fork.epoch < epoch',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_ABlockFromBeforeAForkIsFinalAfterIt',
    },
    {
      rule: 'what is older than all forks is not understood',
      find: '        revert SyncCommitteeLightClient_UnknownFork(slot);\n',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_ABlockIsOlderThanAllForks',
    },
    {
      rule: 'it starts from the trusted block',
      find: 'if (root != trustedBlockRoot) revert SyncCommitteeLightClient_UntrustedBlock(trustedBlockRoot, root);',
      replace: 'root; trustedBlockRoot;',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheHeaderIsNotTheTrustedBlocks',
    },
    {
      rule: 'it starts from no block of the future',
      find: 'if (beginsAt > block.timestamp) revert SyncCommitteeLightClient_SlotInFuture(header.slot, beginsAt);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheTrustedBlocksSlotHasNotBegun',
    },
    {
      rule: "it starts from the trusted block's payload",
      find: '        _verifyExecution(header, bootstrap.execution);\n',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheExecutionBlockIsNotTheTrustedBlocksPayload',
    },
    {
      rule: 'a slot takes time',
      find: 'configuration.secondsPerSlot != 0 && ',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ALengthOfTimeIsZero',
    },
    {
      rule: 'an epoch has slots',
      find: 'configuration.slotsPerEpoch != 0\n            && configuration.epochs',
      replace: 'configuration.epochs',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ALengthOfTimeIsZero',
    },
    {
      rule: 'a committee has members',
      find: 'configuration.committeeSize != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheCommitteesSizeIsNoPowerOfTwo',
    },
    {
      rule: "a committee's size is a power of two",
      find: 'configuration.committeeSize & (configuration.committeeSize - 1) == 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheCommitteesSizeIsNoPowerOfTwo',
    },
    {
      rule: 'there is a fork',
      find: ' && table.length != 0',
      replace: ' ',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ThereIsNoFork',
    },
    {
      rule: 'forks are in order',
      find: '(i == 0 || fork.epoch > table[i - 1].epoch)',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ForksAreNotInOrder',
    },
    {
      rule: 'the final root has a place',
      find: 'fork.finalizedRoot != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_AForkNamesNoPlace',
    },
    {
      rule: 'the current committee has a place',
      find: 'fork.currentCommittee != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_AForkNamesNoPlace',
    },
    {
      rule: 'the next committee has a place',
      find: 'fork.nextCommittee != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_AForkNamesNoPlace',
    },
    {
      rule: 'number and hash are two nodes',
      find: 'fork.blockNumber != fork.blockHash',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_NumberAndHashAreOneNode',
    },
    {
      rule: 'number and hash are of one height',
      find: 'SSZ.log2(fork.blockNumber) == SSZ.log2(fork.blockHash)',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_NumberAndHashAreNotOfOneHeight',
    },
  ],
};
