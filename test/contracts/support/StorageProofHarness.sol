// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {StorageProof} from "xdm/contracts/libraries/StorageProof.sol";

/// @notice The reader of storage proofs behind a call, so that proofs are calldata and errors can be expected.
contract StorageProofHarness {
    function read(bytes calldata nodes, address account, bytes32 slot)
        external
        pure
        returns (bytes32 stateRoot, uint256 value)
    {
        return StorageProof.read(nodes, account, slot);
    }
}
