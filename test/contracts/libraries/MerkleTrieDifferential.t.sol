// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP as RLPOracle} from "@openzeppelin/contracts/utils/RLP.sol";
import {Test} from "forge-std/Test.sol";

import {MerkleTrieHarness} from "../support/MerkleTrieHarness.sol";
import {ProofMutator} from "../support/ProofMutator.sol";
import {TrieBuilder} from "../support/TrieBuilder.sol";
import {TrieOracle} from "../support/TrieOracle.sol";

/// @notice Holds the verifier to OpenZeppelin's on random tries and on proofs that are broken in random ways.
contract MerkleTrieDifferentialTest is Test {
    using Memory for Memory.Slice;
    using RLPOracle for Memory.Slice;

    struct Case {
        TrieBuilder.Proof proof;
        bytes key;
        bytes value;
    }

    struct Answers {
        bool ours;
        bytes ourValue;
        bool theirs;
        bytes theirValue;
    }

    MerkleTrieHarness private trie;
    TrieOracle private oracle;

    function setUp() public {
        trie = new MerkleTrieHarness();
        oracle = new TrieOracle();
    }

    // --------------------------------------------------------------------------------------------------- valid proofs

    function testFuzz_ValueOfAHashedKeyIsFound(uint256 seed) public view {
        _assertFound(_hashedKeys(seed));
    }

    function testFuzz_ValueOfAShortKeyIsFound(uint256 seed) public view {
        Case memory c = _shortKeys(seed);
        _assertFound(c);
        c.proof.nodes = TrieBuilder.withoutInlined(c.proof.nodes);
        _assertFound(c);
    }

    function testFuzz_AnotherKeyIsNotFound(uint256 seed, bytes32 otherKey) public view {
        Case memory c = _hashedKeys(seed);
        c.key = abi.encode(otherKey);
        Answers memory answers = _ask(c.proof.nodes, c.proof.root, c.key);
        assertFalse(answers.ours);
        assertFalse(answers.theirs);
    }

    // ------------------------------------------------------------------------------------------------- broken proofs

    function testFuzz_BrokenProofIsAcceptedByNeither(uint256 seed, uint256 mutationSeed) public view {
        Case memory c = _hashedKeys(seed);
        for (uint256 way = 0; way < ProofMutator.WAYS; ++way) {
            // A single node has none to be swapped with; it gets a byte changed.
            bytes[] memory nodes = ProofMutator.mutate(c.proof.nodes, ProofMutator.Way(way), mutationSeed);
            Answers memory answers = _ask(nodes, c.proof.root, c.key);
            assertFalse(answers.ours, "ours");
            assertFalse(answers.theirs, "theirs");
        }
    }

    /// @dev Dropping a repeated inlined node leaves a valid proof, so some of these are accepted, by both.
    function testFuzz_BrokenProofOfAShortKeyIsAcceptedByBothOrNeither(uint256 seed, uint256 mutationSeed) public view {
        Case memory c = _shortKeys(seed);
        for (uint256 way = 0; way < ProofMutator.WAYS; ++way) {
            bytes[] memory nodes = ProofMutator.mutate(c.proof.nodes, ProofMutator.Way(way), mutationSeed);
            Answers memory answers = _ask(nodes, c.proof.root, c.key);
            if (answers.theirs) assertTrue(answers.ours, "refused what the oracle accepts");
            if (answers.ours && !answers.theirs) assertTrue(_leavesOutInlined(nodes, c.proof.nodes), "accepted");
            if (answers.ours) assertEq(answers.ourValue, c.value);
        }
    }

    // -------------------------------------------------------------------------------------------- authentic and wrong

    function testFuzz_MalformedNodeOfHashedKeysIsReadAlike(uint256 seed, uint256 mutationSeed) public view {
        Case memory c = _hashedKeys(seed);
        _assertMalformedAlike(c, mutationSeed);
    }

    function testFuzz_MalformedNodeOfShortKeysIsReadAlike(uint256 seed, uint256 mutationSeed) public view {
        Case memory c = _shortKeys(seed);
        _assertMalformedAlike(c, mutationSeed);
    }

    function _assertMalformedAlike(Case memory c, uint256 seed) private view {
        for (uint256 i = 0; i < 6; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 place = seed % c.proof.nodes.length;
            bytes memory node = c.proof.nodes[place];
            // A node that stands in its parent must keep its length, or the parent's header would be wrong.
            bool keepsLength = node.length < 32 || i % 3 != 0;
            bytes memory broken = keepsLength ? ProofMutator.changeByte(node, seed) : ProofMutator.resize(node, seed);
            if (!keepsLength && i == 3) broken = _withRightHeader(broken);
            if (broken.length == 0) continue;

            (bytes[] memory nodes, bytes32 root) = ProofMutator.replace(c.proof.nodes, place, broken);
            Answers memory answers = _ask(nodes, root, c.key);
            if (answers.ours) {
                assertTrue(answers.theirs, "accepted what the oracle rejects");
                assertEq(answers.ourValue, answers.theirValue);
            } else if (answers.theirs) {
                // What only the oracle accepts, though no trie has it.
                assertTrue(_hasPaddedPath(broken) || _hasListOf32Bytes(broken), "refused what the oracle accepts");
            }
        }
    }

    /// @dev The node's payload under a header of its new length: without it hardly any would be read at all.
    function _withRightHeader(bytes memory node) private pure returns (bytes memory) {
        uint256 header = node[0] == 0xf9 ? 3 : node[0] == 0xf8 ? 2 : 1;
        if (node.length < header) return node;
        bytes[] memory payload = new bytes[](1);
        payload[0] = new bytes(node.length - header);
        for (uint256 i = 0; i < payload[0].length; ++i) {
            payload[0][i] = node[header + i];
        }
        return RLPOracle.encode(payload);
    }

    /// @dev Whether the node, a leaf or an extension, has a path of even length whose padding is not zero.
    function _hasPaddedPath(bytes memory node) private pure returns (bool) {
        Memory.Slice[] memory items = RLPOracle.decodeList(node);
        if (items.length != 2) return false;
        bytes1 prefix = bytes1(items[0].readBytes());
        return prefix & 0x10 == 0 && prefix & 0x0f != 0;
    }

    /// @dev Whether a list of 32 bytes is among the items: the oracle takes those bytes for a hash.
    function _hasListOf32Bytes(bytes memory node) private pure returns (bool) {
        Memory.Slice[] memory items = RLPOracle.decodeList(node);
        for (uint256 i = 0; i < items.length; ++i) {
            if (items[i].length() == 32 && bytes1(items[i].load(0)) == 0xdf) return true;
        }
        return false;
    }

    // ---------------------------------------------------------------------------------------------------- the tries

    /// @dev A random trie of hashed keys, as account and storage tries are, and a proof of one of them.
    function _hashedKeys(uint256 seed) private pure returns (Case memory c) {
        uint256 count = 1 + seed % 40;
        TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](count);
        for (uint256 i = 0; i < count; ++i) {
            entries[i] = TrieBuilder.hashedEntry(abi.encode(seed, i), _value(seed, i, 70));
        }
        uint256 chosen = (seed >> 128) % count;
        c.key = abi.encodePacked(keccak256(abi.encode(seed, chosen)));
        c.value = entries[chosen].value;
        c.proof = TrieBuilder.prove(entries, c.key);
    }

    /// @dev A random trie of keys of one to three bytes and of short values: keys that begin with other keys, values in
    /// branches, nodes in their parents.
    function _shortKeys(uint256 seed) private pure returns (Case memory c) {
        uint256 count = 1 + seed % 12;
        TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](count);
        bytes[] memory keys = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            bytes32 random = keccak256(abi.encode(seed, i, "key"));
            // The place of an entry is part of its key, so that all keys differ; few nibbles are used, so they meet.
            keys[i] = abi.encodePacked(uint8(i % 4) * 0x11);
            if (i > 3) keys[i] = abi.encodePacked(keys[i], uint8(i / 4));
            if (i > 7) keys[i] = abi.encodePacked(keys[i], random[0] & 0x11);
            entries[i] = TrieBuilder.entry(keys[i], _value(seed, i, random[1] < 0x80 ? 4 : 40));
        }
        uint256 chosen = (seed >> 128) % count;
        c.key = keys[chosen];
        c.value = entries[chosen].value;
        c.proof = TrieBuilder.prove(entries, c.key);
    }

    /// @dev One byte at least: tries do not store empty values.
    function _value(uint256 seed, uint256 i, uint256 longest) private pure returns (bytes memory value) {
        uint256 random = uint256(keccak256(abi.encode(seed, i, "value")));
        value = new bytes(1 + random % longest);
        for (uint256 j = 0; j < value.length; ++j) {
            value[j] = bytes1(uint8(random >> (8 * (j % 32))));
        }
    }

    // ------------------------------------------------------------------------------------------------------ helpers

    function _assertFound(Case memory c) private view {
        Answers memory answers = _ask(c.proof.nodes, c.proof.root, c.key);
        assertTrue(answers.ours, "ours");
        assertTrue(answers.theirs, "theirs");
        assertEq(answers.ourValue, c.value);
        assertEq(answers.theirValue, c.value);
    }

    /// @dev Whether the nodes, packed, are the whole proof without some of the nodes that their parents hold. These are no
    /// part of it for those clients that leave them out; ours takes any of them or none. As an inlined node is the end of
    /// its parent, a parent that is cut is such a proof, too.
    function _leavesOutInlined(bytes[] memory nodes, bytes[] memory whole) private pure returns (bool) {
        bytes32 packed = keccak256(TrieBuilder.pack(nodes));
        for (uint256 kept = 0; kept < 1 << whole.length; ++kept) {
            bytes memory left;
            for (uint256 i = 0; i < whole.length; ++i) {
                bool isHashed = i == 0 || whole[i].length >= 32;
                if (isHashed || (kept >> i) & 1 == 1) left = bytes.concat(left, whole[i]);
            }
            if (keccak256(left) == packed) return true;
        }
        return false;
    }

    /// @dev Ours leaves bytes after the proof to its caller; here they count as rejected.
    function _ask(bytes[] memory nodes, bytes32 root, bytes memory key) private view returns (Answers memory answers) {
        try trie.get(TrieBuilder.pack(nodes), root, bytes32(key), 2 * key.length) returns (
            bytes memory value, bytes memory rest
        ) {
            (answers.ours, answers.ourValue) = (rest.length == 0, value);
        } catch {}
        try oracle.get(nodes, root, key) returns (bytes memory value) {
            (answers.theirs, answers.theirValue) = (true, value);
        } catch {}
    }
}
