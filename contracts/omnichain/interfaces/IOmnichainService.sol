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

    /// @notice Thrown when a message has more bytes than a proof leaves room for.
    /// @param length Bytes of its `messageData`.
    /// @param maximum `MAX_MESSAGE_LENGTH`.
    error OmnichainService_MessageTooLong(uint256 length, uint256 maximum);

    /// @notice Thrown when a message asks for more gas than the transaction that delivers it has for its target.
    /// @param gasLimit The message's.
    /// @param maximum `MAX_GAS_LIMIT`.
    error OmnichainService_GasLimitTooHigh(uint256 gasLimit, uint256 maximum);

    /// @notice Thrown when a message asks for a target on the relay chain, and the relay chain is where it comes from or
    /// goes to; or when it has had that target already.
    /// @param toChain Chain id of its destination.
    error OmnichainService_NoRelayBetween(uint256 toChain);

    /// @notice Thrown when a message is sent to a service. Where one arrives nevertheless, it is the reason of a failure.
    /// @param target The target.
    error OmnichainService_TargetRefused(address target);

    /// @notice Thrown when a log is of another contract than the chain's service.
    /// @param expected The chain's service.
    /// @param actual The contract.
    error OmnichainService_WrongEmitter(address expected, address actual);

    /// @notice Thrown when a log is not the encoding of a `mapMessageOut` whose sender has 20 bytes.
    error OmnichainService_NotAMessage();

    /// @notice Thrown when a chain's service speaks for another chain.
    /// @param expected Chain id of the chain.
    /// @param actual Chain id that the log names as the message's source.
    error OmnichainService_WrongSource(uint256 expected, uint256 actual);

    /// @notice Thrown when a message is not for this chain, or goes back to where it was sent.
    /// @param toChain Chain id of its destination.
    error OmnichainService_WrongDestination(uint256 toChain);

    /// @notice Thrown when a message is for another service than the one of its destination.
    /// @param expected The destination's service.
    /// @param actual The one that the envelope names.
    error OmnichainService_WrongDestinationService(address expected, address actual);

    /// @notice Thrown when an envelope's version is not one of those that come from where it comes from.
    /// @param version The version.
    error OmnichainService_VersionRefused(uint256 version);

    /// @notice Thrown when an order id is not that of the message it stands with.
    /// @param expected The message's.
    /// @param actual The one in the log.
    error OmnichainService_WrongOrderId(bytes32 expected, bytes32 actual);

    /// @notice Thrown when a message is proven that was attempted before. One that failed is tried again by
    /// `retryMessageIn`.
    /// @param fromChain Chain id of the chain where it was sent.
    /// @param orderId Its order id.
    error OmnichainService_AlreadyAttempted(uint256 fromChain, bytes32 orderId);

    /// @notice Thrown when a receipt holds no message for here that has not been attempted.
    error OmnichainService_NothingToDeliver();

    /// @notice Thrown when a message is tried again that has not failed.
    /// @param fromChain Chain id of the chain where it was sent.
    /// @param orderId Its order id.
    error OmnichainService_NotFailed(uint256 fromChain, bytes32 orderId);

    /// @notice Thrown when a message is tried again with another destination, sender or envelope than it failed with.
    /// @param expected What is remembered of it: `keccak256(abi.encode(toChain, fromAddress, callData))`.
    /// @param actual The same of what was given.
    error OmnichainService_RouteMismatch(bytes32 expected, bytes32 actual);

    /// @notice Thrown when the gas left cannot keep the message's promise to its target. Nothing is consumed: deliver
    /// again with more gas.
    /// @param gasLeft Gas left after the attempt was given up.
    /// @param gasLimit Gas the target is promised.
    error OmnichainService_InsufficientGas(uint256 gasLeft, uint256 gasLimit);

    /// @notice Thrown at deployment when the relay chain is this one, or zero.
    /// @param relayChainId Its chain id.
    error OmnichainService_WrongRelayChain(uint256 relayChainId);

    /// @notice Thrown when a remote caller is not 20 bytes.
    /// @param length How many it is.
    error OmnichainService_NotAnAddress(uint256 length);

    /// @notice The reason of a failure: the target has not allowed the sender.
    /// @param target The target.
    /// @param fromChain Chain id of the chain where the message was sent.
    /// @param sender Who sent it.
    error OmnichainService_CallerNotAllowed(address target, uint256 fromChain, address sender);

    /// @notice The reason of a failure: the target has no code, so that it would have taken anything.
    /// @param target The target.
    error OmnichainService_TargetHasNoCode(address target);

    /// @notice Sends a message. Anyone. Reverts with `ChainRegistry_UnknownChain` - this chain is none - and with errors
    /// of this interface, `MessageDataCodec` and `IFeeTable`.
    ///
    /// All of a transaction's logs are part of each proof: what emits so much beside the message that its receipt and the
    /// block's header do not fit into a transaction (nodes take 131,072 bytes) cannot be delivered.
    /// @param toChain Chain id of the destination.
    /// @param messageData `abi.encode` of a {MessageData}.
    /// @param feeToken Token to pay the fee with, zero for the chain's own, which goes along with the call: what is too
    /// much comes back. A token is taken from the caller, who must have approved it.
    /// @return orderId The message's order id.
    function transferOut(uint256 toChain, bytes calldata messageData, address feeToken)
        external
        payable
        returns (bytes32 orderId);

    /// @notice Delivers what a receipt holds for here: each message of it that has not been attempted. Each target gets
    /// exactly its gas limit. Reverts for all where one cannot be attempted, and where there is none: what holds one
    /// message up does not hold up the others in `transferInWithIndex`.
    /// @dev Reverts with errors of this interface, `ChainRegistry_UnknownChain`, `ChainRegistry_NotRead`,
    /// `LightClient_Frozen`, `LightClient_UnknownBlock` and `LightClient_HeaderMismatch`, `ReentrancyGuardReentrantCall`,
    /// and of `ReceiptProof`, `BlockHeader`, `MerkleTrie`, `RLP`, `EnvelopeCodec` and `MessageDataCodec`.
    /// @param chainId Chain id of the chain whose receipt it is.
    /// @param proof See {ReceiptProof}.
    function transferIn(uint256 chainId, bytes calldata proof) external;

    /// @notice Delivers the message of one log. The target gets exactly its gas limit: the fee pays for no more. Reverts
    /// as `transferIn` does.
    /// @param chainId Chain id of the chain whose receipt it is.
    /// @param logIndex Position of the log in its receipt, from 0.
    /// @param proof See {ReceiptProof}.
    function transferInWithIndex(uint256 chainId, uint256 logIndex, bytes calldata proof) external;

    /// @notice Tries a message again whose target has failed here. Anyone, for ever; on the relay chain, what the target
    /// returns goes on as it would have. The target gets all the gas there is, and its gas limit at least. Reverts with
    /// `OmnichainService_NotFailed`, `OmnichainService_RouteMismatch`, `OmnichainService_InsufficientGas` and
    /// `ReentrancyGuardReentrantCall`.
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
    /// Reverts with `OmnichainService_NotAnAddress`.
    ///
    /// A target of messages of type `Calldata` does not learn who sent them: whom it allows may call all of it.
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

    /// @notice What a message costs. Reverts with `FeeTable_NotPriced`.
    /// @param toChain Chain id of the destination.
    /// @param feeToken Token to pay with, zero for the chain's own.
    /// @param gasLimit The message's gas limit.
    /// @return amount In the token's smallest unit.
    /// @return receiver Who gets it.
    function getMessageFee(uint256 toChain, address feeToken, uint256 gasLimit)
        external
        view
        returns (uint256 amount, address receiver);

    /// @notice What is known of an order here. Reverts with `ChainRegistry_NotRead`.
    /// @param chainId Chain id of the chain where it was sent.
    /// @param blockNumber Number of the block that holds the log to prove here: on the relay chain, a block of the chain
    /// where it was sent; elsewhere, one of the relay chain.
    /// @param orderId Its order id.
    /// @return exists Whether it was attempted here, or sent on.
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

    /// @notice The chain over which all messages go that neither come from it nor end there.
    /// @return Its chain id.
    function relayChainId() external view returns (uint256);

    /// @notice How many messages were sent from here: the next one's nonce.
    /// @return Counts from zero.
    function messageNonce() external view returns (uint256);

    /// @notice Longest `messageData`.
    /// @return Bytes.
    function MAX_MESSAGE_LENGTH() external view returns (uint256);

    /// @notice Highest gas limit of a message.
    /// @return Gas.
    function MAX_GAS_LIMIT() external view returns (uint256);
}
