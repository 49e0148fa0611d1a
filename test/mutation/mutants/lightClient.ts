import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const lightClient: MutatedSource = {
  source: 'contracts/omnichain/lightclient/LightClient.sol',
  mutants: [
    {
      rule: 'a frozen client learns no ancestor by headers',
      find: 'external override whenNotFrozen {\n        bytes32 expected',
      replace: 'external override {\n        bytes32 expected',
      killedBy: 'omnichain/lightclient/Ancestors.t.sol: test_RevertWhen_TheClientIsFrozen',
    },
    {
      rule: 'headers start from a known block',
      find: 'bytes32 expected = _known(known);\n        uint256 number',
      replace: 'bytes32 expected = _blockHashes[known];\n        uint256 number',
      killedBy: 'omnichain/lightclient/Ancestors.t.sol: test_RevertWhen_TheBlockIsNotKnown',
    },
    {
      rule: 'the first block has no parent',
      find: 'if (number == 0 || headers',
      replace: 'if (headers',
      killedBy: 'omnichain/lightclient/Ancestors.t.sol: test_RevertWhen_TheHeadersGoBelowTheFirstBlock',
    },
    {
      rule: 'an ancestor takes a header',
      find: ' || headers.length == 0) revert',
      replace: ') revert',
      killedBy: 'omnichain/lightclient/Ancestors.t.sol: test_RevertWhen_ThereIsNoHeader',
    },
    {
      rule: 'each header is the one that is named',
      find: 'uint256 end) = headers.link(offset);\n            if (actual != expected) revert LightClient_HeaderMismatch(expected, actual);',
      replace: 'uint256 end) = headers.link(offset);\n            actual;',
      killedBy: 'omnichain/lightclient/Ancestors.t.sol: test_RevertWhen_AHeaderIsLeftOut',
    },
    {
      rule: 'each header is one block further down',
      find: '(parentHash, end, number - 1);',
      replace: '(parentHash, end, known - 1);',
      killedBy: 'omnichain/lightclient/Ancestors.t.sol: test_ParentOfTheLastHeaderBecomesKnown',
    },
    {
      rule: 'a frozen client learns no ancestor by history',
      find: '        override\n        whenNotFrozen\n',
      replace: '        override\n',
      killedBy: 'omnichain/lightclient/History.t.sol: test_RevertWhen_TheClientIsFrozen',
    },
    {
      rule: 'history starts from a known block',
      find: 'bytes32 expected = _known(known);\n        if',
      replace: 'bytes32 expected = _blockHashes[known];\n        if',
      killedBy: 'omnichain/lightclient/History.t.sol: test_RevertWhen_TheBlockIsNotKnown',
    },
    {
      rule: 'an ancestor is older',
      find: 'if (number >= known || known',
      replace: 'if (number > known || known',
      killedBy: 'omnichain/lightclient/History.t.sol: test_RevertWhen_TheBlockIsNotOlder',
    },
    {
      rule: 'an ancestor is within the window',
      find: 'known - number > historyWindow)',
      replace: 'known - number > historyWindow + 1)',
      killedBy: 'omnichain/lightclient/History.t.sol: test_RevertWhen_TheBlockIsOlderThanTheWindow',
    },
    {
      rule: 'the window is all of it',
      find: 'known - number > historyWindow)',
      replace: 'known - number >= historyWindow)',
      killedBy: 'omnichain/lightclient/History.t.sol: test_BlocksOfTheWholeWindowBecomeKnown',
    },
    {
      rule: "the header is the known block's",
      find: 'header.read(ETHEREUM_HEADER);\n        if (actual != expected) revert LightClient_HeaderMismatch(expected, actual);',
      replace: 'header.read(ETHEREUM_HEADER);\n        actual;',
      killedBy: 'omnichain/lightclient/History.t.sol: test_RevertWhen_TheHeaderIsAnother',
    },
    {
      rule: "the slot is the block's",
      find: 'bytes32(number % historyWindow)',
      replace: 'bytes32(known % historyWindow - 1)',
      killedBy: 'omnichain/lightclient/History.t.sol: test_SeveralHopsLeadBeyondTheWindow',
    },
    {
      rule: "the state is the known block's",
      find: 'if (stateRoot != fields.stateRoot) revert LightClient_StateMismatch(fields.stateRoot, stateRoot);',
      replace: '',
      killedBy: 'omnichain/lightclient/History.t.sol: test_RevertWhen_TheStateIsAnother',
    },
    {
      rule: 'a frozen client is not read',
      find: 'external view override whenNotFrozen returns',
      replace: 'external view override returns',
      killedBy: 'omnichain/lightclient/Records.t.sol: test_RevertWhen_AFrozenClientIsRead',
    },
    {
      rule: 'a block that is known already is not recorded again',
      find: 'if (recorded == bytes32(0)) {',
      replace: 'if (recorded == bytes32(0) || recorded == blockHash) {',
      killedBy: 'omnichain/lightclient/Records.t.sol: test_RecordingABlockAgainChangesNothing',
    },
    {
      rule: 'another block of a height freezes',
      find: '} else if (recorded != blockHash) {\n            _head.isFrozen = true;',
      replace: '} else if (recorded != blockHash) {',
      killedBy: 'omnichain/lightclient/Records.t.sol: test_AnotherBlockOfTheSameHeightFreezes',
    },
    {
      rule: 'the block that is known freezes nothing',
      find: '} else if (recorded != blockHash) {',
      replace: '} else {',
      killedBy: 'omnichain/lightclient/Records.t.sol: test_RecordingABlockAgainChangesNothing',
    },
    {
      rule: 'a conflict does not take the place of what is known',
      find: '_head.isFrozen = true;',
      replace: '(_head.isFrozen, _blockHashes[number]) = (true, blockHash);',
      killedBy: 'omnichain/lightclient/Records.t.sol: test_AnotherBlockOfTheSameHeightFreezes',
    },
    {
      rule: 'nothing unfreezes',
      find: 'Head memory newHead = _head;',
      replace: 'Head memory newHead;',
      killedBy: 'omnichain/lightclient/Records.t.sol: test_ANewHeadDoesNotUnfreeze',
    },
    {
      rule: 'a block that is not known has no ancestors',
      find: 'if (blockHash == bytes32(0)) revert LightClient_UnknownBlock(number);',
      replace: '',
      killedBy: 'omnichain/lightclient/Ancestors.t.sol: test_RevertWhen_TheBlockIsNotKnown',
    },
  ],
};
