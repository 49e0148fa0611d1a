// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Message} from "../types/Message.sol";
import {MessageProof} from "../types/MessageProof.sol";
import {ICrossDomainMessenger} from "./ICrossDomainMessenger.sol";

/// @title L1 cross-domain messenger
/// @notice Sends by enqueueing; accepts only messages that are proven to stand in L2's state. Holds all ETH that is on
/// L2.
///
/// A message from L2 is relayed in one of three ways, which share all that is recorded of it: alone with a proof of its
/// own, or, once anyone has proven the root of a message tree that holds it, alone by its path or in a batch.
interface IL1CrossDomainMessenger is ICrossDomainMessenger {
    /// @notice The guardian was changed.
    /// @param previousGuardian Until now; zero at deployment.
    /// @param newGuardian From now on.
    event GuardianChanged(address indexed previousGuardian, address indexed newGuardian);

    /// @notice A root of the message tree was proven: from now on its messages are relayed by their paths.
    /// @param count Number of leaves of the tree.
    /// @param root Its root.
    event MessageRootProven(uint256 indexed count, bytes32 root);

    /// @notice The gas left could not keep the promise to the next message of a batch. It was not touched, nor any
    /// behind it: relay them again.
    /// @param done Messages of the batch before it: delivered now or earlier, or failed.
    /// @param length Messages of the batch.
    event BatchStopped(uint256 done, uint256 length);

    /// @notice Thrown when anyone but the guardian pauses.
    /// @param caller Account that called.
    error L1CrossDomainMessenger_NotGuardian(address caller);

    /// @notice Thrown when the guardian would be the zero address, which could never pause.
    error L1CrossDomainMessenger_ZeroGuardian();

    /// @notice Thrown when the passer's slot for the message holds something else than `true`.
    /// @param messageHash The message hash.
    /// @param slotValue What the slot holds instead of 1.
    error L1CrossDomainMessenger_MessageNotPassed(bytes32 messageHash, uint256 slotValue);

    /// @notice Thrown when the passer has not committed to a tree as it is given.
    /// @param count Number of leaves of the tree.
    /// @param stored What the passer's slot holds.
    /// @param given The commitment that follows from the count and the peaks given.
    error L1CrossDomainMessenger_TreeMismatch(uint256 count, bytes32 stored, bytes32 given);

    /// @notice Thrown when messages are relayed by a tree whose root was not proven here.
    /// @param count Number of leaves of the tree.
    error L1CrossDomainMessenger_MessageRootNotProven(uint256 count);

    /// @notice Thrown when a path, or the siblings of a batch, do not lead from the messages to the tree's root.
    /// @param count Number of leaves of the tree.
    /// @param proven The tree's root.
    /// @param computed The root they lead to.
    error L1CrossDomainMessenger_MessageRootMismatch(uint256 count, bytes32 proven, bytes32 computed);

    /// @notice Thrown when a batch has no message.
    error L1CrossDomainMessenger_EmptyBatch();

    /// @notice Thrown when a message is replayed that this messenger never sent.
    /// @param messageHash The message hash.
    error L1CrossDomainMessenger_MessageNotSent(bytes32 messageHash);

    /// @notice Thrown when a replay's gas limit is below what delivering the message takes.
    /// @param gasLimit The replay's, gas on L2.
    /// @param minimum `baseGas` of the message.
    error L1CrossDomainMessenger_ReplayGasTooLow(uint256 gasLimit, uint256 minimum);

    /// @notice Delivers a message from L2 that the proof shows to be passed, in a state root whose fraud-proof window
    /// has passed. Anyone may call it; the target gets all the gas that is left, at least the message's gas limit.
    ///
    /// Reverts when paused, when the target is refused, when the message was delivered before, when the proof does not
    /// hold, or when the gas left cannot keep the promise. A target that reverts does not make it revert: the failure
    /// is recorded, and the message can be relayed again with a proof.
    ///
    /// Beside the errors of the messenger interfaces it reverts with those of what it is built from:
    /// - OpenZeppelin: `EnforcedPause` when paused, `ReentrancyGuardReentrantCall` when a target relays.
    /// - The proof's nodes: `RLP_OutOfBounds`, `RLP_NotCanonical`, `RLP_UnexpectedType`; `MerkleTrie_NodeMismatch`,
    ///   `MerkleTrie_ProofTooShort`, `MerkleTrie_KeyNotFound` (the passer has not recorded the message under this state
    ///   root), `MerkleTrie_MalformedNode`; `StorageProof_TrailingBytes`, `StorageProof_MalformedValue`.
    /// - The state root's place in its batch: `StateBatchTree_SizeOutOfBounds`, `StateBatchTree_IndexOutOfBounds`,
    ///   `StateBatchTree_PathLength`.
    /// - The batch: `ChainStorageContainer_IndexOutOfBounds` when none is stored at its index,
    ///   `StateCommitmentChain_BatchMismatch` when another one is, `StateCommitmentChain_InsideFraudProofWindow` when
    ///   its window is still open.
    /// @param message The message, as it was sent on L2.
    /// @param proof That the passer recorded it.
    /// @return success Whether the target was called and did not revert.
    function relayMessage(Message calldata message, MessageProof calldata proof) external returns (bool success);

