import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const validatorList: MutatedSource = {
  source: 'contracts/omnichain/libraries/ValidatorList.sol',
  mutants: [
    {
      rule: 'there is a validator',
      find: 'if (items.length == 0 || items',
      replace: 'if (items',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_TheListIsNotOfAddresses',
    },
    {
      rule: 'the list is of whole addresses',
      find: ' || items.length % ITEM != 0 ||',
      replace: ' ||',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_TheListIsNotOfAddresses',
    },
    {
      rule: 'there are no more than can be counted',
      find: ' || items.length > MOST * ITEM) {',
      replace: ') {',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_AChainHasMoreValidatorsThanCanBeCounted',
    },
    {
      rule: 'each item is an address',
      find: 'if (items.byteAt(offset) != 0x94) {',
      replace: 'if (false) {',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_TheListIsNotOfAddresses',
    },
    {
      rule: 'a quorum is rounded up',
      find: '(2 * count(items) + 2) / 3',
      replace: '(2 * count(items)) / 3',
      killedBy: 'omnichain/lightclient/Seals.t.sol: test_QuorumIsTwoThirdsRoundedUp',
    },
    {
      rule: 'a quorum is no more than two thirds',
      find: '(2 * count(items) + 2) / 3',
      replace: '(2 * count(items) + 3) / 3',
      killedBy: 'omnichain/lightclient/Seals.t.sol: test_QuorumIsTwoThirdsRoundedUp',
    },
    {
      rule: 'the search comes back to the start',
      find: 'if (position >= length) position = 0;',
      replace: '',
      killedBy: 'omnichain/lightclient/Seals.t.sol: test_SealsComeInAnyOrder',
    },
    {
      rule: 'a validator is the one that is looked for',
      find: '== validator) return position;',
      replace: '!= address(0)) return position;',
      killedBy: 'omnichain/lightclient/Seals.t.sol: test_RevertWhen_SomebodyElseSeals',
    },
    {
      rule: 'each item of a list is an address',
      find: 'offset < items.length; offset',
      replace: 'offset < ITEM; offset',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_TheListIsNotOfAddresses',
    },
    {
      rule: 'each validator is looked at',
      find: 'i < length; ++i',
      replace: 'i < 1; ++i',
      killedBy: 'omnichain/lightclient/Seals.t.sol: test_SealsComeInAnyOrder',
    },
    {
      rule: 'each first validator is listed',
      find: 'i < items.length; ++i',
      replace: 'i < 1; ++i',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_ClientIsWhatItWasDeployedAs',
    },
  ],
};
