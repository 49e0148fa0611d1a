import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const messageGas: MutatedSource = {
  source: 'contracts/libraries/MessageGas.sol',
  mutants: [
    {
      rule: 'a delivery has the gas of a transaction',
      find: 'TRANSACTION = 21_000;',
      replace: 'TRANSACTION = 20_000;',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasIsTheLargerOfFloorPriceAndExecution',
    },
    {
      rule: 'a delivery pays for its calldata',
      find: 'CALLDATA_BYTE = 16;',
      replace: 'CALLDATA_BYTE = 15;',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasKeepsThePromiseForTheLargestMessage',
    },
    {
      rule: 'a delivery pays the floor price of its calldata',
      find: 'CALLDATA_FLOOR_BYTE = 40;',
      replace: 'CALLDATA_FLOOR_BYTE = 39;',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasIsTheLargerOfFloorPriceAndExecution',
    },
    {
      rule: 'a delivery pays for the handling of its bytes',
      find: 'HANDLED_BYTE = 2;',
      replace: 'HANDLED_BYTE = 1;',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasKeepsThePromiseForTheLargestMessage',
    },
    {
      rule: 'a delivery pays for what comes before the call',
      find: 'DELIVERY = 30_000;',
      replace: 'DELIVERY = 25_000;',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasIsTheLargerOfFloorPriceAndExecution',
    },
    {
      rule: 'a transaction has the most gas EIP-7825 allows',
      find: 'MAX_TRANSACTION = 16_777_216;',
      replace: 'MAX_TRANSACTION = 16_777_217;',
      killedBy: 'L1/CanonicalTransactionChain.t.sol: test_TakesGasUpToATransactions',
    },
    {
      rule: 'an encoded message is more than its data',
      find: 'ENCODING_OVERHEAD = 4 + 7 * 32;',
      replace: 'ENCODING_OVERHEAD = 4 + 6 * 32;',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasIsTheLargerOfFloorPriceAndExecution',
    },
    {
      rule: 'a batch keeps gas to end with',
      find: 'BATCH_END = 3000;',
      replace: 'BATCH_END = 0;',
      killedBy: 'L1/BatchEdges.t.sol: test_KeepsAMarginBehindTheDearestFailure',
    },
    {
      rule: 'a batch keeps gas to look at the next item with',
      find: 'BATCH_LOOK = 3000 + BATCH_END;',
      replace: 'BATCH_LOOK = BATCH_END;',
      killedBy: 'L1/BatchEdges.t.sol: test_StopsAtAnyGasAmongWhatItSkips',
    },
    {
      rule: 'an item of a batch pays for what comes before its call',
      find: 'BATCH_ITEM = 25_000;',
      replace: 'BATCH_ITEM = 20_000;',
      killedBy: 'L1/BatchGas.t.sol: test_StopsBeforeAnItemWithOneGasTooLittle_SmallLimit',
    },
    {
      rule: 'data is counted in whole words',
      find: '(dataLength + 31) / 32 * 32;',
      replace: 'dataLength / 32 * 32;',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasIsTheLargerOfFloorPriceAndExecution',
    },
    {
      rule: 'a delivery has the larger of its two prices',
      find: 'return floorPrice > execution ? floorPrice : execution;',
      replace: 'return execution;',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasIsTheLargerOfFloorPriceAndExecution',
    },
    {
      rule: 'a delivery pays for a call with value',
      find: 'SafeCall.callOverhead(1));',
      replace: 'SafeCall.callOverhead(0));',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasCoversValueForANewAccount',
    },
    {
      rule: 'the gas formula does not overflow',
      find: 'SafeCall.gasToHave(gasLimit, SafeCall',
      replace: 'SafeCall.gasToHave(uint32(gasLimit * 64) / 64, SafeCall',
      killedBy: 'L2/GasPromise.t.sol: test_BaseGasDoesNotOverflow',
    },
    {
      rule: 'an item pays for its bytes',
      find: 'uint256 overhead = BATCH_ITEM + bytesGas +',
      replace: 'uint256 overhead = BATCH_ITEM +',
      killedBy: 'L1/BatchGas.t.sol: test_ALargeMessageGetsItsGasLimitOrTheBatchStops',
    },
    {
      rule: 'an item pays for its call',
      find: ' + SafeCall.callOverhead(message.value) + BATCH_END;',
      replace: ' + BATCH_END;',
      killedBy: 'L1/BatchGas.t.sol: test_StopsBeforeAnItemWithOneGasTooLittle_SmallLimit',
    },
    {
      rule: 'an item leaves enough to end the batch with',
      find: ' + SafeCall.callOverhead(message.value) + BATCH_END;',
      replace: ' + SafeCall.callOverhead(message.value);',
      killedBy: 'L1/BatchEdges.t.sol: test_KeepsAMarginBehindTheDearestFailure',
    },
    {
      rule: 'a message without gas is not called with none',
      find: 'return forwarded != 0 && forwarded >= message.gasLimit;',
      replace: 'return forwarded >= message.gasLimit;',
      killedBy: 'L1/BatchEdges.t.sol: test_StopsAtAnyGasBeforeAMessageWithoutGas',
    },
    {
      rule: 'a message that cannot have its gas stops the batch',
      find: 'return forwarded != 0 && forwarded >= message.gasLimit;',
      replace: 'return forwarded != 0;',
      killedBy: 'L1/BatchGas.t.sol: test_StopsBeforeAnItemWithOneGasTooLittle_LargeLimit',
    },
  ],
};
