import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const messageDataCodec: MutatedSource = {
  source: 'contracts/omnichain/libraries/MessageDataCodec.sol',
  within: 'OmnichainService',
  mutants: [
    {
      rule: 'message data have one encoding',
      find: 'if (!_isCanonical(encoded)) revert MessageDataCodec_Malformed();',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_RevertWhen_TheMessageDataIsEncodedInAnotherWay',
    },
    {
      rule: 'a target is not zero',
      find: 'if (targetOf(message) == address(0)) revert MessageDataCodec_ZeroTarget();',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_RevertWhen_TheTargetIsZero',
    },
    {
      rule: 'no value crosses',
      find: 'if (message.value != 0) revert MessageDataCodec_ValueRefused(message.value);',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_RevertWhen_TheMessageHasValue',
    },
    {
      rule: 'message data end with the payload',
      find: 'encoded.endsWithBytes(PAYLOAD) && ',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_MessageDataHaveOneEncoding',
    },
    {
      rule: 'message data are a tuple',
      find: 'encoded.word(0) == 0x20 && ',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_MessageDataHaveOneEncoding',
    },
    {
      rule: 'relay is a flag',
      find: 'encoded.word(RELAY) <= 1\n            && ',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_MessageDataHaveOneEncoding',
    },
    {
      rule: 'the offset of the target is checked',
      find: 'encoded.word(TARGET_OFFSET) == TARGET - 0x20 && ',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_MessageDataHaveOneEncoding',
    },
    {
      rule: 'the offset of the payload is checked',
      find: 'encoded.word(PAYLOAD_OFFSET) == PAYLOAD - 0x20\n            && ',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_MessageDataHaveOneEncoding',
    },
    {
      rule: 'a target has 20 bytes',
      find: 'encoded.word(TARGET) == 20 && ',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_RevertWhen_TheTargetIsNotAnAddress',
    },
    {
      rule: 'a target is padded with zeros',
      find: ' && uint96(encoded.word(TARGET + 0x20)) == 0',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_MessageDataHaveOneEncoding',
    },
    {
      rule: 'there are two types',
      find: '            && encoded.word(MESSAGE_TYPE) <= uint256(type(MessageType).max)\n',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_MessageDataHaveOneEncoding',
    },
  ],
};

export const messageDataCodecOnTheRelayChain: MutatedSource = {
  source: 'contracts/omnichain/libraries/MessageDataCodec.sol',
  within: 'OmnichainRelayService',
  mutants: [
    {
      rule: 'what asks for the relay chain is executed there',
      find: 'message.relay = encoded.word(RELAY) == 1;',
      replace: 'message.relay = false;',
      killedBy: 'omnichain/Route.t.sol: test_ATargetOnTheRelayChainSaysWhatGoesOn',
    },
  ],
};
