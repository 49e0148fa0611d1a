// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IMapoExecutor} from "../omnichain/interfaces/IMapoExecutor.sol";
import {IOmnichainService} from "../omnichain/interfaces/IOmnichainService.sol";
import {MessageData} from "../omnichain/types/MessageData.sol";

/// @title Omnichain enabled
/// @notice Base for contracts that send and receive omnichain messages. What arrives comes to `_receiveMessage`, from
/// callers that the contract has allowed with `_allowRemoteCaller` and from nobody else.
abstract contract OmnichainEnabled is IMapoExecutor {
    /// @notice The service of this chain.
    /// @return Address on this chain.
    IOmnichainService public immutable omnichainService;

    /// @notice Thrown when a message is not handed over by the service.
    /// @param caller Account that called.
    error OmnichainEnabled_NotService(address caller);

    /// @notice Thrown when the contract holds less than the fee of what it sends.
    /// @param balance Wei that it holds, with what came with the call.
    /// @param fee Wei of the fee.
    error OmnichainEnabled_FeeNotCovered(uint256 balance, uint256 fee);

    /// @param omnichainService_ The service of the chain that this contract is deployed on.
    constructor(IOmnichainService omnichainService_) {
        omnichainService = omnichainService_;
    }

    /// @dev Passes only for calls of the service: messages of type `Message`, and of type `Calldata`, whose sender it does
    /// not name. Whoever is allowed may call all functions that have no other guard.
    modifier onlyOmnichainService() {
        _checkOmnichainService();
        _;
    }

    /// @inheritdoc IMapoExecutor
    function mapoExecute(
        uint256 fromChain,
        uint256 toChain,
        bytes calldata fromAddress,
        bytes32 orderId,
        bytes calldata message
    ) external onlyOmnichainService returns (bytes memory newMessage) {
        return _receiveMessage(Origin(fromChain, toChain, address(bytes20(fromAddress)), orderId), message);
    }

    /// @notice Where a message comes from.
    struct Origin {
        /// @dev Chain id of the chain where it was sent.
        uint256 fromChain;
        /// @dev Chain id of its destination: another one's where this contract is a target on the relay chain.
        uint256 toChain;
        /// @dev Who sent it.
        address sender;
        /// @dev Its order id.
        bytes32 orderId;
    }

    /// @notice Takes a message. A revert is a failed delivery, which anyone can try again.
    /// @param origin Where it comes from.
    /// @param message The payload.
    /// @return newMessage For a message that is relayed, `abi.encode` of the {MessageData} that goes on; otherwise nobody
    /// looks at it.
    function _receiveMessage(Origin memory origin, bytes calldata message)
        internal
        virtual
        returns (bytes memory newMessage);

    /// @notice Sends `message.payload` to `_receiveMessage` of a contract on another chain, or, as `message.msgType` says,
    /// calls it. The fee is paid in the chain's own currency, out of this contract's balance. Reverts with
    /// `OmnichainEnabled_FeeNotCovered`, and as `transferOut` does.
    /// @param toChain Chain id of the destination.
    /// @param message The message.
    /// @return orderId Its order id.
    function _sendMessage(uint256 toChain, MessageData memory message) internal returns (bytes32 orderId) {
        (uint256 fee,) = omnichainService.getMessageFee(toChain, address(0), message.gasLimit);
        // The call below would fail without a word.
        if (fee > address(this).balance) revert OmnichainEnabled_FeeNotCovered(address(this).balance, fee);
        return omnichainService.transferOut{value: fee}(toChain, abi.encode(message), address(0));
    }

    /// @notice Hears a caller on another chain, or no longer.
    /// @param fromChain Chain id of the caller's chain.
    /// @param from The caller.
    /// @param allowed Whether it is heard from now on.
    function _allowRemoteCaller(uint256 fromChain, address from, bool allowed) internal {
        omnichainService.addRemoteCaller(fromChain, abi.encodePacked(from), allowed);
    }

    function _checkOmnichainService() private view {
        if (msg.sender != address(omnichainService)) revert OmnichainEnabled_NotService(msg.sender);
    }
}
