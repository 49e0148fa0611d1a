import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const envelopeCodec: MutatedSource = {
  source: 'contracts/omnichain/libraries/EnvelopeCodec.sol',
  within: 'OmnichainRelayService',
  mutants: [
    {
      rule: 'an envelope has a version',
      find: 'if (encoded.length < ORIGINAL_HASH) revert EnvelopeCodec_Malformed();',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_AnEnvelopeHasOneEncoding',
    },
    {
      rule: 'other versions are refused',
      find: 'if (!isRelayed && envelope.version != ENVELOPE_VERSION) revert EnvelopeCodec_UnknownVersion(envelope.version);',
      replace: '',
      killedBy: 'omnichain/BrokenServices.t.sol: test_RevertWhen_TheVersionIsUnknown',
    },
    {
      rule: 'an envelope ends with its message',
      find: '!encoded.endsWithBytes(messageData) || ',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_AnEnvelopeHasOneEncoding',
    },
    {
      rule: 'the offset of the message is checked',
      find: ' || encoded.word(MESSAGE_DATA_OFFSET) != messageData',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_AnEnvelopeHasOneEncoding',
    },
    {
      rule: 'a service is an address',
      find: '\n                || service > type(uint160).max',
      replace: '',
      killedBy: 'omnichain/Encodings.t.sol: test_AnEnvelopeHasOneEncoding',
    },
    {
      rule: 'answers have a version',
      find: 'bool isRelayed = envelope.version == RELAYED_VERSION;',
      replace: 'bool isRelayed = envelope.version > ENVELOPE_VERSION;',
      killedBy: 'omnichain/BrokenServices.t.sol: test_RevertWhen_TheVersionIsUnknown',
    },
    {
      rule: 'the version of what was sent is known',
      find: ' && envelope.version != ENVELOPE_VERSION',
      replace: '',
      killedBy: 'omnichain/Route.t.sol: test_AMessageGoesFromAToTheRelayChain',
    },
  ],
};

/** What the chain behind the relay chain reads. */
export const envelopeCodecOfAnswers: MutatedSource = {
  source: 'contracts/omnichain/libraries/EnvelopeCodec.sol',
  within: 'OmnichainService',
  mutants: [
    {
      rule: "an answer's version is known",
      find: '!isRelayed && ',
      replace: '',
      killedBy: 'omnichain/Route.t.sol: test_ATargetOnTheRelayChainSaysWhatGoesOn',
    },
    {
      rule: 'an answer stands behind five words',
      find: 'isRelayed ? ORIGINAL_HASH + 32 : ORIGINAL_HASH',
      replace: 'ORIGINAL_HASH',
      killedBy: 'omnichain/Route.t.sol: test_ATargetOnTheRelayChainSaysWhatGoesOn',
    },
    {
      rule: 'an answer comes with the hash of the question',
      find: 'isRelayed ? bytes32(encoded.word(ORIGINAL_HASH)) : keccak256(envelope.messageData)',
      replace: 'keccak256(envelope.messageData)',
      killedBy: 'omnichain/Route.t.sol: test_ATargetOnTheRelayChainSaysWhatGoesOn',
    },
  ],
};

/** What all of them write and read. */
export const envelopeCodecWriting: MutatedSource = {
  source: 'contracts/omnichain/libraries/EnvelopeCodec.sol',
  mutants: [
    {
      rule: 'what is sent has four fields',
      find: 'if (envelope.version == ENVELOPE_VERSION) {',
      replace: 'if (envelope.version != ENVELOPE_VERSION) {',
      killedBy: 'omnichain/Sending.t.sol: test_TheLogHoldsTheEnvelope',
    },
  ],
};
