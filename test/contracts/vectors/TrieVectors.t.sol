// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleTrieHarness} from "../support/MerkleTrieHarness.sol";
import {TrieBuilder} from "../support/TrieBuilder.sol";
import {VectorTest} from "../support/VectorTest.sol";

/// @notice Ethereum's official trie tests: the builder that other tests rest on finds their roots, and the verifier
/// finds every value under them.
contract TrieVectorsTest is VectorTest {
    MerkleTrieHarness private trie;

    function setUp() public {
        trie = new MerkleTrieHarness();
    }

    function test_KeysInAnyOrder() public {
        assertEq(_checkObjects("trie/ethereum-tests/TrieTests_trieanyorder.json", false, 7), 17);
    }

    function test_HashedKeysInAnyOrder() public {
        assertEq(_checkObjects("trie/ethereum-tests/TrieTests_trieanyorder_secureTrie.json", true, 7), 17);
    }

    function test_Accounts() public {
        assertEq(_checkObjects("trie/ethereum-tests/TrieTests_hex_encoded_securetrie_test.json", true, 3), 12);
    }

    function test_KeysInOrder() public {
        assertEq(_checkLists("trie/ethereum-tests/TrieTests_trietest.json", false, 5), 20);
    }

    function test_HashedKeysInOrder() public {
        assertEq(_checkLists("trie/ethereum-tests/TrieTests_trietest_secureTrie.json", true, 3), 12);
    }

    /// @dev Cases whose entries are an object. Returns the number of values found.
    function _checkObjects(string memory file, bool isHashed, uint256 cases) private returns (uint256 found) {
        string memory json = _readVectors(file);
        string[] memory names = vm.parseJsonKeys(json, "$");
        assertEq(names.length, cases);
        for (uint256 i = 0; i < names.length; ++i) {
            string memory path = _member("$", names[i]);
            string[] memory keys = vm.parseJsonKeys(json, string.concat(path, ".in"));
            TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](keys.length);
            for (uint256 j = 0; j < keys.length; ++j) {
                string memory value = vm.parseJsonString(json, _member(string.concat(path, ".in"), keys[j]));
                entries[j] = TrieBuilder.entry(_key(keys[j], isHashed), _bytes(value));
            }
            found += _check(entries, vm.parseJsonBytes32(json, string.concat(path, ".root")), names[i]);
        }
    }

    /// @dev Cases whose entries are a list of steps, where no value deletes the key.
    function _checkLists(string memory file, bool isHashed, uint256 cases) private returns (uint256 found) {
        string memory json = _readVectors(file);
        string[] memory names = vm.parseJsonKeys(json, "$");
        assertEq(names.length, cases);
        for (uint256 i = 0; i < names.length; ++i) {
            string memory path = _member("$", names[i]);
            TrieBuilder.Entry[] memory entries;
            for (uint256 j = 0; vm.keyExistsJson(json, _step(path, j, "")); ++j) {
                bytes memory key = _key(vm.parseJsonString(json, _step(path, j, "[0]")), isHashed);
                entries = _without(entries, TrieBuilder.toNibbles(key));
                if (_isNull(json, _step(path, j, "[1]"))) continue;
                bytes memory value = _bytes(vm.parseJsonString(json, _step(path, j, "[1]")));
                entries = _with(entries, TrieBuilder.entry(key, value));
            }
            found += _check(entries, vm.parseJsonBytes32(json, string.concat(path, ".root")), names[i]);
        }
    }

    function _check(TrieBuilder.Entry[] memory entries, bytes32 root, string memory name)
        private
        view
        returns (uint256)
    {
        assertEq(TrieBuilder.rootOf(entries), root, name);
        for (uint256 i = 0; i < entries.length; ++i) {
            bytes memory key = _fromNibbles(entries[i].path);
            bytes[] memory nodes = TrieBuilder.prove(entries, key).nodes;
            _assertFound(TrieBuilder.pack(nodes), root, key, entries[i].value);
            _assertFound(TrieBuilder.pack(TrieBuilder.withoutInlined(nodes)), root, key, entries[i].value);
        }
        return entries.length;
    }

    function _assertFound(bytes memory proof, bytes32 root, bytes memory key, bytes memory expected) private view {
        (bytes memory value, bytes memory rest) = trie.get(proof, root, bytes32(key), 2 * key.length);
        assertEq(value, expected);
        assertEq(rest, "");
    }

    function _key(string memory key, bool isHashed) private pure returns (bytes memory) {
        return isHashed ? abi.encodePacked(keccak256(_bytes(key))) : _bytes(key);
    }

    /// @dev Hexadecimal where it starts so, and text otherwise.
    function _bytes(string memory text) private pure returns (bytes memory) {
        return vm.indexOf(text, "0x") == 0 ? vm.parseBytes(text) : bytes(text);
    }

    /// @dev The coder gives zero for null; all strings take more than a word, and no hexadecimal one here is zero.
    function _isNull(string memory json, string memory path) private pure returns (bool) {
        return keccak256(vm.parseJson(json, path)) == keccak256(abi.encode(0));
    }

    function _member(string memory path, string memory name) private pure returns (string memory) {
        return string.concat(path, "['", name, "']");
    }

    function _step(string memory path, uint256 i, string memory part) private pure returns (string memory) {
        return string.concat(path, ".in[", vm.toString(i), "]", part);
    }

    function _fromNibbles(bytes memory nibbles) private pure returns (bytes memory key) {
        key = new bytes(nibbles.length / 2);
        for (uint256 i = 0; i < key.length; ++i) {
            key[i] = nibbles[2 * i] << 4 | nibbles[2 * i + 1];
        }
    }

    function _with(TrieBuilder.Entry[] memory entries, TrieBuilder.Entry memory entry)
        private
        pure
        returns (TrieBuilder.Entry[] memory more)
    {
        more = new TrieBuilder.Entry[](entries.length + 1);
        for (uint256 i = 0; i < entries.length; ++i) {
            more[i] = entries[i];
        }
        more[entries.length] = entry;
    }

    function _without(TrieBuilder.Entry[] memory entries, bytes memory path)
        private
        pure
        returns (TrieBuilder.Entry[] memory fewer)
    {
        for (uint256 i = 0; i < entries.length; ++i) {
            if (keccak256(entries[i].path) != keccak256(path)) fewer = _with(fewer, entries[i]);
        }
    }
}
