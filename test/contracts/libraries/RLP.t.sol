// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP as RLPOracle} from "@openzeppelin/contracts/utils/RLP.sol";
import {Test} from "forge-std/Test.sol";

import {RLPHarness} from "../support/RLPHarness.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";

contract RLPTest is Test {
    RLPHarness private rlp;

    function setUp() public {
        rlp = new RLPHarness();
    }

    // ------------------------------------------------------------------------------------------------- valid items

    function test_ByteBelow0x80IsItsOwnContent() public view {
        for (uint256 value = 0; value < 0x80; ++value) {
            _assertItem(bytes.concat(bytes1(uint8(value))), false, 0, 1);
        }
    }

    function test_EmptyStringAndEmptyListHaveNoContent() public view {
        _assertItem(hex"80", false, 1, 1);
        _assertItem(hex"c0", true, 1, 1);
    }

    function test_ByteFrom0x80OnHasAPrefix() public view {
        _assertItem(hex"8180", false, 1, 2);
        _assertItem(hex"81ff", false, 1, 2);
    }

    function test_ShortFormHoldsUpTo55Bytes() public view {
        for (uint256 length = 2; length <= 55; ++length) {
            _assertItem(_withHeader(abi.encodePacked(uint8(0x80 + length)), length), false, 1, 1 + length);
            _assertItem(_withHeader(abi.encodePacked(uint8(0xc0 + length)), length), true, 1, 1 + length);
        }
    }

    function test_ListOfOneByteIsCanonical() public view {
        _assertItem(hex"c100", true, 1, 2);
        _assertItem(hex"c17f", true, 1, 2);
    }

    function test_LongFormStartsAt56Bytes() public view {
        _assertItem(_withHeader(hex"b838", 56), false, 2, 58);
        _assertItem(_withHeader(hex"f838", 56), true, 2, 58);
        _assertItem(_withHeader(hex"b8ff", 255), false, 2, 257);
        _assertItem(_withHeader(hex"f8ff", 255), true, 2, 257);
    }

    function test_LongFormTakesMoreBytesOfLengthFrom256BytesOn() public view {
        _assertItem(_withHeader(hex"b90100", 256), false, 3, 259);
        _assertItem(_withHeader(hex"f90100", 256), true, 3, 259);
        _assertItem(_withHeader(hex"b9ffff", 65_535), false, 3, 65_538);
        _assertItem(_withHeader(hex"ba010000", 65_536), false, 4, 65_540);
        _assertItem(_withHeader(hex"fa010000", 65_536), true, 4, 65_540);
    }

    function test_ItemIsReadWhereItStands() public view {
        bytes memory input = hex"ff05820400c20102ff";
        _assertItemAt(input, 1, false, 1, 2);
        _assertItemAt(input, 2, false, 3, 5);
        _assertItemAt(input, 5, true, 6, 8);
    }

    function test_ListAndStringReadTheirOwnType() public view {
        (uint256 start, uint256 end) = rlp.list(hex"00c20102", 1);
        assertEq(start, 2);
        assertEq(end, 4);
        (start, end) = rlp.string_(hex"c0820102", 1);
        assertEq(start, 2);
        assertEq(end, 4);
        (start, end) = rlp.string_(hex"c07f", 1);
        assertEq(start, 1);
        assertEq(end, 2);
    }

    // -------------------------------------------------------------------------------------------------- wrong type

    function test_StringIsNotAList() public {
        _assertNotAList(hex"00", 0x00);
        _assertNotAList(hex"7f", 0x7f);
        _assertNotAList(hex"80", 0x80);
        _assertNotAList(hex"820102", 0x82);
        _assertNotAList(_withHeader(hex"b838", 56), 0xb8);
    }

    function test_ListIsNotAString() public {
        _assertNotAString(hex"c0", 0xc0);
        _assertNotAString(hex"c20102", 0xc2);
        _assertNotAString(_withHeader(hex"f838", 56), 0xf8);
    }

    // ------------------------------------------------------------------------------------------------ out of bounds

    function test_NothingIsReadFromAnEmptyInput() public {
        _assertOutOfBounds("", 0, 1);
    }

    function test_NothingIsReadBeyondTheInput() public {
        _assertOutOfBounds(hex"8080", 2, 3);
        _assertOutOfBounds(hex"8080", 1000, 1001);
    }

    function test_ContentMustLieWithinTheInput() public {
        _assertOutOfBounds(hex"81", 0, 2);
        _assertOutOfBounds(hex"8201", 0, 3);
        _assertOutOfBounds(hex"c1", 0, 2);
        _assertOutOfBounds(_withHeader(hex"b7", 54), 0, 56);
        _assertOutOfBounds(_withHeader(hex"f7", 54), 0, 56);
        _assertOutOfBounds(_withHeader(hex"b838", 55), 0, 58);
        _assertOutOfBounds(_withHeader(hex"f838", 55), 0, 58);
        _assertOutOfBounds(_withHeader(hex"b90100", 255), 0, 259);
        _assertOutOfBounds(_withHeader(hex"80f90100", 255), 1, 260);
    }

    function test_LengthMustLieWithinTheInput() public {
        for (uint256 lengthBytes = 1; lengthBytes <= 8; ++lengthBytes) {
            bytes memory header = new bytes(lengthBytes);
            header[0] = bytes1(uint8(0xb7 + lengthBytes));
            for (uint256 i = 1; i < lengthBytes; ++i) {
                header[i] = 0xff;
            }
            _assertOutOfBounds(header, 0, lengthBytes + 1);
            header[0] = bytes1(uint8(0xf7 + lengthBytes));
            _assertOutOfBounds(header, 0, lengthBytes + 1);
        }
    }

    function test_LargestLengthIsOutOfBounds() public {
        _assertOutOfBounds(hex"bfffffffffffffffff", 0, 9 + uint256(type(uint64).max));
        _assertOutOfBounds(hex"ffffffffffffffffff", 0, 9 + uint256(type(uint64).max));
        _assertOutOfBounds(hex"bf0100000000000000", 0, 9 + (1 << 56));
    }

    function test_BytesAfterTheInputAreNotPartOfIt() public {
        bytes memory input = _withHeader(hex"b838", 56);
        (, uint256 start, uint256 end) = rlp.itemWithin(input, 58);
        assertEq(start, 2);
        assertEq(end, 58);
        for (uint256 length = 0; length < 58; ++length) {
            uint256 needed = length == 0 ? 1 : length == 1 ? 2 : 58;
            vm.expectRevert(abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, needed, length));
            rlp.itemWithin(input, length);
        }
    }

    // ------------------------------------------------------------------------------------------------ not canonical

    function test_ByteBelow0x80HasNoPrefix() public {
        for (uint256 value = 0; value < 0x80; ++value) {
            _assertNotCanonical(abi.encodePacked(hex"81", uint8(value)), 0x81);
        }
    }

    function test_LongFormIsNotForShortContent() public {
        for (uint256 length = 0; length <= 55; ++length) {
            _assertNotCanonical(_withHeader(abi.encodePacked(hex"b8", uint8(length)), length), 0xb8);
            _assertNotCanonical(_withHeader(abi.encodePacked(hex"f8", uint8(length)), length), 0xf8);
        }
    }

    function test_LengthHasNoLeadingZeros() public {
        _assertNotCanonical(_withHeader(hex"b90038", 56), 0xb9);
        _assertNotCanonical(_withHeader(hex"f90038", 56), 0xf9);
        _assertNotCanonical(_withHeader(hex"b900ff", 255), 0xb9);
        _assertNotCanonical(_withHeader(hex"fa000100", 256), 0xfa);
        _assertNotCanonical(_withHeader(hex"bf0000000000000100", 256), 0xbf);
        _assertNotCanonical(_withHeader(hex"ff0000000000000100", 256), 0xff);
    }

    // ---------------------------------------------------------------------------------------------- bytes and words

    function test_ByteWordAndHashAreReadFromTheOffset() public view {
        bytes memory input = abi.encodePacked(hex"a1b2", keccak256("word"), hex"c3");
        assertEq(rlp.byteAt(input, 0), 0xa1);
        assertEq(rlp.byteAt(input, 1), 0xb2);
        assertEq(rlp.byteAt(input, 34), 0xc3);
        assertEq(rlp.wordAt(input, 2), keccak256("word"));
        assertEq(rlp.hash(input, 0, 35), keccak256(input));
        assertEq(rlp.hash(input, 2, 34), keccak256(abi.encodePacked(keccak256("word"))));
        assertEq(rlp.hash(input, 1, 1), keccak256(""));
    }

    // --------------------------------------------------------------------------------------------------------- fuzz

    function testFuzz_ReadsWhatTheOracleEncodes(bytes memory content, bytes memory before, bytes memory rest)
        public
        view
    {
        bytes memory input = bytes.concat(before, RLPOracle.encode(content), rest);
        (uint256 start, uint256 end) = rlp.string_(input, before.length);
        assertEq(end, input.length - rest.length);
        assertEq(end - start, content.length);
        assertEq(rlp.hash(input, start, end), keccak256(content));
    }

    function testFuzz_ReadsTheListsThatTheOracleEncodes(bytes[] memory contents) public view {
        bytes[] memory items = new bytes[](contents.length);
        for (uint256 i = 0; i < items.length; ++i) {
            items[i] = RLPOracle.encode(contents[i]);
        }
        bytes memory input = RLPOracle.encode(items);
        (uint256 offset, uint256 endOfList) = rlp.list(input, 0);
        assertEq(endOfList, input.length);
        for (uint256 i = 0; i < items.length; ++i) {
            (uint256 start, uint256 end) = rlp.string_(input, offset);
            assertEq(rlp.hash(input, start, end), keccak256(contents[i]));
            assertEq(end, offset + items[i].length);
            offset = end;
        }
        assertEq(offset, endOfList);
    }

    function testFuzz_NoPartOfAnItemIsAnItem(bytes memory content, uint256 length) public view {
        bytes memory input = RLPOracle.encode(content);
        length = bound(length, 0, input.length - 1);
        (bool accepted,) = address(rlp).staticcall(abi.encodeCall(rlp.itemWithin, (input, length)));
        assertFalse(accepted);
    }

    /// @dev Random bytes hardly ever have a long form's length right, so the header is shaped.
    function testFuzz_AcceptsTheStringsThatTheOracleAccepts(bytes memory content, uint8 prefix, uint16 length)
        public
        view
    {
        _assertLikeOracle(bytes.concat(bytes1(prefix), content));
        _assertLikeOracle(abi.encodePacked(hex"b8", uint8(length), content));
        _assertLikeOracle(abi.encodePacked(hex"b9", length, content));
        _assertLikeOracle(abi.encodePacked(hex"b8", uint8(content.length), content));
        _assertLikeOracle(abi.encodePacked(hex"b9", uint16(content.length), content));
        _assertLikeOracle(abi.encodePacked(hex"ba", uint24(content.length), content));
    }

    function decode(bytes memory input) external pure returns (bytes memory) {
        return RLPOracle.decodeBytes(input);
    }

    function _assertLikeOracle(bytes memory input) private view {
        try this.decode(input) returns (bytes memory content) {
            (uint256 start, uint256 end) = rlp.string_(input, 0);
            assertEq(end - start, content.length);
            assertEq(rlp.hash(input, start, end), keccak256(content));
        } catch {
            (bool accepted,) = address(rlp).staticcall(abi.encodeCall(rlp.string_, (input, 0)));
            assertFalse(accepted, "accepted what the oracle rejects");
        }
    }

    // ------------------------------------------------------------------------------------------------------ helpers

    /// @dev A header and that many bytes, none of which is zero or could be taken for an item's prefix.
    function _withHeader(bytes memory header, uint256 length) private pure returns (bytes memory) {
        bytes memory content = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            content[i] = 0xee;
        }
        return bytes.concat(header, content);
    }

    function _assertItem(bytes memory input, bool isList, uint256 start, uint256 end) private view {
        _assertItemAt(input, 0, isList, start, end);
    }

    function _assertItemAt(bytes memory input, uint256 offset, bool isList, uint256 start, uint256 end) private view {
        (bool actualIsList, uint256 actualStart, uint256 actualEnd) = rlp.item(input, offset);
        assertEq(actualIsList, isList, "type");
        assertEq(actualStart, start, "start");
        assertEq(actualEnd, end, "end");
    }

    function _assertOutOfBounds(bytes memory input, uint256 offset, uint256 end) private {
        bytes memory expected = abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, end, input.length);
        vm.expectRevert(expected);
        rlp.item(input, offset);
        vm.expectRevert(expected);
        rlp.list(input, offset);
        vm.expectRevert(expected);
        rlp.string_(input, offset);
    }

    function _assertNotCanonical(bytes memory input, uint256 prefix) private {
        bytes memory expected = abi.encodeWithSelector(RLP.RLP_NotCanonical.selector, prefix);
        vm.expectRevert(expected);
        rlp.item(input, 0);
        vm.expectRevert(expected);
        rlp.list(input, 0);
        vm.expectRevert(expected);
        rlp.string_(input, 0);
    }

    function _assertNotAList(bytes memory input, uint256 prefix) private {
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, prefix));
        rlp.list(input, 0);
    }

    function _assertNotAString(bytes memory input, uint256 prefix) private {
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, prefix));
        rlp.string_(input, 0);
    }
}