    /// @notice Proves the root of the message tree as it was after `count` messages, in a state root whose fraud-proof
    /// window has passed. Anyone may call it. Where the root was proven before, it returns that and looks at nothing else.
    ///
    /// Reverts when paused and when the proof does not hold, with `MessageTree_CountOutOfBounds` when the count is zero or
    /// above 2^64 - 1, with `MessageTree_PeakCount` when there are not as many peaks as set bits in it, and for the rest
    /// with the errors of `relayMessage`.
    /// @param count Messages sent from L2 when the tree had this root.
    /// @param peaks Roots of the tree's complete subtrees, from the left: `IL2ToL1MessagePasser.treePeaks` at that time.
    /// @param proof Of the passer's commitment to this tree, in storage slot 2 plus the place of the lowest set bit of
    /// the count; it stands there until the next count with the same lowest bit.
    /// @return root The tree's root, never zero.
    function proveMessageRoot(uint256 count, bytes32[] calldata peaks, MessageProof calldata proof)
        external
        returns (bytes32 root);

    /// @notice Delivers a message from L2 by its path in a tree whose root was proven. For the rest as `relayMessage`
    /// does: the target gets all the gas that is left, a failure is recorded, and the same errors are thrown but those of
    /// the proof, in place of which there are `L1CrossDomainMessenger_MessageRootNotProven`,
    /// `L1CrossDomainMessenger_MessageRootMismatch`, `MessageTree_IndexOutOfBounds` when the tree is too small to hold the
    /// message, and `MessageTree_SiblingCount`.
    /// @param message The message, as it was sent on L2. The counter of its nonce is its index in the tree.
    /// @param count Number of leaves of the tree.
    /// @param siblings The path, from the leaf upwards. There is none on a level where the node on the way is the last one
    /// and a left one.
    /// @return success Whether the target was called and did not revert.
    function relayMessageByPath(Message calldata message, uint256 count, bytes32[] calldata siblings)
        external
        returns (bool success);

    /// @notice Delivers messages from L2 one after the other, by one proof in a tree whose root was proven. Anyone may call
    /// it. Each target gets exactly its message's gas limit (and what the EVM adds to any call with value, 2,300).
    ///
    /// A message that was delivered before is skipped. One that fails is recorded as failed, and so is one whose target
    /// is refused. When the gas left cannot keep the promise to the next one, the batch ends there with `BatchStopped`,
    /// and what it did stands; it reverts if it could start none. A pause takes effect after it.
    ///
    /// Its errors are those of `relayMessageByPath`, but for `CrossDomainMessenger_AlreadyRelayed` and
    /// `CrossDomainMessenger_TargetRefused`; besides, `L1CrossDomainMessenger_EmptyBatch` and
    /// `MessageTree_IndicesNotAscending`.
    /// @param messages The messages, as they were sent on L2, with strictly ascending nonces.
    /// @param count Number of leaves of the tree.
    /// @param siblings Those on the messages' paths that do not follow from the messages: level by level upwards, each
    /// level from the left.
    /// @return done Messages that are done with, from the first: delivered now or earlier, or failed.
    function relayMessages(Message[] calldata messages, uint256 count, bytes32[] calldata siblings)
        external
        returns (uint256 done);

    /// @notice The root of the message tree after `count` messages.
    /// @param count Number of leaves of the tree.
    /// @return root Zero if it was not proven.
    function messageRoots(uint256 count) external view returns (bytes32 root);

    /// @notice Enqueues a message again that was sent before, for an L2 that has no record of it because its delivery
    /// transaction failed. L2 ignores it where there is one. Nothing is minted: the delivery spends the value that the
    /// failed transaction left with the aliased messenger. Anyone may call it.
    /// @param message The message, as it was sent on L1.
    /// @param gasLimit Gas limit of the new delivery transaction, at least `baseGas` of the message.
    function replayMessage(Message calldata message, uint64 gasLimit) external;

    /// @notice Stops relaying. Sending goes on. Only the guardian.
    function pause() external;

    /// @notice Ends a pause. Only the owner.
    function unpause() external;

    /// @notice Names another guardian. Only the owner.
    /// @param newGuardian Not zero.
    function setGuardian(address newGuardian) external;

    /// @notice The account that may pause.
    /// @return Address on L1, never zero.
    function guardian() external view returns (address);

    /// @notice The queue messages to L2 are enqueued in.
    /// @return Address on L1.
    function canonicalTransactionChain() external view returns (address);

    /// @notice Where L2's state roots are committed.
    /// @return Address on L1.
    function stateCommitmentChain() external view returns (address);

    /// @notice L2's outbox, whose storage proofs are verified against.
    /// @return Address on L2.
    function messagePasser() external view returns (address);
}
