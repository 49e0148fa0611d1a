// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";
import {Test} from "forge-std/Test.sol";

import {BlockHeaderHarness} from "../../support/omnichain/BlockHeaderHarness.sol";
import {HeaderBuilder} from "../../support/omnichain/HeaderBuilder.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";
import {BlockHeader, Header} from "xdm/contracts/omnichain/libraries/BlockHeader.sol";
import {ETHEREUM_HEADER, KLAYTN_HEADER} from "xdm/contracts/omnichain/types/HeaderLayout.sol";

contract BlockHeaderTest is Test {
    BlockHeaderHarness private reader;

    function setUp() public {
        reader = new BlockHeaderHarness();
    }

    function testFuzz_FieldsAreReadWhateverFollowsThem(HeaderBuilder.Template memory template) public view {
        template.number = bound(template.number, 0, type(uint64).max);
        template.timestamp = bound(template.timestamp, 0, type(uint64).max);
        template.rest = bound(template.rest, 0, 12);
        bytes memory header = HeaderBuilder.encode(template);
        (bytes32 blockHash, Header memory fields) = reader.read(header, ETHEREUM_HEADER);
        assertEq(blockHash, keccak256(header));
        assertEq(fields.parentHash, template.parentHash);
        assertEq(fields.stateRoot, template.stateRoot);
        assertEq(fields.receiptsRoot, template.receiptsRoot);
        assertEq(fields.number, template.number);
        assertEq(fields.timestamp, template.timestamp);
        bytes memory extraData = RLPEncoder.encode(template.extraData);
        assertEq(fields.extraDataEnd - fields.extraDataStart, extraData.length);
        for (uint256 i = 0; i < extraData.length; ++i) {
            assertEq(header[fields.extraDataStart + i], extraData[i]);
        }
    }

    function test_FieldsOfAKlaytnHeaderAreRead() public view {
        bytes[] memory items = new bytes[](13);
        for (uint256 i = 0; i < items.length; ++i) {
            items[i] = RLPEncoder.encode(i);
        }
        items[0] = RLPEncoder.encode(keccak256("parent"));
        items[2] = RLPEncoder.encode(keccak256("state"));
        items[4] = RLPEncoder.encode(keccak256("receipts"));
        (, Header memory fields) = reader.read(RLPEncoder.encode(items), KLAYTN_HEADER);
        assertEq(fields.parentHash, keccak256("parent"));
        assertEq(fields.stateRoot, keccak256("state"));
        assertEq(fields.receiptsRoot, keccak256("receipts"));
        assertEq(fields.number, 7);
        assertEq(fields.timestamp, 9);
        assertEq(fields.extraDataEnd - fields.extraDataStart, 1);
    }

    function test_HeaderThatEndsWithItsExtraDataIsRead() public view {
        (, Header memory fields) = reader.read(RLPEncoder.encode(_spoiled(12, hex"80", 13)), ETHEREUM_HEADER);
        assertEq(fields.number, 7);
    }

    /// @dev A byte of zero, which would be a leading one.
    function test_ZeroIsANumberWhateverFollowsIt() public view {
        HeaderBuilder.Template memory template;
        template.extraData = hex"00";
        (, Header memory fields) = reader.read(HeaderBuilder.encode(template), ETHEREUM_HEADER);
        assertEq(fields.timestamp, 0);
        assertEq(fields.extraDataEnd - fields.extraDataStart, 1);
    }

    function test_RevertWhen_FieldsAreMissing() public {
        for (uint256 count = 0; count < 13; ++count) {
            bytes memory header = RLPEncoder.encode(_spoiled(0, RLPEncoder.encode(bytes32(0)), count));
            vm.expectRevert(abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, header.length + 1, header.length));
            reader.read(header, ETHEREUM_HEADER);
        }
    }

    function testFuzz_RevertWhen_BytesFollow(bytes memory rest) public {
        vm.assume(rest.length != 0);
        bytes memory header = RLPEncoder.encode(_spoiled(12, hex"80", 15));
        vm.expectRevert(abi.encodeWithSelector(BlockHeader.BlockHeader_TrailingBytes.selector, rest.length));
        reader.read(bytes.concat(header, rest), ETHEREUM_HEADER);
    }

    function test_RevertWhen_AHashHasAnotherLength() public {
        bytes memory short = RLPEncoder.encode(abi.encodePacked(bytes31(keccak256("hash"))));
        bytes memory long = RLPEncoder.encode(abi.encodePacked(keccak256("hash"), hex"00"));
        uint8[3] memory positions = [0, 3, 5];
        for (uint256 i = 0; i < positions.length; ++i) {
            _assertMalformed(positions[i], short);
            _assertMalformed(positions[i], long);
        }
    }

    function test_RevertWhen_ANumberHasLeadingZerosOrMoreThan64Bits() public {
        uint8[2] memory positions = [8, 11];
        for (uint256 i = 0; i < positions.length; ++i) {
            _assertMalformed(positions[i], hex"00");
            _assertMalformed(positions[i], hex"820001");
            _assertMalformed(positions[i], RLPEncoder.encode(uint256(1) << 64));
        }
    }

    function test_RevertWhen_AFieldIsAList() public {
        for (uint256 position = 0; position < 13; ++position) {
            bytes memory header = RLPEncoder.encode(_spoiled(position, hex"c0", 15));
            vm.expectRevert(abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0xc0));
            reader.read(header, ETHEREUM_HEADER);
        }
    }

    function test_RevertWhen_TheHeaderIsNoList() public {
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0x83));
        reader.read(hex"83010203", ETHEREUM_HEADER);
        vm.expectRevert(abi.encodeWithSelector(RLP.RLP_OutOfBounds.selector, 1, 0));
        reader.read("", ETHEREUM_HEADER);
    }

    function test_LinkNamesTheParentAndWhereTheNextHeaderStarts() public view {
        bytes memory header = RLPEncoder.encode(_spoiled(0, RLPEncoder.encode(keccak256("parent")), 15));
        (bytes32 blockHash, bytes32 parentHash, uint256 end) = reader.link(bytes.concat(hex"0102", header, hex"03"), 2);
        assertEq(blockHash, keccak256(header));
        assertEq(parentHash, keccak256("parent"));
        assertEq(end, 2 + header.length);
    }

    /// @dev What would complete the hash follows the header.
    function test_RevertWhen_TheParentOfALinkIsNoHash() public {
        bytes[4] memory spoiled = [
            bytes(hex"c0"),
            hex"c20102",
            abi.encodePacked(hex"dfa0", bytes30(keccak256("cut off"))),
            abi.encodePacked(hex"e29f", bytes31(keccak256("short")), hex"0102")
        ];
        for (uint256 i = 0; i < spoiled.length; ++i) {
            vm.expectRevert(_malformed(0));
            reader.link(bytes.concat(spoiled[i], new bytes(40)), 0);
        }
    }

    function _assertMalformed(uint256 position, bytes memory item) private {
        bytes memory header = RLPEncoder.encode(_spoiled(position, item, 15));
        vm.expectRevert(_malformed(position));
        reader.read(header, ETHEREUM_HEADER);
    }

    function _malformed(uint256 position) private pure returns (bytes memory) {
        return abi.encodeWithSelector(BlockHeader.BlockHeader_MalformedField.selector, position);
    }

    /// @dev The first `count` fields of a header, one of them another item.
    function _spoiled(uint256 position, bytes memory item, uint256 count) private pure returns (bytes[] memory kept) {
        HeaderBuilder.Template memory template;
        (template.number, template.timestamp, template.rest) = (7, 1000, 8);
        bytes[] memory items = HeaderBuilder.fields(template);
        items[position] = item;
        kept = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            kept[i] = items[i];
        }
    }
}
