// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";
import {Test} from "forge-std/Test.sol";

import {StorageProofHarness} from "../support/StorageProofHarness.sol";
import {TrieBuilder} from "../support/TrieBuilder.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";
import {StorageProof} from "xdm/contracts/libraries/StorageProof.sol";

contract StorageProofTest is Test {
    address private constant ACCOUNT = address(0xacc);
    bytes32 private constant SLOT = bytes32(uint256(0x5107));
    bytes private constant WORD = hex"a05f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f";

    StorageProofHarness private reader;

    function setUp() public {
        reader = new StorageProofHarness();
    }

    // ------------------------------------------------------------------------------------------------ what is stored

    function testFuzz_ValueOfTheSlotIsReadUnderTheStateRoot(uint256 value) public view {
        vm.assume(value != 0);
        TrieBuilder.Proof memory storageProof = _storage(RLPEncoder.encode(value));
        TrieBuilder.Proof memory accountProof = _accounts(_account(storageProof.root));
        (bytes32 stateRoot, uint256 actual) = reader.read(_join(accountProof, storageProof), ACCOUNT, SLOT);
        assertEq(stateRoot, accountProof.root);
        assertEq(actual, value);
    }

    function test_ValuesOfAllLengthsAreRead() public view {
        for (uint256 bits = 0; bits < 256; bits += 8) {
            _assertRead(RLPEncoder.encode(uint256(1) << bits), 1 << bits);
            _assertRead(RLPEncoder.encode(type(uint256).max >> bits), type(uint256).max >> bits);
        }
        _assertRead(hex"7f", 0x7f);
        _assertRead(hex"8180", 0x80);
    }

    function test_OnlySlotOfTheOnlyAccountIsRead() public view {
        TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](1);
        entries[0] = TrieBuilder.hashedEntry(abi.encode(SLOT), hex"2a");
        TrieBuilder.Proof memory storageProof = TrieBuilder.prove(entries, _hashed(abi.encode(SLOT)));
        entries[0] = TrieBuilder.hashedEntry(abi.encodePacked(ACCOUNT), _account(storageProof.root));
        TrieBuilder.Proof memory accountProof = TrieBuilder.prove(entries, _hashed(abi.encodePacked(ACCOUNT)));
        assertEq(accountProof.nodes.length, 1);
        (bytes32 stateRoot, uint256 value) = reader.read(_join(accountProof, storageProof), ACCOUNT, SLOT);
        assertEq(stateRoot, accountProof.root);
        assertEq(value, 42);
    }

    // ---------------------------------------------------------------------------------------------------- not stored

    function test_OtherAccountIsNotFound() public {
        TrieBuilder.Proof memory storageProof = _storage(hex"01");
        bytes memory nodes = _join(_accounts(_account(storageProof.root)), storageProof);
        vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_KeyNotFound.selector));
        reader.read(nodes, _neighbourOf(ACCOUNT), SLOT);
    }

    function test_OtherSlotIsNotFound() public {
        TrieBuilder.Proof memory storageProof = _storage(hex"01");
        bytes memory nodes = _join(_accounts(_account(storageProof.root)), storageProof);
        bytes32 other = SLOT;
        while (keccak256(abi.encode(other))[0] != keccak256(abi.encode(SLOT))[0] || other == SLOT) {
            other = keccak256(abi.encode(other));
        }
        vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_KeyNotFound.selector));
        reader.read(nodes, ACCOUNT, other);
    }

    function test_StorageOfAnotherAccountIsRefused() public {
        TrieBuilder.Proof memory storageProof = _storage(hex"01");
        bytes memory nodes = _join(_accounts(_account(keccak256("another storage root"))), storageProof);
        vm.expectRevert(
            abi.encodeWithSelector(
                MerkleTrie.MerkleTrie_NodeMismatch.selector, keccak256("another storage root"), storageProof.root
            )
        );
        reader.read(nodes, ACCOUNT, SLOT);
    }

    function test_EmptyStorageIsRefused() public {
        TrieBuilder.Proof memory accountProof = _accounts(_account(keccak256(hex"80")));
        vm.expectRevert(abi.encodeWithSelector(MerkleTrie.MerkleTrie_ProofTooShort.selector));
        reader.read(TrieBuilder.pack(accountProof.nodes), ACCOUNT, SLOT);
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0x80));
        reader.read(bytes.concat(TrieBuilder.pack(accountProof.nodes), hex"80"), ACCOUNT, SLOT);
    }

    function test_NoNodesAreRefused() public {
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, 1, 0));
        reader.read("", ACCOUNT, SLOT);
    }

    // -------------------------------------------------------------------------------------------------- the account

    function test_AccountHasFourFields() public {
        bytes memory root = _encodedStorageRoot();
        _assertMalformedAccount(_list(bytes.concat(hex"0102", root)));
        _assertMalformedAccount(_list(bytes.concat(hex"01", root, WORD)));
        _assertMalformedAccount(_list(bytes.concat(hex"0102", root, WORD, hex"80")));
        _assertMalformedAccount(_list(bytes.concat(hex"0102", root, WORD, WORD)));
        _assertMalformedAccount(_list(bytes.concat(hex"010203", root, WORD)));
    }

    function test_HashesOfAnAccountHave32Bytes() public {
        bytes memory short = abi.encodePacked(hex"9f", bytes31(keccak256("hash")));
        bytes memory long = abi.encodePacked(hex"a1", keccak256("hash"), hex"00");
        _assertMalformedAccount(_list(bytes.concat(hex"0102", short, WORD)));
        _assertMalformedAccount(_list(bytes.concat(hex"0102", long, WORD)));
        _assertMalformedAccount(_list(bytes.concat(hex"0102", _encodedStorageRoot(), short)));
        _assertMalformedAccount(_list(bytes.concat(hex"0102", _encodedStorageRoot(), long)));
        // As long as two hashes together.
        _assertMalformedAccount(_list(bytes.concat(hex"0102", short, long)));
        _assertMalformedAccount(_list(bytes.concat(hex"0102", long, short)));
        _assertMalformedAccount(_list(bytes.concat(hex"0102", hex"b840", new bytes(64))));
    }

    /// @dev As long as two hashes, and the prefix of a hash stands where the fourth field's would.
    function test_ThirdFieldOfAnAccountIsAHash() public {
        bytes memory short = abi.encodePacked(hex"9f", bytes31(keccak256("hash")));
        _assertMalformedAccount(_list(bytes.concat(hex"0102", short, hex"a1a0", keccak256("hash"))));
        _assertMalformedAccount(_list(bytes.concat(hex"0102b840", bytes31(0), hex"a0", bytes32(0))));
    }

    /// @dev As long as a hash.
    function test_FourthFieldOfAnAccountIsAHash() public {
        bytes memory short = abi.encodePacked(hex"9f", bytes31(keccak256("hash")));
        _assertMalformedAccount(_list(bytes.concat(hex"0102", _encodedStorageRoot(), hex"01", short)));
        _assertMalformedAccount(_list(bytes.concat(hex"0102", _encodedStorageRoot(), hex"e0", bytes32(0))));
    }

    function test_NonceAndBalanceAreStrings() public {
        bytes memory hashes = bytes.concat(_encodedStorageRoot(), WORD);
        _assertRefusedAccount(
            _list(bytes.concat(hex"c001", hashes)), abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0xc0)
        );
        _assertRefusedAccount(
            _list(bytes.concat(hex"01c102", hashes)), abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0xc1)
        );
    }

    function test_AccountIsAList() public {
        bytes memory fields = bytes.concat(hex"0102", _encodedStorageRoot(), WORD);
        _assertRefusedAccount(RLPEncoder.encode(fields), abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0xb8));
    }

    function test_NothingFollowsTheAccount() public {
        bytes memory account = _list(bytes.concat(hex"0102", _encodedStorageRoot(), WORD));
        _assertRefusedAccount(bytes.concat(account, hex"00"), _trailingBytes(1));
        _assertRefusedAccount(bytes.concat(account, WORD), _trailingBytes(33));
    }

    /// @dev What completes the list follows it: an account ends with its list, not with its value.
    function test_HashesLieWithinTheAccount() public {
        bytes memory value = bytes.concat(hex"f8440102", _encodedStorageRoot(), WORD);
        value[1] = bytes1(uint8(value[1]) - 1);
        _assertMalformedAccount(value);
    }

    function test_AccountWithItsTrieIsRead() public view {
        TrieBuilder.Proof memory storageProof = _storage(hex"2a");
        bytes memory account = _list(bytes.concat(hex"0102", abi.encodePacked(hex"a0", storageProof.root), WORD));
        (, uint256 value) = reader.read(_join(_accounts(account), storageProof), ACCOUNT, SLOT);
        assertEq(value, 42);
    }

    // ------------------------------------------------------------------------------------------------------ the value

    function test_ValueHasNoLeadingZeros() public {
        _assertMalformedValue(hex"00");
        _assertMalformedValue(hex"820001");
        _assertMalformedValue(abi.encodePacked(hex"a0", uint256(1)));
    }

    function test_ZeroIsNotStored() public {
        _assertMalformedValue(hex"80");
    }

    /// @dev Solidity pads the proof with zeros; who calls need not.
    function test_WhatFollowsInCalldataIsNotTheValue() public view {
        TrieBuilder.Proof memory storageProof = _storage(hex"80");
        bytes memory nodes = _join(_accounts(_account(storageProof.root)), storageProof);
        bytes memory data = abi.encodeCall(reader.read, (nodes, ACCOUNT, SLOT));
        uint256 end = 4 + 4 * 32 + nodes.length;
        if (end == data.length) data = bytes.concat(data, hex"2a");
        else data[end] = 0x2a;

        (bool success, bytes memory returned) = address(reader).staticcall(data);
        assertFalse(success);
        assertEq(returned, abi.encodeWithSelector(StorageProof.StorageProof_MalformedValue.selector));
    }

    function test_ValueHasAtMost32Bytes() public {
        _assertMalformedValue(abi.encodePacked(hex"a1", hex"01", bytes32(0)));
        _assertMalformedValue(abi.encodePacked(hex"b838", hex"01", new bytes(55)));
    }

    function test_NothingFollowsTheValue() public {
        _assertMalformedValue(hex"0102");
        _assertMalformedValue(hex"82010200");
    }

    function test_ValueIsCanonical() public {
        _assertRefusedValue(hex"8101", abi.encodeWithSelector(RLP.RLP_NotCanonical.selector, 0x81));
        _assertRefusedValue(hex"8201", abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, 3, 2));
    }

    function test_ValueIsAString() public {
        _assertRefusedValue(hex"c101", abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0xc1));
    }

    // ----------------------------------------------------------------------------------------------------------- ends

    function testFuzz_NothingFollowsTheProof(bytes memory rest) public {
        vm.assume(rest.length != 0);
        TrieBuilder.Proof memory storageProof = _storage(hex"01");
        bytes memory nodes = _join(_accounts(_account(storageProof.root)), storageProof);
        vm.expectRevert(_trailingBytes(rest.length));
        reader.read(bytes.concat(nodes, rest), ACCOUNT, SLOT);
    }

    function test_NoPartOfTheProofIsEnough() public {
        TrieBuilder.Proof memory storageProof = _storage(hex"01");
        bytes memory nodes = _join(_accounts(_account(storageProof.root)), storageProof);
        for (uint256 length = 0; length < nodes.length; length += 7) {
            bytes memory part = bytes.concat(nodes);
            assembly {
                mstore(part, length)
            }
            (bool accepted,) = address(reader).staticcall(abi.encodeCall(reader.read, (part, ACCOUNT, SLOT)));
            assertFalse(accepted);
        }
    }

    // ---------------------------------------------------------------------------------------------------- deep tries

    /// @dev Slots whose hashed keys differ in their last nibbles: the leaf, or all below the root, is inlined.
    function test_InlinedNodesMayBeOmittedOrRepeated() public view {
        for (uint256 shared = 56; shared < 64; ++shared) {
            TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](3);
            entries[0] = TrieBuilder.hashedEntry(abi.encode(SLOT), hex"2a");
            entries[1] = _entryBeside(shared, hex"2b");
            entries[2] = TrieBuilder.hashedEntry("another slot", hex"2c");
            TrieBuilder.Proof memory storageProof = TrieBuilder.prove(entries, _hashed(abi.encode(SLOT)));
            assertLt(storageProof.nodes[storageProof.nodes.length - 1].length, 32);
            TrieBuilder.Proof memory accountProof = _accounts(_account(storageProof.root));

            (bytes32 stateRoot, uint256 value) = reader.read(_join(accountProof, storageProof), ACCOUNT, SLOT);
            assertEq(stateRoot, accountProof.root);
            assertEq(value, 42);

            bytes[] memory kept = TrieBuilder.withoutInlined(storageProof.nodes);
            assertLt(kept.length, storageProof.nodes.length);
            storageProof.nodes = kept;
            (stateRoot, value) = reader.read(_join(accountProof, storageProof), ACCOUNT, SLOT);
            assertEq(stateRoot, accountProof.root);
            assertEq(value, 42);
        }
    }

    function test_NothingFollowsAnInlinedNode() public {
        TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](2);
        entries[0] = TrieBuilder.hashedEntry(abi.encode(SLOT), hex"2a");
        entries[1] = _entryBeside(62, hex"2b");
        TrieBuilder.Proof memory storageProof = TrieBuilder.prove(entries, _hashed(abi.encode(SLOT)));
        bytes memory last = storageProof.nodes[storageProof.nodes.length - 1];
        bytes memory nodes = _join(_accounts(_account(storageProof.root)), storageProof);
        vm.expectRevert(_trailingBytes(last.length));
        reader.read(bytes.concat(nodes, last), ACCOUNT, SLOT);
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    /// @dev A storage trie with the slot's value as it stands in the leaf, and the proof of the slot.
    function _storage(bytes memory value) private pure returns (TrieBuilder.Proof memory) {
        TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](6);
        entries[0] = TrieBuilder.hashedEntry(abi.encode(SLOT), value);
        for (uint256 i = 1; i < entries.length; ++i) {
            entries[i] = TrieBuilder.hashedEntry(abi.encode(i), RLPEncoder.encode(i));
        }
        return TrieBuilder.prove(entries, _hashed(abi.encode(SLOT)));
    }

    /// @dev A state trie with the account's value as it stands in the leaf, and the proof of the account.
    function _accounts(bytes memory value) private pure returns (TrieBuilder.Proof memory) {
        TrieBuilder.Entry[] memory entries = new TrieBuilder.Entry[](6);
        entries[0] = TrieBuilder.hashedEntry(abi.encodePacked(ACCOUNT), value);
        for (uint256 i = 1; i < entries.length; ++i) {
            entries[i] = TrieBuilder.hashedEntry(abi.encodePacked(address(uint160(i))), _account(keccak256(hex"80")));
        }
        return TrieBuilder.prove(entries, _hashed(abi.encodePacked(ACCOUNT)));
    }

    function _account(bytes32 storageRoot) private pure returns (bytes memory) {
        return _list(bytes.concat(hex"078806f05b59d3b20000", abi.encodePacked(hex"a0", storageRoot), WORD));
    }

    function _encodedStorageRoot() private pure returns (bytes memory) {
        return abi.encodePacked(hex"a0", _storage(hex"01").root);
    }

    function _list(bytes memory payload) private pure returns (bytes memory) {
        bytes[] memory items = new bytes[](1);
        items[0] = payload;
        return RLPEncoder.encode(items);
    }

    function _join(TrieBuilder.Proof memory accountProof, TrieBuilder.Proof memory storageProof)
        private
        pure
        returns (bytes memory)
    {
        return bytes.concat(TrieBuilder.pack(accountProof.nodes), TrieBuilder.pack(storageProof.nodes));
    }

    /// @dev An entry whose hashed key begins like the slot's and then differs.
    function _entryBeside(uint256 shared, bytes memory value) private pure returns (TrieBuilder.Entry memory) {
        bytes32 path = keccak256(abi.encode(SLOT)) ^ bytes32(1 << (4 * (63 - shared)));
        return TrieBuilder.entry(abi.encodePacked(path), value);
    }

    /// @dev An account that is not in the trie and whose hashed key begins with the same byte.
    function _neighbourOf(address account) private pure returns (address other) {
        other = address(uint160(uint256(keccak256("other"))));
        while (keccak256(abi.encodePacked(other))[0] != keccak256(abi.encodePacked(account))[0]) {
            other = address(uint160(other) + 1);
        }
    }

    function _hashed(bytes memory key) private pure returns (bytes memory) {
        return abi.encodePacked(keccak256(key));
    }

    function _trailingBytes(uint256 length) private pure returns (bytes memory) {
        return abi.encodeWithSelector(StorageProof.StorageProof_TrailingBytes.selector, length);
    }

    function _assertRead(bytes memory slotValue, uint256 expected) private view {
        TrieBuilder.Proof memory storageProof = _storage(slotValue);
        (, uint256 value) = reader.read(_join(_accounts(_account(storageProof.root)), storageProof), ACCOUNT, SLOT);
        assertEq(value, expected);
    }

    function _assertMalformedAccount(bytes memory account) private {
        _assertRefusedAccount(account, abi.encodeWithSelector(StorageProof.StorageProof_MalformedValue.selector));
    }

    function _assertRefusedAccount(bytes memory account, bytes memory expected) private {
        bytes memory nodes = _join(_accounts(account), _storage(hex"01"));
        vm.expectRevert(expected);
        reader.read(nodes, ACCOUNT, SLOT);
    }

    function _assertMalformedValue(bytes memory slotValue) private {
        _assertRefusedValue(slotValue, abi.encodeWithSelector(StorageProof.StorageProof_MalformedValue.selector));
    }

    function _assertRefusedValue(bytes memory slotValue, bytes memory expected) private {
        TrieBuilder.Proof memory storageProof = _storage(slotValue);
        bytes memory nodes = _join(_accounts(_account(storageProof.root)), storageProof);
        vm.expectRevert(expected);
        reader.read(nodes, ACCOUNT, SLOT);
    }
}
