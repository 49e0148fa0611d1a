// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Message} from "../types/Message.sol";
import {MessageProof} from "../types/MessageProof.sol";
import {ICrossDomainMessenger} from "./ICrossDomainMessenger.sol";

/// @title L1 cross-domain messenger
/// @notice Sends by enqueueing; accepts only messages that are proven to stand in L2's state. Holds all ETH that is on
/// L2.
interface IL1CrossDomainMessenger is ICrossDomainMessenger {
    /// @notice The guardian was changed.
    /// @param previousGuardian Until now; zero at deployment.
    /// @param newGuardian From now on.
    event GuardianChanged(address indexed previousGuardian, address indexed newGuardian);

    /// @notice Thrown when anyone but the guardian pauses.
    /// @param caller Account that called.
    error L1CrossDomainMessenger_NotGuardian(address caller);

    /// @notice Thrown when the guardian would be the zero address, which could never pause.
    error L1CrossDomainMessenger_ZeroGuardian();

    /// @notice Thrown when the passer's slot for the message holds something else than `true`.
    /// @param messageHash The message hash.
    /// @param slotValue What the slot holds instead of 1.
    error L1CrossDomainMessenger_MessageNotPassed(bytes32 messageHash, uint256 slotValue);

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
