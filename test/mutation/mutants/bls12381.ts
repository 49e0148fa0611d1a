import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const bls12381: MutatedSource = {
  source: 'contracts/omnichain/libraries/BLS12381.sol',
  mutants: [
    {
      rule: 'no key or signature is infinity',
      find: 'if (isInfinity(negatedKey) || _isZero(signature)) revert BLS12381_Infinity();',
      replace: '',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: test_RevertWhen_ASignatureIsInfinity',
    },
    {
      rule: 'no key is infinity',
      find: 'isInfinity(negatedKey) || _isZero',
      replace: '_isZero',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: test_RevertWhen_AKeyIsInfinity',
    },
    {
      rule: 'a signature is of one message',
      find: 'hashToG2(message)',
      replace: 'hashToG2(0)',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: test_ASignatureIsOfOneMessageAndOneKey',
    },
    {
      rule: 'the product is one',
      find: '(uint256)) == 1',
      replace: '(uint256)) <= 1',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: test_ASignatureIsOfOneMessageAndOneKey',
    },
    {
      rule: 'a negated point has a y',
      find: 'if (point.yHigh == 0 && point.yLow == 0) revert BLS12381_Infinity();\n        if (!',
      replace: 'if (!',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: test_RevertWhen_AKeyIsInfinity',
    },
    {
      rule: 'a compressed point has a y',
      find: 'if (point.yHigh == 0 && point.yLow == 0) revert BLS12381_Infinity();\n        uint256 flags',
      replace: 'uint256 flags',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: test_RevertWhen_AKeyIsInfinity',
    },
    {
      rule: "a negated point's y is below the modulus",
      find: 'if (!_isAbove(P_HIGH, P_LOW, point.yHigh, point.yLow)) revert BLS12381_Refused(G1_ADD);',
      replace: '',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: test_RevertWhen_AYIsNotBelowTheModulus',
    },
    {
      rule: 'the modulus is no y',
      find: 'if (!_isAbove(P_HIGH, P_LOW, point.yHigh, point.yLow)) revert',
      replace: 'if (_isAbove(point.yHigh, point.yLow, P_HIGH, P_LOW)) revert',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: test_RevertWhen_AYIsNotBelowTheModulus',
    },
    {
      rule: 'what is borrowed is paid back',
      find: 'P_HIGH - point.yHigh - borrow',
      replace: 'P_HIGH - point.yHigh',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: testFuzz_APointAndItsNegativeAreNothing',
    },
    {
      rule: 'the larger y is flagged',
      find: 'if (_isAbove(point.yHigh, point.yLow, HALF_HIGH, HALF_LOW)) flags |= LARGER_Y;',
      replace: '',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: test_AKeyIsCompressedAsItIsWritten',
    },
    {
      rule: 'what a precompile refuses is refused',
      find: 'if (!isAccepted || output.length != size) revert BLS12381_Refused(precompile);',
      replace: 'size;',
      killedBy: 'omnichain/lightclient/SyncCommitteeSignatures.t.sol: test_RevertWhen_AnAbsentKeyIsNotOnTheCurve',
    },
    {
      rule: 'a precompile that is not there is seen',
      find: '!isAccepted || output.length != size',
      replace: '!isAccepted',
      killedBy: 'omnichain/libraries/BLS12381.t.sol: test_RevertWhen_TheChainHasNoPrecompile',
    },
  ],
};
