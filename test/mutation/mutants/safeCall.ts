import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const safeCall: MutatedSource = {
  source: 'contracts/libraries/SafeCall.sol',
  mutants: [
    {
      rule: 'a cold delegate is counted',
      find: 'uint256 internal constant CALL_OVERHEAD = 2 * 2600 + 300;',
      replace: 'uint256 internal constant CALL_OVERHEAD = 2600 + 300;',
      killedBy: 'L2/GasPromise.t.sol: test_AnyGasKeepsThePromiseOrRecordsAFailure_ColdDelegate',
    },
    {
      rule: 'the cost of a new account is counted',
      find: 'VALUE_OVERHEAD = 9000 + 25_000;',
      replace: 'VALUE_OVERHEAD = 9000;',
      killedBy: 'L2/GasPromise.t.sol: test_AnyGasDeliversToANewAccountOrRecordsAFailure',
    },
    {
      rule: 'a reason is capped',
      find: 'if gt(length, MAX_REASON_LENGTH) { length := MAX_REASON_LENGTH }',
      replace: '',
      killedBy: 'L2/FirstDelivery.t.sol: test_CapsTheReason',
    },
    {
      rule: 'a return bomb costs little',
      find: 'if gt(length, MAX_REASON_LENGTH) { length := MAX_REASON_LENGTH }',
      replace: '',
      killedBy: 'L1/BatchGas.t.sol: test_RecordsAReturnBomb',
    },
    {
      rule: 'a reason is told',
      find: 'returndatacopy(add(data, 0x20), 0, length)',
      replace: '',
      killedBy: 'L2/FirstDelivery.t.sol: test_RecordsAFailureWhenTheTargetReverts',
    },
    {
      rule: 'a call that cannot keep the promise is not made',
      find: 'if (forwarded == 0 || forwarded < gasLimit) return',
      replace: 'if (forwarded == 0) return',
      killedBy: 'L2/FirstDelivery.t.sol: test_RecordsAFailureWhenGasDoesNotKeepThePromise',
    },
    {
      rule: 'a call gets no more than the most',
      find: 'if (forwarded > most) forwarded = most;',
      replace: '',
      killedBy: 'L1/BatchGas.t.sol: testFuzz_ATargetGetsExactlyItsGasLimit',
    },
    {
      rule: 'the value goes with the call',
      find: 'call(forwarded, target, value, add',
      replace: 'call(forwarded, target, 0, add',
      killedBy: 'L2/FirstDelivery.t.sol: test_DeliversValueToATargetWithoutCode',
    },
    {
      rule: 'the call gets the gas that was weighed',
      find: 'call(forwarded, target, value, add',
      replace: 'call(gas(), target, value, add',
      killedBy: 'L2/GasPromise.t.sol: test_AnyGasRecordsTheDearestFailure',
    },
    {
      rule: 'a failed call is a failure',
      find: 'return success ? (CallOutcome.Succeeded, reason) : (CallOutcome.Failed, _returnData());',
      replace: 'return (CallOutcome.Succeeded, reason);',
      killedBy: 'L2/FirstDelivery.t.sol: test_RecordsAFailureWhenTheTargetReverts',
    },
    {
      rule: 'only a call with value pays for it',
      find: 'return value == 0 ? CALL_OVERHEAD : CALL_OVERHEAD + VALUE_OVERHEAD;',
      replace: 'return CALL_OVERHEAD + VALUE_OVERHEAD;',
      killedBy: 'L2/GasPromise.t.sol: test_AnyGasKeepsThePromiseOrRecordsAFailure',
    },
    {
      rule: '63/64 is counted',
      find: 'uint256 allowed = remaining - remaining / 64;',
      replace: 'uint256 allowed = remaining;',
      killedBy: 'L2/GasPromise.t.sol: test_AnyGasKeepsThePromiseOrRecordsAFailure_HighGasLimit',
    },
    {
      rule: 'what is reserved is not forwarded',
      find: 'return allowed < unreserved ? allowed : unreserved;',
      replace: 'return allowed;',
      killedBy: 'L2/GasPromise.t.sol: test_AnyGasRecordsTheDearestFailure',
    },
    {
      rule: 'the smaller of both bounds holds',
      find: 'return allowed < unreserved ? allowed : unreserved;',
      replace: 'return unreserved;',
      killedBy: 'L2/GasPromise.t.sol: test_AnyGasKeepsThePromiseOrRecordsAFailure_HighGasLimit',
    },
    {
      rule: 'the overhead is not forwarded',
      find: 'uint256 remaining = available - overhead;',
      replace: 'uint256 remaining = available;',
      killedBy: 'L2/GasPromise.t.sol: test_AnyGasKeepsThePromiseOrRecordsAFailure_ColdDelegate',
    },
    {
      rule: 'base gas counts 63/64',
      find: 'gasLimit + (gasLimit + 62) / 63;',
      replace: 'gasLimit;',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasKeepsTheHighestPromise',
    },
    {
      rule: 'base gas counts what is reserved',
      find: 'uint256 forUnreserved = gasLimit + RESERVED_GAS;',
      replace: 'uint256 forUnreserved = gasLimit;',
      killedBy: 'L2/GasPromise.t.sol: testFuzz_BaseGasKeepsThePromise',
    },
    {
      rule: "base gas counts the call's own cost",
      find: 'return overhead + (forAllowed',
      replace: 'return (forAllowed',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasCoversAnEip7702Delegate',
    },
  ],
};
