// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP as RLPOracle} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";
import {Test} from "forge-std/Test.sol";

import {ProofMutator} from "../support/ProofMutator.sol";
import {StorageProofHarness} from "../support/StorageProofHarness.sol";
import {TrieBuilder} from "../support/TrieBuilder.sol";

/// @notice Reads a slot the plain way, with OpenZeppelin's verifier and decoder.
contract StorageOracle {
    using RLPOracle for Memory.Slice;

    function read(bytes[] memory accountProof, bytes[] memory storageProof, bytes32 root, address account, bytes32 slot)
        external
        pure
        returns (uint256 value)
    {
        bytes memory accountKey = abi.encodePacked(keccak256(abi.encodePacked(account)));
        bytes memory accountValue = TrieProof.traverse(root, accountKey, accountProof);
        Memory.Slice[] memory fields = RLPOracle.decodeList(accountValue);
        require(fields.length == 4, "fields");
        bytes memory slotKey = abi.encodePacked(keccak256(abi.encode(slot)));
        return RLPOracle.decodeUint256(TrieProof.traverse(fields[2].readBytes32(), slotKey, storageProof));
    }
}

/// @notice Holds the reader of storage proofs to an oracle on random states and on broken proofs.
contract StorageProofDifferentialTest is Test {
    struct Case {
        TrieBuilder.Proof accountProof;
        TrieBuilder.Proof storageProof;
        address account;
        bytes32 slot;
        uint256 value;
    }

    StorageProofHarness private reader;
    StorageOracle private oracle;

    function setUp() public {
        reader = new StorageProofHarness();
        oracle = new StorageOracle();
    }

    function testFuzz_ValueIsRead(uint256 seed) public view {
        Case memory c = _random(seed);
        bytes memory nodes = _join(c.accountProof.nodes, c.storageProof.nodes);
        (bytes32 root, uint256 value) = reader.read(nodes, c.account, c.slot);
        assertEq(root, c.accountProof.root);
        assertEq(value, c.value);
        assertEq(oracle.read(c.accountProof.nodes, c.storageProof.nodes, root, c.account, c.slot), c.value);
    }

    function testFuzz_BrokenAccountProofIsAcceptedByNeither(uint256 seed, uint256 mutationSeed) public view {
        Case memory c = _random(seed);
        for (uint256 way = 0; way < ProofMutator.WAYS; ++way) {
            bytes[] memory nodes = ProofMutator.mutate(c.accountProof.nodes, ProofMutator.Way(way), mutationSeed);
            _assertRejected(c, nodes, c.storageProof.nodes);
        }
    }

    function testFuzz_BrokenStorageProofIsAcceptedByNeither(uint256 seed, uint256 mutationSeed) public view {
        Case memory c = _random(seed);
        for (uint256 way = 0; way < ProofMutator.WAYS; ++way) {
            bytes[] memory nodes = ProofMutator.mutate(c.storageProof.nodes, ProofMutator.Way(way), mutationSeed);
            _assertRejected(c, c.accountProof.nodes, nodes);
        }
    }

    /// @dev Ours also refuses what no state holds and the oracle overlooks, such as numbers with leading zeros, so only
    /// what ours accepts is compared.
    function testFuzz_WhatIsAcceptedIsWhatTheOracleReads(uint256 seed, uint256 mutationSeed) public view {
        Case memory c = _random(seed);
        for (uint256 i = 0; i < 4; ++i) {
            mutationSeed = uint256(keccak256(abi.encode(mutationSeed)));
            bytes[] memory storageNodes = c.storageProof.nodes;
            bytes[] memory accountNodes = c.accountProof.nodes;
            bytes32 root = c.accountProof.root;
            if (i % 2 == 0) (accountNodes, root) = _rewritten(accountNodes, mutationSeed);
            else (storageNodes,) = _rewritten(storageNodes, mutationSeed);
            if (i % 2 == 1) (accountNodes, root) = _renamed(c, keccak256(storageNodes[0]));

            bytes memory nodes = _join(accountNodes, storageNodes);
            try reader.read(nodes, c.account, c.slot) returns (bytes32 actualRoot, uint256 value) {
                assertEq(actualRoot, root);
                assertEq(oracle.read(accountNodes, storageNodes, root, c.account, c.slot), value);
            } catch {}
        }
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    /// @dev The nodes with one changed, mostly the last, and authentic again.
    function _rewritten(bytes[] memory nodes, uint256 seed) private pure returns (bytes[] memory, bytes32) {
        uint256 place = seed % 4 == 0 ? (seed >> 8) % nodes.length : nodes.length - 1;
        return ProofMutator.replace(nodes, place, ProofMutator.changeByte(nodes[place], seed >> 16));
    }

    /// @dev The account proof for another storage root.
    function _renamed(Case memory c, bytes32 storageRoot) private pure returns (bytes[] memory, bytes32) {
        uint256 last = c.accountProof.nodes.length - 1;
        bytes memory leaf = bytes.concat(c.accountProof.nodes[last]);
        // The leaf ends with the storage root, the code hash's prefix and the code hash.
        for (uint256 i = 0; i < 32; ++i) {
            leaf[leaf.length - 65 + i] = storageRoot[i];
        }
        return ProofMutator.replace(c.accountProof.nodes, last, leaf);
    }

    function _assertRejected(Case memory c, bytes[] memory accountNodes, bytes[] memory storageNodes) private view {
        bytes32 root = c.accountProof.root;
        try reader.read(_join(accountNodes, storageNodes), c.account, c.slot) returns (bytes32 actualRoot, uint256) {
            // A broken account proof may be sound under another root, which is for the caller to refuse.
            assertNotEq(actualRoot, root, "ours");
        } catch {}
        (bool accepted,) = address(oracle)
            .staticcall(abi.encodeCall(oracle.read, (accountNodes, storageNodes, root, c.account, c.slot)));
        assertFalse(accepted, "theirs");
    }

    function _random(uint256 seed) private pure returns (Case memory c) {
        c.account = address(uint160(uint256(keccak256(abi.encode(seed, "account")))));
        c.slot = keccak256(abi.encode(seed, "slot"));
        c.value = uint256(keccak256(abi.encode(seed, "value"))) >> (seed % 255);
        if (c.value == 0) c.value = 1;

        TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](1 + (seed >> 8) % 30);
        entries[0] = TrieBuilder.hashedEntry(abi.encode(c.slot), RLPOracle.encode(c.value));
        for (uint256 i = 1; i < entries.length; ++i) {
            entries[i] = TrieBuilder.hashedEntry(abi.encode(seed, i), RLPOracle.encode(i));
        }
        c.storageProof = TrieBuilder.prove(entries, abi.encodePacked(keccak256(abi.encode(c.slot))));

        entries = new TrieBuilder.Entry[](1 + (seed >> 16) % 30);
        entries[0] = TrieBuilder.hashedEntry(abi.encodePacked(c.account), _account(seed, c.storageProof.root));
        for (uint256 i = 1; i < entries.length; ++i) {
            entries[i] = TrieBuilder.hashedEntry(abi.encode(seed, i), _account(i, keccak256(hex"80")));
        }
        c.accountProof = TrieBuilder.prove(entries, abi.encodePacked(keccak256(abi.encodePacked(c.account))));
    }

    function _account(uint256 seed, bytes32 storageRoot) private pure returns (bytes memory) {
        bytes[] memory fields = new bytes[](4);
        fields[0] = RLPOracle.encode(seed % 1000);
        fields[1] = RLPOracle.encode(seed >> 160);
        fields[2] = RLPOracle.encode(storageRoot);
        fields[3] = RLPOracle.encode(keccak256(""));
        return RLPOracle.encode(fields);
    }

    function _join(bytes[] memory accountNodes, bytes[] memory storageNodes) private pure returns (bytes memory) {
        return bytes.concat(TrieBuilder.pack(accountNodes), TrieBuilder.pack(storageNodes));
    }
}
