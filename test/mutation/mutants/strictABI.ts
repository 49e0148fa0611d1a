import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const strictABI: MutatedSource = {
  source: 'contracts/omnichain/libraries/StrictABI.sol',
  within: 'OmnichainRelayService',
  mutants: [
    {
      rule: 'a length is not beyond the data',
      find: 'length > data.length || ',
      replace: '',
      killedBy: 'omnichain/Relayed.t.sol: test_AnAnswerOfAnotherFormIsAFailure',
    },
    {
      rule: 'bytes end where the data end',
      find: ' || data.length != offset + 32 + (length + 31) / 32 * 32',
      replace: '',
      killedBy: 'omnichain/Relayed.t.sol: test_AnAnswerOfAnotherFormIsAFailure',
    },
    {
      rule: 'bytes are padded with zeros',
      find: 'return length % 32 == 0 || word(data, data.length - 32) << (8 * (length % 32)) == 0;',
      replace: 'return true;',
      killedBy: 'omnichain/Relayed.t.sol: test_AnAnswerOfAnotherFormIsAFailure',
    },
    {
      rule: 'a full word has no padding',
      find: 'length % 32 == 0 || ',
      replace: '',
      killedBy: 'omnichain/Route.t.sol: test_AMessageGoesFromAToTheRelayChain',
    },
  ],
};

export const strictABIOfWhatIsSent: MutatedSource = {
  source: 'contracts/omnichain/libraries/StrictABI.sol',
  within: 'OmnichainService',
  mutants: [
    {
      rule: 'bytes need not fill a word',
      find: ' || word(data, data.length - 32) << (8 * (length % 32)) == 0',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_TheLogHoldsTheEnvelope',
    },
  ],
};
