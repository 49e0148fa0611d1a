// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MerkleTrie} from "./MerkleTrie.sol";
import {RLP} from "./RLP.sol";

/// @title Storage proof
/// @notice Reads a storage slot of an account out of the packed nodes of an `eth_getProof` answer.
library StorageProof {
    using MerkleTrie for bytes;
    using RLP for bytes;

    /// @notice Thrown when bytes follow the last node of the proof.
    error StorageProof_TrailingBytes(uint256 length);

    /// @notice Thrown when the account's or the slot's value is not what a state trie holds.
    error StorageProof_MalformedValue();

    /// @notice The slot's value, and the state root under which it has it.
    /// @dev The state root is whatever the first node hashes to: the caller must check that it is one to trust.
    /// @param nodes Nodes of the account proof, then those of the storage proof.
    /// @param account The account that holds the slot.
    /// @param slot The storage slot.
    function read(bytes calldata nodes, address account, bytes32 slot)
        internal
        pure
        returns (bytes32 stateRoot, uint256 value)
    {
        (, uint256 endOfRoot) = nodes.list(0);
        stateRoot = nodes.hash(0, endOfRoot);

        (bytes calldata accountValue, bytes calldata storageNodes) =
            nodes.get(stateRoot, keccak256(abi.encodePacked(account)), MerkleTrie.HASHED_KEY_NIBBLES);
        (bytes calldata slotValue, bytes calldata rest) = storageNodes.get(
            _storageRoot(accountValue), keccak256(abi.encodePacked(slot)), MerkleTrie.HASHED_KEY_NIBBLES
        );
        if (rest.length != 0) revert StorageProof_TrailingBytes(rest.length);
        value = _toUint(slotValue);
    }

    /// @dev An account is the list [nonce, balance, storageRoot, codeHash].
    function _storageRoot(bytes calldata accountValue) private pure returns (bytes32) {
        (uint256 offset, uint256 end) = accountValue.list(0);
        (, offset) = accountValue.string_(offset);
        (, offset) = accountValue.string_(offset);
        // Two hashes remain, of 33 bytes each.
        if (accountValue.byteAt(offset) != 0xa0 || accountValue.byteAt(offset + 33) != 0xa0 || offset + 66 != end) {
            revert StorageProof_MalformedValue();
        }
        if (end != accountValue.length) revert StorageProof_TrailingBytes(accountValue.length - end);
        return accountValue.wordAt(offset + 1);
    }

    /// @dev A slot's value is the RLP of the number without leading zeros; zero is not stored.
    function _toUint(bytes calldata slotValue) private pure returns (uint256) {
        (uint256 start, uint256 end) = slotValue.string_(0);
        uint256 length = end - start;
        if (end != slotValue.length || length == 0 || length > 32 || slotValue.byteAt(start) == 0) {
            revert StorageProof_MalformedValue();
        }
        return uint256(slotValue.wordAt(start)) >> (256 - 8 * length);
    }
}
