// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ICrossDomainMessenger} from "../interfaces/ICrossDomainMessenger.sol";

/// @title Cross-domain enabled
/// @notice Base for contracts that send and receive messages. Guard what only the counterpart on the other chain may
/// call with `onlyFromCrossDomainAccount(counterpart)`.
abstract contract CrossDomainEnabled {
    /// @notice The messenger of this chain.
    /// @return Address on this chain.
    ICrossDomainMessenger public immutable messenger;

    /// @notice Thrown when a guarded function is not called by the messenger.
    /// @param caller Account that called.
    error CrossDomainEnabled_NotMessenger(address caller);

    /// @notice Thrown when the message being delivered was sent by another account than the one expected.
    /// @param sender Account that sent it on the other chain.
    /// @param counterpart The one expected.
    error CrossDomainEnabled_NotCounterpart(address sender, address counterpart);

    /// @param messenger_ The messenger of the chain that this contract is deployed on.
    constructor(ICrossDomainMessenger messenger_) {
        messenger = messenger_;
    }

    /// @dev Passes only while the messenger delivers a message that `counterpart` sent on the other chain.
    /// @param counterpart Account on the other chain.
    modifier onlyFromCrossDomainAccount(address counterpart) {
        _checkFromCrossDomainAccount(counterpart);
        _;
    }

    /// @notice Sends a message to a contract on the other chain, with `value` wei of this contract's balance.
    /// @param target The contract there.
    /// @param value Wei that go with the call.
    /// @param minGasLimit Gas the target gets at least: what the call needs at most.
    /// @param message Calldata of the call.
    /// @return messageHash The message hash.
    function _sendCrossDomainMessage(address target, uint256 value, uint32 minGasLimit, bytes memory message)
        internal
        returns (bytes32 messageHash)
    {
        return messenger.sendMessage{value: value}(target, message, minGasLimit);
    }

    function _checkFromCrossDomainAccount(address counterpart) private view {
        if (msg.sender != address(messenger)) revert CrossDomainEnabled_NotMessenger(msg.sender);
        address sender = messenger.xDomainMessageSender();
        if (sender != counterpart) revert CrossDomainEnabled_NotCounterpart(sender, counterpart);
    }
}
