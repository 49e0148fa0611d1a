// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice The two ends of a lane. Both messengers are deployed with the same values and keep them for ever.
struct Lane {
    uint256 l1ChainId;
    uint256 l2ChainId;
    address l1Messenger;
    address l2Messenger;
    /// @dev L1: the queue of L1-to-L2 transactions.
    address canonicalTransactionChain;
    /// @dev L1: the commitments to L2's state roots.
    address stateCommitmentChain;
    /// @dev L1: the container that holds the hashes of the state batches.
    address batches;
    /// @dev L2: the outbox whose storage L1 verifies.
    address messagePasser;
    /// @dev Whether messages may carry ETH. False where L2's genesis supply is not covered by the vault on L1.
    bool valueEnabled;
}
