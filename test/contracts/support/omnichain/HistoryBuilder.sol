// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

import {TrieBuilder} from "../TrieBuilder.sol";

/// @notice Builds the state of a chain that has EIP-2935's contract, and proofs of its slots.
library HistoryBuilder {
    address internal constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// @notice A state in which the contract's slot has a block's hash, and the packed nodes that prove it.
    /// @param account The contract's address.
    function prove(address account, uint256 slot, bytes32 blockHash)
        internal
        pure
        returns (bytes32 stateRoot, bytes memory nodes)
    {
        TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](20);
        entries[0] = TrieBuilder.hashedEntry(abi.encode(slot), RLPEncoder.encode(blockHash));
        for (uint256 i = 1; i < entries.length; ++i) {
            entries[i] = TrieBuilder.hashedEntry(abi.encode(slot + i), RLPEncoder.encode(keccak256(abi.encode(i))));
        }
        TrieBuilder.Proof memory storageProof =
            TrieBuilder.prove(entries, abi.encodePacked(keccak256(abi.encode(slot))));

        for (uint256 i = 1; i < entries.length; ++i) {
            entries[i] = TrieBuilder.hashedEntry(abi.encodePacked(address(uint160(i))), _account(keccak256(hex"80")));
        }
        entries[0] = TrieBuilder.hashedEntry(abi.encodePacked(account), _account(storageProof.root));
        TrieBuilder.Proof memory accountProof =
            TrieBuilder.prove(entries, abi.encodePacked(keccak256(abi.encodePacked(account))));
        stateRoot = accountProof.root;
        nodes = bytes.concat(TrieBuilder.pack(accountProof.nodes), TrieBuilder.pack(storageProof.nodes));
    }

    function _account(bytes32 storageRoot) private pure returns (bytes memory) {
        bytes[] memory fields = new bytes[](4);
        (fields[0], fields[1]) = (hex"01", hex"80");
        (fields[2], fields[3]) = (RLPEncoder.encode(storageRoot), RLPEncoder.encode(keccak256("code")));
        return RLPEncoder.encode(fields);
    }
}
