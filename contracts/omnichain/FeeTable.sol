// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {PermanentlyOwned} from "../access/PermanentlyOwned.sol";
import {IFeeTable} from "./interfaces/IFeeTable.sol";
import {IOmnichainService} from "./interfaces/IOmnichainService.sol";

/// @title Fee table
/// @dev See {IFeeTable}.
abstract contract FeeTable is PermanentlyOwned, IFeeTable, IOmnichainService {
    using SafeERC20 for IERC20;

    /// @dev One slot. A price of zero is a price.
    struct Price {
        uint128 perMessage;
        uint96 perGas;
        bool isSet;
    }

    address private _feeReceiver;

    mapping(uint256 toChain => mapping(address feeToken => Price price)) private _prices;

    constructor(address feeReceiver) {
        _setFeeReceiver(feeReceiver);
    }

    /// @inheritdoc IFeeTable
    function setFee(uint256 toChain, address feeToken, uint128 perMessage, uint96 perGas) external onlyOwner {
        _prices[toChain][feeToken] = Price(perMessage, perGas, true);
        emit FeeSet(toChain, feeToken, perMessage, perGas);
    }

    /// @inheritdoc IFeeTable
    function removeFee(uint256 toChain, address feeToken) external onlyOwner {
        delete _prices[toChain][feeToken];
        emit FeeRemoved(toChain, feeToken);
    }

    /// @inheritdoc IFeeTable
    function setFeeReceiver(address feeReceiver) external onlyOwner {
        _setFeeReceiver(feeReceiver);
    }

    /// @inheritdoc IOmnichainService
    function getMessageFee(uint256 toChain, address feeToken, uint256 gasLimit)
        public
        view
        returns (uint256 amount, address receiver)
    {
        Price memory price = _prices[toChain][feeToken];
        if (!price.isSet) revert FeeTable_NotPriced(toChain, feeToken);
        return (price.perMessage + price.perGas * gasLimit, _feeReceiver);
    }

    /// @dev Calls the token, the receiver and the sender: nothing may be left to do afterwards.
    function _payFee(bytes32 orderId, uint256 toChain, address feeToken, uint256 gasLimit) internal {
        (uint256 amount, address receiver) = getMessageFee(toChain, feeToken, gasLimit);
        if (feeToken == address(0)) {
            if (msg.value < amount) revert FeeTable_FeeNotCovered(msg.value, amount);
        } else if (msg.value != 0) {
            revert FeeTable_UnexpectedValue(msg.value);
        }

        emit FeePaid(orderId, feeToken, amount);

        if (feeToken == address(0)) {
            _pay(receiver, amount);
            _pay(msg.sender, msg.value - amount);
        } else if (amount != 0) {
            IERC20(feeToken).safeTransferFrom(msg.sender, receiver, amount);
        }
    }

    function _pay(address account, uint256 amount) private {
        if (amount == 0) return;
        bool success;
        // Whatever the account answers is of no interest: Solidity's call would copy it.
        assembly ("memory-safe") {
            success := call(gas(), account, amount, 0, 0, 0, 0)
        }
        if (!success) revert FeeTable_NotTaken(account, amount);
    }

    function _setFeeReceiver(address feeReceiver) private {
        if (feeReceiver == address(0) || feeReceiver == address(this)) revert FeeTable_InvalidReceiver(feeReceiver);
        _feeReceiver = feeReceiver;
        emit FeeReceiverSet(feeReceiver);
    }
}
