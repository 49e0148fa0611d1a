import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const receiptProof: MutatedSource = {
  source: 'contracts/omnichain/libraries/ReceiptProof.sol',
  within: 'OmnichainRelayService',
  mutants: [
    {
      rule: 'nothing follows a proof',
      find: 'if (rest.length != 0) revert ReceiptProof_TrailingBytes(rest.length);',
      replace: '',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_BytesFollowTheProof',
    },
    {
      rule: 'types beyond 4 are not known',
      find: 'receiptType != 0 && receiptType <= LAST_ETHEREUM_TYPE',
      replace: 'receiptType != 0',
      killedBy: 'omnichain/Receipts.t.sol: test_RevertWhen_TheTypeOfTheReceiptIsUnknown',
    },
    {
      rule: 'deposits are known',
      find: '!isKnown && receiptType != DEPOSIT_TYPE',
      replace: '!isKnown',
      killedBy: 'omnichain/Receipts.t.sol: test_EveryTypeOfReceiptIsRead',
    },
    {
      rule: 'a deposit has more fields',
      find: 'endOfLogs != end && receiptType != DEPOSIT_TYPE',
      replace: 'endOfLogs != end',
      killedBy: 'omnichain/Receipts.t.sol: test_EveryTypeOfReceiptIsRead',
    },
    {
      rule: 'a log has its place',
      find: 'if (i == logIndex) return logAt(logs, offset);',
      replace: 'if (i >= logIndex) return logAt(logs, offset);\n            if (i == 0) logIndex = 0;',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheIndexIsBeyondTheLogs',
    },
    {
      rule: 'an emitter is an address',
      find: 'if (logs.byteAt(offset) != 0x94) revert ReceiptProof_MalformedReceipt();',
      replace: '',
      killedBy: 'omnichain/libraries/ReceiptProof.t.sol: test_RevertWhen_AnEmitterIsNoAddress',
    },
    {
      rule: 'a log ends with its data',
      find: 'log.end != end || ',
      replace: '',
      killedBy: 'omnichain/libraries/ReceiptProof.t.sol: test_RevertWhen_ALogHasMoreFields',
    },
    {
      rule: 'a topic is a word',
      find: ' || log.topicCount * 33 != endOfTopics - log.topics',
      replace: '',
      killedBy: 'omnichain/libraries/ReceiptProof.t.sol: test_RevertWhen_ATopicIsNoWord',
    },
    {
      rule: 'no log stands behind the last',
      find: '        revert ReceiptProof_NoSuchLog(logIndex);\n',
      replace: '',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheIndexIsBeyondTheLogs',
    },
    {
      rule: 'a receipt may have no type',
      find: 'receiptType >= 0xc0',
      replace: 'receiptType == 0xc0',
      killedBy: 'omnichain/Receipts.t.sol: test_EveryTypeOfReceiptIsRead',
    },
    {
      rule: 'zero is not written as a type',
      find: 'receiptType != 0 && ',
      replace: '',
      killedBy: 'omnichain/libraries/ReceiptProof.t.sol: test_RevertWhen_AReceiptNamesTheTypeZero',
    },
    {
      rule: "Ethereum's types are known",
      find: '!isKnown && ',
      replace: '',
      killedBy: 'omnichain/Receipts.t.sol: test_EveryTypeOfReceiptIsRead',
    },
    {
      rule: 'nothing follows a receipt',
      find: 'if (end != receipt.length) revert ReceiptProof_TrailingBytes(receipt.length - end);',
      replace: '',
      killedBy: 'omnichain/libraries/ReceiptProof.t.sol: test_RevertWhen_BytesFollowTheReceiptInItsNode',
    },
    {
      rule: 'a receipt ends with its logs',
      find: 'endOfLogs != end && receiptType != DEPOSIT_TYPE',
      replace: 'receiptType != DEPOSIT_TYPE',
      killedBy: 'omnichain/Receipts.t.sol: test_EveryTypeOfReceiptIsRead',
    },
    {
      rule: 'a receipt has no more fields',
      find: 'if (endOfLogs != end && receiptType != DEPOSIT_TYPE) revert ReceiptProof_MalformedReceipt();',
      replace: '',
      killedBy: 'omnichain/libraries/ReceiptProof.t.sol: test_RevertWhen_AReceiptHasMoreFields',
    },
    {
      rule: 'logs end where their list ends',
      find: 'for (uint256 i = 0; offset < logs.length; ++i)',
      replace: 'for (uint256 i = 0;; ++i)',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheIndexIsBeyondTheLogs',
    },
    {
      rule: 'a receipt is that of the index',
      find: 'proof.wordAt(0), 2 * endOfKey',
      replace: 'bytes32(hex"01"), 2 * endOfKey',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheReceiptIsAnothersIndex',
    },
  ],
};
