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
    /// @param msgHash The message hash.
    event RelayedMessage(bytes32 indexed msgHash);

    /// @notice An attempt to deliver a message failed. The message can be tried again.
    /// @param msgHash The message hash.
    event FailedRelayedMessage(bytes32 indexed msgHash);

    /// @notice Why it failed; follows each `FailedRelayedMessage`.
    /// @param msgHash The message hash.
    /// @param reason The first 256 bytes of the target's revert data, or an error of this interface where the target
    /// was not called.
    event FailureReason(bytes32 indexed msgHash, bytes reason);

    /// @notice Thrown when the sender of a message is asked for while none is being delivered.
    error CrossDomainMessenger_NoMessageInDelivery();

    /// @notice Thrown when a message is sent or relayed to a contract of the lane itself: calls of the messenger carry
    /// a meaning there that a message must not have.
    ///
    /// On L2's first delivery it is not thrown but recorded as the reason of a failure, and the attempt counts: a
    /// deposit is executed once and could not be tried again. So it is in a batch on L1: the other messages go on.
    /// @param target The message's target.
    error CrossDomainMessenger_TargetRefused(address target);

    /// @notice Thrown when a message carries ETH over a lane that was deployed without value.
    /// @param value Wei sent along.
    error CrossDomainMessenger_ValueDisabled(uint256 value);

    /// @notice Thrown when a message has more data than the other side takes. Lengths in bytes.
    /// @param length The message's.
    /// @param maximum `MAX_DATA_LENGTH`.
    error CrossDomainMessenger_DataTooLarge(uint256 length, uint256 maximum);

    /// @notice Thrown when delivering a message would take more gas than one transaction of the other side can have.
    /// @param deliveryGas `baseGas` of the message.
    /// @param maximum 16,777,216, less the 1,000,000 for the proof where the message is sent from L2.
    error CrossDomainMessenger_GasLimitTooHigh(uint256 deliveryGas, uint256 maximum);

    /// @notice Thrown on L1 when a message that was delivered is relayed again, alone; a batch skips it. Never on L2:
    /// there the call reverts with `L2CrossDomainMessenger_NotReplayable`, or is ignored if it is the aliased messenger's.
    /// @param messageHash The message hash.
    error CrossDomainMessenger_AlreadyRelayed(bytes32 messageHash);

    /// @notice Thrown when the gas left cannot keep the message's promise to its target. Nothing is consumed: relay
    /// again with more gas. By a batch on L1, when that is so of the first of its messages that is not delivered.
    ///
    /// On L2's first delivery it is not thrown but recorded as the reason of a failure, and the attempt counts: a
    /// deposit is executed once and could not be tried again.
    /// @param gasLeft Gas left after the attempt was given up.
    /// @param gasLimit Gas the target is promised at least.
    error CrossDomainMessenger_InsufficientGas(uint256 gasLeft, uint256 gasLimit);

    /// @notice The reason of a failure: the message has data and no value, and its target has no code.
    /// @param target The message's target.
    error CrossDomainMessenger_TargetHasNoCode(address target);

    /// @notice The reason of a failure: the messenger holds less than the message's value.
    /// @param balance Wei the messenger holds.
    /// @param value Wei that go with the message.
    error CrossDomainMessenger_InsufficientBalance(uint256 balance, uint256 value);

    /// @notice Thrown at deployment when the lane does not describe the contract being deployed.
    /// @param self Address of the contract being deployed.
    /// @param chainId Id of the chain it is being deployed on.
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
    /// @return The sender, never zero.
    function xDomainMessageSender() external view returns (address);

    /// @notice Nonce of the next message: `(1 << 240) | counter`.
    /// @return The nonce, with `MESSAGE_VERSION` in its top 16 bits.
    function messageNonce() external view returns (uint256);

    /// @notice Whether this messenger sent the message.
    /// @param messageHash The message hash.
    /// @return True from the transaction that sent it on.
    function sentMessages(bytes32 messageHash) external view returns (bool);

    /// @notice Whether the message was delivered here.
    /// @param messageHash The message hash.
    /// @return True for ever once it is true; also while the target is being called.
    function successfulMessages(bytes32 messageHash) external view returns (bool);

    /// @notice Whether the message was tried here, failed, and has not been delivered since.
    /// @param messageHash The message hash.
    /// @return True until the message is delivered.
    function failedMessages(bytes32 messageHash) external view returns (bool);

    /// @notice Whether delivery of the message was ever tried here, whatever came of it.
    /// @param messageHash The message hash.
    /// @return True for ever once it is true.
    function relayedMessages(bytes32 messageHash) external view returns (bool);

    /// @notice All that is recorded of the message's delivery here.
    /// @param messageHash The message hash.
    /// @return The record; all zero if delivery was never tried.
    function delivery(bytes32 messageHash) external view returns (Delivery memory);

    /// @notice What the passer records of an L2-to-L1 message:
    /// `keccak256(abi.encode(messageHash, l2Messenger, l2ChainId, l1ChainId, l1Messenger))`.
    /// @param messageHash The message hash.
    /// @return The key, under which the passer records the message.
    function messageKey(bytes32 messageHash) external view returns (bytes32);

    /// @notice Gas limit of a transaction on L2 that delivers a message there, so that its target gets `minGasLimit`
    /// and the outcome is recorded whatever the target does. On L1 the proof comes on top: the L2
    /// messenger keeps 1,000,000 gas for it when sending, below the most gas a transaction can have.
    /// @param message Calldata of the call.
    /// @param minGasLimit Gas the target gets at least.
    /// @return Gas.
    function baseGas(bytes calldata message, uint32 minGasLimit) external pure returns (uint64);

    /// @notice The messenger at the other end of the lane.
    /// @return Address on the other chain.
    function otherMessenger() external view returns (address);

    /// @notice Chain id of the lane's L1.
    /// @return The chain id, on either chain.
    function l1ChainId() external view returns (uint256);
    /// @notice Chain id of the lane's L2.
    /// @return The chain id, on either chain.
    function l2ChainId() external view returns (uint256);

    /// @notice Whether messages of the lane may carry ETH.
    /// @return False where `sendMessage` refuses value.
    function valueEnabled() external view returns (bool);

    /// @notice Version of the message hash, in the top 16 bits of a nonce.
    /// @return 1.
    function MESSAGE_VERSION() external view returns (uint16);

    /// @notice Most bytes of data in a message.
    /// @return Bytes.
    function MAX_DATA_LENGTH() external view returns (uint256);
}
