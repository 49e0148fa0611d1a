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
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_ABlockFromBeforeAForkIsFinalAfterIt',
    },
    {
      rule: "the payload's place is that of the final header's fork",
      find: '_forkAt(header.slot);',
      replace: '_forkAt((block.timestamp - genesisTime) / secondsPerSlot);',
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_ABlockFromBeforeAForkIsFinalAfterIt',
    },
    {
      rule: "the payload is the final header's",
      find: '        _verifyExecution(update_.finalized, update_.execution);\n',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_RevertWhen_TheExecutionBlockIsNotTheFinalHeadersPayload',
    },
    {
      rule: "the signature's fork is that of the slot before",
      find: '_forkAt(signed - 1)',
      replace: '_forkAt(signed)',
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_TheSignaturesDomainIsThatOfTheSlotBefore',
    },
    {
      rule: "the signature's fork is not that of the attested header",
      find: '_forkAt(signed - 1)',
      replace: '_forkAt(attested)',
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_TheSignaturesForkIsNotThatOfTheAttestedHeader',
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
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_RevertWhen_ABranchComesWithoutANextCommittee',
    },
    {
      rule: 'the next committee is of a final period',
      find: 'if (attestedPeriod != period) revert SyncCommitteeLightClient_CommitteeNotFinal(attestedPeriod, period);',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_RevertWhen_TheNextCommitteeComesWithABlockOfThePeriodBefore',
    },
    {
      rule: "the next committee's place is that of the attested header's fork",
      find: '_forkAt(attestedSlot).nextCommittee',
      replace: '_forkAt(update_.finalized.slot).nextCommittee',
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_ABlockFromBeforeAForkIsFinalAfterIt',
    },
    {
      rule: 'a branch leads to its root',
      find: 'if (actual != expected) revert SyncCommitteeLightClient_BranchMismatch(expected, actual);',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_RevertWhen_TheAttestedStateNamesAnotherNextCommittee',
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
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_RevertWhen_ACommitteeIsSkipped',
    },
    {
      rule: "the keys are the committee's",
      find: 'if (actual != expected) revert SyncCommitteeLightClient_CommitteeMismatch(expected, actual);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_RevertWhen_AnotherPeriodsCommitteeSigns',
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
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_ABlockFromBeforeAForkIsFinalAfterIt',
    },
    {
      rule: 'what is older than all forks is not understood',
      find: '        revert SyncCommitteeLightClient_UnknownFork(slot);\n',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeConflicts.t.sol: test_RevertWhen_ABlockIsOlderThanAllForks',
    },
    {
      rule: 'a committee comes with a branch',
      find: 'if (next == 0) {',
      replace: 'if (update_.nextCommitteeBranch.length == 0) {',
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_RevertWhen_ANextCommitteeComesWithoutABranch',
    },
    {
      rule: 'an unknown next committee conflicts with nothing',
      find: 'if (known != 0 && known != next)',
      replace: 'if (known != next)',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheNextCommitteeIsKnownFromThenOn',
    },
    {
      rule: 'the known next committee does not conflict with itself',
      find: 'if (known != 0 && known != next)',
      replace: 'if (known != 0)',
      killedBy:
        'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_AKnownCommitteeMayComeAgainAndIsNotLearnedAgain',
    },
    {
      rule: 'the next committee is no other than the known one',
      find: 'if (known != 0 && known != next) revert SyncCommitteeLightClient_ConflictingCommittee(known, next);',
      replace: 'known;',
      killedBy:
        'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_RevertWhen_AnotherNextCommitteeIsNamedThanTheKnownOne',
    },
    {
      rule: "the payload's number is its own",
      find: '        _requireRoot(header.bodyRoot, actual);\n',
      replace: '        actual;\n',
      killedBy: 'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_RevertWhen_TheExecutionBlocksNumberIsAnother',
    },
    {
      rule: 'a half is not enough',
      find: 'if (3 * participation.absent.length',
      replace: 'if (2 * participation.absent.length',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_RevertWhen_OneLessHasSigned',
    },
    {
      rule: 'each absent key is taken off',
      find: 'i < participation.absent.length; ++i',
      replace: 'i < 1; ++i',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_FirstAndLastAreAbsent',
    },
    {
      rule: 'a slot before all forks is of none',
      find: 'for (uint256 i = _forks.length; i > 0; --i) {',
      replace: 'for (uint256 i = _forks.length; true; --i) {',
      killedBy:
        'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheTrustedBlockIsOlderThanAllForks',
    },
  ],
};
