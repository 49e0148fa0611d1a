import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const messageLog: MutatedSource = {
  source: 'contracts/omnichain/libraries/MessageLog.sol',
  within: 'OmnichainRelayService',
  mutants: [
    {
      rule: 'a log without topics is no message',
      find: 'log.topicCount == 3 && ',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_ALogWithoutTopicsIsReadAsSuch',
    },
    {
      rule: 'the event is that of a message',
      find: ' && logs.topic(log, 0) == IOmnichainService.mapMessageOut.selector',
      replace: '',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheEventIsAnother',
    },
    {
      rule: 'a log has one encoding',
      find: 'if (!isCanonical) revert IOmnichainService.OmnichainService_NotAMessage();',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: testFuzz_AFlippedBitOfALogIsRefused',
    },
    {
      rule: 'a log ends with its envelope',
      find: 'data.endsWithBytes(CALL_DATA) && ',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_ALogHasOneEncoding',
    },
    {
      rule: 'the offset of the sender is checked',
      find: ' && data.word(FROM_ADDRESS_OFFSET) == FROM_ADDRESS',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_ALogHasOneEncoding',
    },
    {
      rule: 'the offset of the envelope is checked',
      find: '&& data.word(CALL_DATA_OFFSET) == CALL_DATA ',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_ALogHasOneEncoding',
    },
    {
      rule: 'a sender has 20 bytes',
      find: ' && data.word(FROM_ADDRESS) == 20',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_ALogHasOneEncoding',
    },
    {
      rule: 'a sender is padded with zeros',
      find: '\n            && uint96(data.word(FROM_ADDRESS + 0x20)) == 0',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_ALogHasOneEncoding',
    },
  ],
};
