// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Delivery} from "../../types/Delivery.sol";

/// @title Omnichain service
/// @notice One contract on each chain. Applications send and receive through it; a message from one chain to another goes
/// over the relay chain's service, which knows every chain by a light client, while every other chain knows the relay
/// chain alone.
///
/// `transferOut` emits a log. Whoever proves that log to the next service - the block by that service's light client, the
/// receipt under the block, the log in the receipt - has it executed there, or sent on.
///
/// The functions and events are those of MAP Protocol's omnichain service. The bytes are not: `callData` of the events is
/// the envelope `abi.encode(version, destinationService, nonce, messageData)`, and the order id binds all of a message's
/// route: `keccak256(abi.encode(version, fromChain, sourceService, toChain, destinationService, nonce, sender,
/// keccak256(messageData)))`.
///
/// A message succeeds at most once. One whose target failed is remembered and can be tried again by anyone. The target gets
/// at least the message's gas limit, or the attempt reverts and consumes nothing.
interface IOmnichainService {
    /// @notice A message leaves this chain, for the first time or for the next.
    /// @param fromChain Chain id of the chain where it was sent first.
    /// @param toChain Chain id of its destination.
    /// @param orderId Its order id.
    /// @param fromAddress Who sent it there: 20 bytes.
    /// @param callData The envelope.
    event mapMessageOut(
        uint256 indexed fromChain, uint256 indexed toChain, bytes32 orderId, bytes fromAddress, bytes callData
    );

    /// @notice A message was attempted here.
    /// @param fromChain Chain id of the chain where it was sent first.
    /// @param toChain Chain id of its destination: another chain's where the target is on the relay chain.
    /// @param orderId Its order id.
    /// @param fromAddress Who sent it there: 20 bytes.
    /// @param callData The envelope.
    /// @param result Whether the target took it.
    /// @param reason First bytes of what the target reverted with.
    event mapMessageIn(
        uint256 indexed fromChain,
        uint256 indexed toChain,
        bytes32 orderId,
        bytes fromAddress,
        bytes callData,
        bool result,
        bytes reason
    );

    /// @notice A target has allowed or forbidden a caller on another chain.
    /// @param target The target.
    /// @param fromChain Chain id of the caller's chain.
    /// @param from The caller.
    /// @param allowed Whether it is heard from now on.
    event RemoteCallerChanged(address indexed target, uint256 indexed fromChain, bytes from, bool allowed);

    /// @notice Sends a message. Anyone.
    /// @param toChain Chain id of the destination.
    /// @param messageData `abi.encode` of a {MessageData}.
    /// @param feeToken Token to pay the fee with, zero for the chain's own, which goes along with the call: what is too
    /// much comes back. A token is taken from the caller, who must have approved it.
    /// @return orderId The message's order id.
    function transferOut(uint256 toChain, bytes calldata messageData, address feeToken)
        external
        payable
        returns (bytes32 orderId);

    /// @notice Delivers what a receipt holds for here: each message of it that has not been attempted.
    /// @dev Reverts where there is none.
    /// @param chainId Chain id of the chain whose receipt it is.
    /// @param proof See {ReceiptProof}.
    function transferIn(uint256 chainId, bytes calldata proof) external;

    /// @notice Delivers the message of one log.
    /// @param chainId Chain id of the chain whose receipt it is.
    /// @param logIndex Position of the log in its receipt, from 0.
    /// @param proof See {ReceiptProof}.
    function transferInWithIndex(uint256 chainId, uint256 logIndex, bytes calldata proof) external;

    /// @notice Tries a message again whose target has failed here. Anyone, for ever; on the relay chain, what the target
    /// returns goes on as it would have.
    /// @param fromChain Chain id of the chain where it was sent.
    /// @param toChain Chain id of its destination.
    /// @param orderId Its order id.
    /// @param fromAddress Who sent it.
    /// @param callData The envelope that `mapMessageIn` gave.
    function retryMessageIn(
        uint256 fromChain,
        uint256 toChain,
        bytes32 orderId,
        bytes calldata fromAddress,
        bytes calldata callData
    ) external;

    /// @notice Allows or forbids a caller on another chain. The caller of this is the target: each speaks for itself.
    /// @param fromChain Chain id of the caller's chain.
    /// @param from The caller, 20 bytes.
    /// @param allowed Whether it is heard from now on.
    function addRemoteCaller(uint256 fromChain, bytes calldata from, bool allowed) external;

    /// @notice Whether a target hears a caller.
    /// @param target The target, here.
    /// @param fromChain Chain id of the caller's chain.
    /// @param from The caller.
    /// @return True if the target has allowed it.
    function getExecutePermission(address target, uint256 fromChain, bytes calldata from) external view returns (bool);

    /// @notice What a message costs.
    /// @param toChain Chain id of the destination.
    /// @param feeToken Token to pay with, zero for the chain's own.
    /// @param gasLimit The message's gas limit.
    /// @return amount In the token's smallest unit.
    /// @return receiver Who gets it.
    function getMessageFee(uint256 toChain, address feeToken, uint256 gasLimit)
        external
        view
        returns (uint256 amount, address receiver);

    /// @notice What is known of an order here.
    /// @param chainId Chain id of the chain whose light client would show it.
    /// @param blockNumber Number of the block there that holds its log.
    /// @param orderId Its order id.
    /// @return exists Whether it was attempted here.
    /// @return verifiable Whether the light client knows the block.
    /// @return nodeType The light client's {LightClientKind}.
    function getOrderStatus(uint256 chainId, uint256 blockNumber, bytes32 orderId)
        external
        view
        returns (bool exists, bool verifiable, uint256 nodeType);

    /// @notice What became of an order here.
    /// @param fromChain Chain id of the chain where it was sent.
    /// @param orderId Its order id.
    /// @return See {Delivery}.
    function delivery(uint256 fromChain, bytes32 orderId) external view returns (Delivery memory);
}
