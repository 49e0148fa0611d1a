// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Receiver of omnichain messages
/// @notice What a target of messages of type `Message` implements. It must take calls from its chain's service alone, and
/// it hears nobody whom it has not allowed with the service's `addRemoteCaller`.
interface IMapoExecutor {
    /// @notice Receives a message. A revert is a failed delivery, which anyone can try again.
    /// @param fromChain Chain id of the chain it was sent on.
    /// @param toChain Chain id of its destination: on the relay chain, that of the chain where the answer goes.
    /// @param fromAddress Who sent it there: 20 bytes.
    /// @param orderId Its order id.
    /// @param message The payload.
    /// @return newMessage For a message that is relayed, `abi.encode` of the {MessageData} that goes on to the
    /// destination, with the same gas limit; otherwise nobody looks at it.
    function mapoExecute(
        uint256 fromChain,
        uint256 toChain,
        bytes calldata fromAddress,
        bytes32 orderId,
        bytes calldata message
    ) external returns (bytes memory newMessage);
}
