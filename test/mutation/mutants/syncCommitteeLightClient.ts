import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const syncCommitteeLightClient: MutatedSource = {
  source: 'contracts/omnichain/lightclient/SyncCommitteeLightClient.sol',
  mutants: [
    {
      rule: 'an update is taken while the committees are trusted',
      find: 'external whenNotFrozen whenNotExpired',
      replace: 'external whenNotFrozen',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheTrustingPeriodIsOver',
    },
    {
      rule: 'finality goes on',
      find: 'if (slot <= known && !_isMissingCommittee(update_)) revert SyncCommitteeLightClient_NothingNew(slot, known);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheFinalBlockIsOlderThanTheKnownOne',
    },
    {
      rule: 'the known block is not new',
      find: 'if (slot <= known && !',
      replace: 'if (slot < known && !',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheFinalBlockIsTheKnownOne',
    },
    {
      rule: 'a missing committee is new',
      find: 'slot <= known && !_isMissingCommittee(update_)',
      replace: 'slot <= known',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheNextCommitteeCanComeLaterForTheSameBlock',
    },
    {
      rule: 'a known committee is not new',
      find: 'update_.nextCommittee != 0 && _periodOf(update_.finalized.slot) == newestPeriod',
      replace: 'update_.nextCommittee != 0',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheFinalBlockIsOlderThanTheKnownOne',
    },
    {
      rule: 'no committee is not new',
      find: 'update_.nextCommittee != 0 && _periodOf(update_.finalized.slot) == newestPeriod',
      replace: '_periodOf(update_.finalized.slot) == newestPeriod',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_RevertWhen_TheFinalBlockIsTheKnownOne',
    },
    {
      rule: 'a conflict changes nothing but that it freezes',
      find: '        if (_conflicts(number, blockHash)) return _record(number, blockHash);\n',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeConflicts.t.sol: test_AnUpdateWithAnotherHashForAKnownNumberFreezes',
    },
    {
      rule: 'an older block does not become the head',
      find: 'if (slot > known) {',
      replace: 'if (true) {',
      killedBy:
        'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheNextCommitteeCanComeWithAnOlderBlockWhichIsKnownThen',
    },
    {
      rule: 'a known committee is not learned again',
      find: ' && nextPeriod > newestPeriod)',
      replace: ')',
      killedBy:
        'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_AKnownCommitteeMayComeAgainAndIsNotLearnedAgain',
    },
    {
      rule: 'no committee is learned where none is given',
      find: 'if (update_.nextCommittee != 0 && nextPeriod',
      replace: 'if (nextPeriod',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_AFinalBlockIsKnownFromThenOn',
    },
    {
      rule: 'what is reported conflicts',
      find: 'if (!_conflicts(number, blockHash)) revert SyncCommitteeLightClient_NoConflict(number);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeConflicts.t.sol: test_RevertWhen_TheReportedBlockIsTheKnownOne',
    },
    {
      rule: 'an unknown block conflicts with nothing',
      find: 'recorded != 0 && recorded != blockHash',
      replace: 'recorded != blockHash',
      killedBy: 'omnichain/lightclient/SyncCommitteeConflicts.t.sol: test_RevertWhen_NoBlockOfTheReportedNumberIsKnown',
    },
    {
      rule: 'a known block does not conflict with itself',
      find: 'recorded != 0 && recorded != blockHash',
      replace: 'recorded != 0',
      killedBy: 'omnichain/lightclient/SyncCommitteeConflicts.t.sol: test_RevertWhen_TheReportedBlockIsTheKnownOne',
    },
    {
      rule: 'a conflict is verified',
      find: '        _verify(update_);\n\n        _record',
      replace: '        _record',
      killedBy: 'omnichain/lightclient/SyncCommitteeConflicts.t.sol: test_RevertWhen_TheReportedConflictIsNotSigned',
    },
    {
      rule: 'a frozen light client takes no update',
      find: 'external whenNotFrozen whenNotExpired',
      replace: 'external whenNotExpired',
      killedBy:
        'omnichain/lightclient/SyncCommitteeConflicts.t.sol: test_RevertWhen_AFrozenLightClientIsAskedForAnything',
    },
    {
      rule: 'a frozen light client takes no report',
      find: 'function reportConflict(SyncCommitteeUpdate calldata update_) external whenNotFrozen',
      replace: 'function reportConflict(SyncCommitteeUpdate calldata update_) external',
      killedBy:
        'omnichain/lightclient/SyncCommitteeConflicts.t.sol: test_RevertWhen_AFrozenLightClientIsAskedForAnything',
    },
    {
      rule: 'committees take turns',
      find: '_committees[period % 2] = root',
      replace: '_committees[0] = root',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheNextCommitteeIsKnownFromThenOn',
    },
    {
      rule: 'an update is verified',
      find: '        _verify(update_);\n        _verifyNext',
      replace: '        _verifyNext',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_RevertWhen_OneIsSaidToHaveSignedWhoHasNot',
    },
    {
      rule: 'the next committee is verified',
      find: '        _verifyNextCommittee(update_);\n',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeProofs.t.sol: test_RevertWhen_TheAttestedStateNamesAnotherNextCommittee',
    },
    {
      rule: 'finality is announced',
      find: 'emit FinalityAdvanced(slot, number);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_AFinalBlockIsKnownFromThenOn',
    },
    {
      rule: "a committee's period is the newest",
      find: '        newestPeriod = period;\n',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheNextCommitteeIsKnownFromThenOn',
    },
    {
      rule: 'a committee is announced',
      find: 'emit CommitteeLearned(period, root);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheNextCommitteeIsKnownFromThenOn',
    },
    {
      rule: 'a final block becomes the head',
      find: '            _trustHead(number, blockHash, _timeOf(slot));\n',
      replace: '            blockHash;\n',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_AFinalBlockIsKnownFromThenOn',
    },
    {
      rule: 'an older final block is remembered',
      find: '            _record(number, blockHash);\n        }',
      replace: '            blockHash;\n        }',
      killedBy:
        'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheNextCommitteeCanComeWithAnOlderBlockWhichIsKnownThen',
    },
    {
      rule: 'the next committee is learned',
      find: '_learn(nextPeriod, update_.nextCommittee);',
      replace: '{}',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheNextCommitteeIsKnownFromThenOn',
    },
    {
      rule: 'a reported conflict is put down',
      find: '        _verify(update_);\n\n        _record(number, blockHash);\n',
      replace: '        _verify(update_);\n',
      killedBy: 'omnichain/lightclient/SyncCommitteeConflicts.t.sol: test_AReportedConflictFreezes',
    },
  ],
};
