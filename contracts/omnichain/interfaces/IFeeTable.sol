// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Fee table
/// @notice What it costs to send a message: for each destination and token an amount a message and one a unit of its gas
/// limit. The fee goes to the fee receiver at once; the service keeps nothing. A token that has no price for a destination
/// is not taken.
interface IFeeTable {
    /// @notice A price was set.
    /// @param toChain Chain id of the destination.
    /// @param feeToken The token, zero for the chain's own.
    /// @param perMessage Amount a message, in the token's smallest unit.
    /// @param perGas Amount a unit of the gas limit, in the token's smallest unit.
    event FeeSet(uint256 indexed toChain, address indexed feeToken, uint256 perMessage, uint256 perGas);

    /// @notice A token is no longer taken.
    /// @param toChain Chain id of the destination.
    /// @param feeToken The token, zero for the chain's own.
    event FeeRemoved(uint256 indexed toChain, address indexed feeToken);

    /// @notice Fees go to another account from now on.
    /// @param feeReceiver The account.
    event FeeReceiverSet(address feeReceiver);

    /// @notice A message's fee was paid.
    /// @param orderId The message's order id.
    /// @param feeToken The token, zero for the chain's own.
    /// @param amount In the token's smallest unit.
    event FeePaid(bytes32 indexed orderId, address indexed feeToken, uint256 amount);

    /// @notice Thrown when a token has no price for a destination.
    /// @param toChain Chain id of the destination.
    /// @param feeToken The token, zero for the chain's own.
    error FeeTable_NotPriced(uint256 toChain, address feeToken);

    /// @notice Thrown when the chain's own currency that goes along does not cover the fee.
    /// @param value Wei that go along.
    /// @param fee Wei of the fee.
    error FeeTable_FeeNotCovered(uint256 value, uint256 fee);

    /// @notice Thrown when the chain's own currency goes along and the fee is paid with a token.
    /// @param value Wei that go along.
    error FeeTable_UnexpectedValue(uint256 value);

    /// @notice Thrown when an account does not take what it is paid: the fee receiver its fee, or the sender what was too
    /// much.
    /// @param account The account.
    /// @param amount Wei.
    error FeeTable_NotTaken(address account, uint256 amount);

    /// @notice Thrown when the fee receiver would be the zero address or the service itself.
    /// @param feeReceiver The account.
    error FeeTable_InvalidReceiver(address feeReceiver);

    /// @notice Sets a price. Owner only.
    /// @param toChain Chain id of the destination.
    /// @param feeToken The token, zero for the chain's own.
    /// @param perMessage Amount a message, in the token's smallest unit.
    /// @param perGas Amount a unit of the gas limit, in the token's smallest unit.
    function setFee(uint256 toChain, address feeToken, uint128 perMessage, uint96 perGas) external;

    /// @notice Takes a token no longer. Owner only; nothing happens where it has no price.
    /// @param toChain Chain id of the destination.
    /// @param feeToken The token, zero for the chain's own.
    function removeFee(uint256 toChain, address feeToken) external;

    /// @notice Lets fees go to another account. Owner only; reverts with `FeeTable_InvalidReceiver`.
    /// @param feeReceiver The account. Where it does not take the chain's own currency, no message can be paid with it.
    function setFeeReceiver(address feeReceiver) external;
}
