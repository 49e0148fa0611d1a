import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const feeTable: MutatedSource = {
  source: 'contracts/omnichain/FeeTable.sol',
  within: 'OmnichainService',
  mutants: [
    {
      rule: 'a removed price is none',
      find: 'delete _prices[toChain][feeToken];',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_ARemovedPriceIsNone',
    },
    {
      rule: 'a token without a price is refused',
      find: 'if (!price.isSet) revert FeeTable_NotPriced(toChain, feeToken);',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_AnUnpricedFeeTokenIsRefused',
    },
    {
      rule: 'a fee counts gas',
      find: 'price.perMessage + price.perGas * gasLimit',
      replace: 'price.perMessage + price.perGas',
      killedBy: 'omnichain/FeeTable.t.sol: test_TheFeeIsPerMessageAndPerGas',
    },
    {
      rule: 'the fee is covered',
      find: 'if (msg.value < amount) revert FeeTable_FeeNotCovered(msg.value, amount);',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_TheExactFeeIsEnough',
    },
    {
      rule: 'no value goes along with a token',
      find: 'revert FeeTable_UnexpectedValue(msg.value);',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_ValueWithATokenFeeIsRefused',
    },
    {
      rule: 'the receiver gets the fee',
      find: '_pay(receiver, amount);',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_TheExactFeeIsEnough',
    },
    {
      rule: 'what is too much comes back',
      find: '_pay(msg.sender, msg.value - amount);',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_ExcessFeeComesBack',
    },
    {
      rule: 'the token is taken',
      find: 'IERC20(feeToken).safeTransferFrom(msg.sender, receiver, amount);',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_AFeeIsPaidWithATokenThatIsPriced',
    },
    {
      rule: 'a token that says that it was not paid is heard',
      find: 'IERC20(feeToken).safeTransferFrom(msg.sender, receiver, amount);',
      replace: 'IERC20(feeToken).transferFrom(msg.sender, receiver, amount);',
      killedBy: 'omnichain/FeeTokens.t.sol: test_RevertWhen_ATokenSaysThatItWasNotPaid',
    },
    {
      rule: 'who does not take it stops the message',
      find: 'if (!success) revert FeeTable_NotTaken(account, amount);',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_RevertWhen_TheReceiverDoesNotTakeTheFee',
    },
    {
      rule: 'somebody gets the fees',
      find: 'feeReceiver == address(0) || feeReceiver == address(this)',
      replace: 'feeReceiver == address(this)',
      killedBy: 'omnichain/FeeTable.t.sol: test_RevertWhen_TheReceiverIsNobodyOrTheService',
    },
    {
      rule: 'the service keeps no fees',
      find: 'feeReceiver == address(0) || feeReceiver == address(this)',
      replace: 'feeReceiver == address(0)',
      killedBy: 'omnichain/FeeTable.t.sol: test_RevertWhen_TheReceiverIsNobodyOrTheService',
    },
    {
      rule: 'a price is kept',
      find: '_prices[toChain][feeToken] = Price(perMessage, perGas, true);',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_TheFeeIsPerMessageAndPerGas',
    },
    {
      rule: 'a price is announced',
      find: 'emit FeeSet(toChain, feeToken, perMessage, perGas);',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_NothingIsTakenWhereTheFeeIsZero',
    },
    {
      rule: 'a removed price is announced',
      find: 'emit FeeRemoved(toChain, feeToken);',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_ARemovedPriceIsNone',
    },
    {
      rule: 'ether comes with the message',
      find: 'if (feeToken == address(0)) {\n            if (msg.value',
      replace: 'if (feeToken != address(0)) {\n            if (msg.value',
      killedBy: 'omnichain/FeeTable.t.sol: test_TheExactFeeIsEnough',
    },
    {
      rule: 'a token comes without value',
      find: '} else if (msg.value != 0) {',
      replace: '} else {',
      killedBy: 'omnichain/FeeTable.t.sol: test_AFeeIsPaidWithATokenThatIsPriced',
    },
    {
      rule: 'a fee is announced',
      find: 'emit FeePaid(orderId, feeToken, amount);',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_AFeeIsPaidWithATokenThatIsPriced',
    },
    {
      rule: 'the zero address is ether',
      find: 'if (feeToken == address(0)) {\n            _pay(receiver',
      replace: 'if (feeToken != address(0)) {\n            _pay(receiver',
      killedBy: 'omnichain/FeeTable.t.sol: test_AFeeIsPaidWithATokenThatIsPriced',
    },
    {
      rule: 'a token without a fee is not called',
      find: '} else if (amount != 0) {',
      replace: '} else {',
      killedBy: 'omnichain/FeeTable.t.sol: test_NothingIsTakenWhereTheFeeIsZero',
    },
    {
      rule: 'who gets nothing is not called',
      find: 'if (amount == 0) return;',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_WhoPaysTheExactFeeNeedNotTakeAnythingBack',
    },
    {
      rule: 'a receiver is kept',
      find: '_feeReceiver = feeReceiver;',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_AnotherReceiverGetsTheFees',
    },
    {
      rule: 'a receiver is announced',
      find: 'emit FeeReceiverSet(feeReceiver);',
      replace: '',
      killedBy: 'omnichain/FeeTable.t.sol: test_AnotherReceiverGetsTheFees',
    },
    {
      rule: 'the first receiver is named by who deploys',
      find: '    constructor(address feeReceiver) {\n        _setFeeReceiver(feeReceiver);\n',
      replace: '    constructor(address feeReceiver) {\n',
      killedBy: 'omnichain/FeeTable.t.sol: test_TheFeeIsPerMessageAndPerGas',
    },
    {
      rule: 'the owner names another receiver',
      find: 'external onlyOwner {\n        _setFeeReceiver(feeReceiver);\n',
      replace: 'external onlyOwner {\n',
      killedBy: 'omnichain/FeeTable.t.sol: test_AnotherReceiverGetsTheFees',
    },
  ],
};

/** What the tests of owners look at. */
export const feeTableOfTheRelayChain: MutatedSource = {
  source: 'contracts/omnichain/FeeTable.sol',
  within: 'OmnichainRelayService',
  mutants: [
    {
      rule: 'the owner alone sets prices',
      find: 'uint128 perMessage, uint96 perGas) external onlyOwner',
      replace: 'uint128 perMessage, uint96 perGas) external',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AnybodyElseDoesWhatTheOwnerDoes',
    },
    {
      rule: 'the owner alone removes prices',
      find: 'removeFee(uint256 toChain, address feeToken) external onlyOwner',
      replace: 'removeFee(uint256 toChain, address feeToken) external',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AnybodyElseDoesWhatTheOwnerDoes',
    },
    {
      rule: 'the owner alone names the receiver',
      find: 'setFeeReceiver(address feeReceiver) external onlyOwner',
      replace: 'setFeeReceiver(address feeReceiver) external',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AnybodyElseDoesWhatTheOwnerDoes',
    },
  ],
};
