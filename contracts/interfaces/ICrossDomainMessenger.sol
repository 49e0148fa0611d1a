// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Delivery} from "../types/Delivery.sol";

/// @title Cross-domain messenger
/// @notice One end of a lane. A contract calls `sendMessage` on its own chain's messenger; the other chain's messenger
/// calls the target, which learns from `xDomainMessageSender()` who sent it.
///
/// A target must check both that `msg.sender` is the messenger and that `xDomainMessageSender()` is the account it
/// expects: everybody can make the messenger call everybody (`CrossDomainEnabled` does both).
///
/// Messages may be delivered in any order. Each is executed successfully at most once; one that failed can be tried
/// again by anyone, at any time.
/// @dev The application-facing functions and events are Optimism's.
interface ICrossDomainMessenger {
    /// @notice A message was sent. The message hash follows from this event and `SentMessageExtension1`.
    /// @param target Account on the other chain that will be called.
    /// @param sender Account that sent the message.
    /// @param message Calldata of the call.
    /// @param messageNonce Version and counter, see `messageNonce()`.
    /// @param gasLimit Gas the target is promised at least.
    event SentMessage(address indexed target, address sender, bytes message, uint256 messageNonce, uint256 gasLimit);

    /// @notice Follows each `SentMessage`.
    /// @param sender Account that sent the message.
    /// @param value Wei that go with it.
    event SentMessageExtension1(address indexed sender, uint256 value);

    /// @notice A message was delivered: its target was called and did not revert. Happens once for a message.
    event RelayedMessage(bytes32 indexed msgHash);

    /// @notice An attempt to deliver a message failed. The message can be tried again.
    event FailedRelayedMessage(bytes32 indexed msgHash);

    /// @notice Why it failed; follows each `FailedRelayedMessage`.
    /// @param reason The first 256 bytes of the target's revert data, or an error of this interface where the target
    /// was not called.
    event FailureReason(bytes32 indexed msgHash, bytes reason);

    /// @notice Thrown when the sender of a message is asked for while none is being delivered.
    error CrossDomainMessenger_NoMessageInDelivery();

    /// @notice Thrown when a message is sent or relayed to a contract of the lane itself: calls of the messenger carry
    /// a meaning there that a message must not have.
    error CrossDomainMessenger_TargetRefused(address target);

    /// @notice Thrown when a message carries ETH over a lane that was deployed without value.
    error CrossDomainMessenger_ValueDisabled(uint256 value);

    /// @notice Thrown when a message has more data than the other side takes. Lengths in bytes.
    error CrossDomainMessenger_DataTooLarge(uint256 length, uint256 maximum);

    /// @notice Thrown when delivering a message would take more gas than one transaction of the other side can have.
    error CrossDomainMessenger_GasLimitTooHigh(uint256 deliveryGas, uint256 maximum);

    /// @notice Thrown when a message that was delivered is relayed again.
    error CrossDomainMessenger_AlreadyRelayed(bytes32 messageHash);

    /// @notice Thrown when the gas left cannot keep the message's promise to its target. Nothing is consumed: relay
    /// again with more gas.
    error CrossDomainMessenger_InsufficientGas(uint256 gasLeft, uint256 gasLimit);

    /// @notice The reason of a failure: the message has data and no value, and its target has no code.
    error CrossDomainMessenger_TargetHasNoCode(address target);

    /// @notice The reason of a failure: the messenger holds less than the message's value.
    error CrossDomainMessenger_InsufficientBalance(uint256 balance, uint256 value);

    /// @notice Thrown at deployment when the lane does not describe the contract being deployed.
    error CrossDomainMessenger_WrongLane(address self, uint256 chainId);

    /// @notice Sends a message to the other chain.
    ///
    /// Obligations of the sender: the target exists there, accepts this account as sender and needs no more than
    /// `minGasLimit`. A message that fails can be retried for ever, with the same gas promise.
    /// @param target Account to call on the other chain; no contract of the lane.
    /// @param message Calldata of the call, at most `MAX_DATA_LENGTH` bytes.
    /// @param minGasLimit Gas the target gets at least.
    /// @return messageHash The message hash.
    /// @dev Value sent along is locked here and arrives with the call.
    function sendMessage(address target, bytes calldata message, uint32 minGasLimit)
        external
        payable
        returns (bytes32 messageHash);

    /// @notice The account on the other chain that sent the message being delivered.
    /// Reverts with `CrossDomainMessenger_NoMessageInDelivery` when there is none.
    function xDomainMessageSender() external view returns (address);

    /// @notice Nonce of the next message: `(1 << 240) | counter`.
    function messageNonce() external view returns (uint256);

    /// @notice Whether this messenger sent the message.
    function sentMessages(bytes32 messageHash) external view returns (bool);

    /// @notice Whether the message was delivered here.
    function successfulMessages(bytes32 messageHash) external view returns (bool);

    /// @notice Whether the message was tried here, failed, and has not been delivered since.
    function failedMessages(bytes32 messageHash) external view returns (bool);

    /// @notice Whether delivery of the message was ever tried here, whatever came of it.
    function relayedMessages(bytes32 messageHash) external view returns (bool);

    /// @notice All that is recorded of the message's delivery here.
    function delivery(bytes32 messageHash) external view returns (Delivery memory);

    /// @notice What the passer records of an L2-to-L1 message:
    /// `keccak256(abi.encode(messageHash, l2Messenger, l2ChainId, l1ChainId, l1Messenger))`.
    function messageKey(bytes32 messageHash) external view returns (bytes32);

    /// @notice Gas limit of a transaction on L2 that delivers a message there, so that its target gets `minGasLimit`
    /// and the outcome is recorded whatever the target does. On L1 the proof comes on top.
    function baseGas(bytes calldata message, uint32 minGasLimit) external pure returns (uint64);

    /// @notice The messenger at the other end of the lane.
    function otherMessenger() external view returns (address);

    /// @notice Chain ids of the lane.
    function l1ChainId() external view returns (uint256);
    function l2ChainId() external view returns (uint256);

    /// @notice Whether messages of the lane may carry ETH.
    function valueEnabled() external view returns (bool);

    /// @notice Version of the message hash, in the top 16 bits of a nonce.
    function MESSAGE_VERSION() external view returns (uint16);

    /// @notice Most bytes of data in a message.
    function MAX_DATA_LENGTH() external view returns (uint256);
}
