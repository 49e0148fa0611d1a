// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {StateRootProof} from "./StateBatch.sol";

/// @notice Shows what a slot of the passer holds under a committed L2 state root: a message's, or one of the message
/// tree's commitments.
struct MessageProof {
    /// @dev The state root's place in the state-commitment chain. The root itself is the hash of the first node.
    StateRootProof stateRootProof;
    /// @dev The RLP nodes of the passer's account proof, from the root down, then those of the slot's storage proof, each right after the one before, as `eth_getProof` gives them.
    bytes nodes;
}
