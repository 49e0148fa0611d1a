import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const sealedExtraData: MutatedSource = {
  source: 'contracts/omnichain/libraries/SealedExtraData.sol',
  mutants: [
    {
      rule: "Istanbul's list comes after 32 bytes",
      find: 'if (isIstanbul) offset += ISTANBUL_VANITY;',
      replace: '',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_SealedBlockBecomesTheHead',
    },
    {
      rule: 'there is a list',
      find: 'if (offset >= end) revert ISealedHeaderLightClient.SealedHeaderLightClient_MalformedExtraData();',
      replace: '',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_IstanbulsExtraDataIsVanityOnly',
    },
    {
      rule: 'nothing follows the list',
      find: 'if (extraData.end != end || !_has',
      replace: 'if (!_has',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_BytesFollowTheList',
    },
    {
      rule: "the header is in the form of the block's hash",
      find: ' || !_hasNoSeals(header, extraData, scheme)) {',
      replace: ') {',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_TheHeaderIsInTheFormThatSealsCover',
    },
    {
      rule: "IBFT 2.0's round has four bytes",
      find: 'if (scheme == SealScheme.Ibft2) return abi.encodePacked(hex"84", round);',
      replace: '',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_BlocksOfLaterRoundsAreAccepted',
    },
    {
      rule: 'the seals cover the round',
      find: 'RLPEncoder.encode(uint256(round))',
      replace: 'hex"80"',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_BlocksOfLaterRoundsAreAccepted',
    },
    {
      rule: "QBFT's round is zero and it has no seals",
      find: ' && bytes2(header.wordAt(offset)) == 0x80c0;',
      replace: ';',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_TheHeaderIsInTheFormThatSealsCover',
    },
    {
      rule: "QBFT's list ends with the seals",
      find: 'return offset + 2 == extraData.end && bytes2',
      replace: 'return bytes2',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_TheListIsShorterOrLonger',
    },
    {
      rule: "Istanbul's header has no seals",
      find: ' && header.byteAt(offset) == 0xc0;',
      replace: ';',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_TheHeaderHasItsSeals',
    },
    {
      rule: "Istanbul's list ends with the seals",
      find: 'return offset + 1 == extraData.end && header',
      replace: 'return header',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_TheListIsShorterOrLonger',
    },
    {
      rule: "IBFT 2.0's list ends with the vote",
      find: 'return offset == extraData.end;',
      replace: 'return true;',
      killedBy: 'omnichain/lightclient/Validators.t.sol: test_RevertWhen_TheHeaderHasItsSeals',
    },
    {
      rule: "IBFT 2.0's list comes first",
      find: 'isIstanbul = scheme == SealScheme.Istanbul;',
      replace: 'isIstanbul = scheme != SealScheme.Qbft;',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_SealedBlockBecomesTheHead',
    },
    {
      rule: "Istanbul's validators come first",
      find: 'if (!isIstanbul) (, offset)',
      replace: '(, offset)',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_SealedBlockBecomesTheHead',
    },
    {
      rule: "Istanbul's header has no round",
      find: 'if (scheme == SealScheme.Qbft) return',
      replace: 'if (scheme != SealScheme.Ibft2) return',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_SealedBlockBecomesTheHead',
    },
    {
      rule: "IBFT 2.0's header has not even an empty list of seals",
      find: 'if (scheme == SealScheme.Istanbul) return',
      replace: 'if (scheme == SealScheme.Ibft2) return',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_SealedBlockBecomesTheHead',
    },
  ],
};
