// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";
import {Test} from "forge-std/Test.sol";

import {ReceiptBuilder} from "../../support/omnichain/ReceiptBuilder.sol";
import {ReceiptProofHarness} from "../../support/omnichain/ReceiptProofHarness.sol";
import {ReceiptProof} from "xdm/contracts/omnichain/libraries/ReceiptProof.sol";

/// @notice What no receipt trie of a valid block holds: nothing is read out of it.
contract ReceiptProofTest is Test {
    ReceiptProofHarness private harness;

    bytes private emitter = RLPEncoder.encode(address(0xe));
    bytes private data = RLPEncoder.encode(bytes("data"));

    function setUp() public {
        harness = new ReceiptProofHarness();
    }

    function test_AReceiptIsReadToItsEnd() public view {
        ReceiptProofHarness.ReadLog[] memory logs = _read(_receipt(_log(emitter, _topics(32), data)));
        assertEq(logs.length, 1);
        assertEq(logs[0].emitter, address(0xe));
        assertEq(logs[0].topics.length, 2);
        assertEq(logs[0].data, "data");
    }

    function test_RevertWhen_AnEmitterIsNoAddress() public {
        _assertMalformed(_receipt(_log(RLPEncoder.encode(new bytes(19)), _topics(32), data)));
        _assertMalformed(_receipt(_log(RLPEncoder.encode(new bytes(21)), _topics(32), data)));
    }

    function test_RevertWhen_ATopicIsNoWord() public {
        _assertMalformed(_receipt(_log(emitter, _topics(31), data)));
        _assertMalformed(_receipt(_log(emitter, _topics(33), data)));
    }

    function test_RevertWhen_ALogHasMoreFields() public {
        _assertMalformed(_receipt(_log(emitter, _topics(32), bytes.concat(data, data))));
    }

    function test_RevertWhen_AReceiptHasMoreFields() public {
        bytes memory logs = _list(_log(emitter, _topics(32), data));
        _assertMalformed(bytes.concat(hex"02", _list(bytes.concat(_beforeLogs(), logs, data))));
    }

    function test_RevertWhen_BytesFollowTheReceiptInItsNode() public {
        bytes memory proof = _prove(bytes.concat(_receipt(_log(emitter, _topics(32), data)), hex"0000"));
        vm.expectRevert(abi.encodeWithSelector(ReceiptProof.ReceiptProof_TrailingBytes.selector, 2));
        harness.read(proof);
    }

    /// @dev Zero is the type of receipts that do not name one.
    function test_RevertWhen_AReceiptNamesTheTypeZero() public {
        bytes memory proof = _prove(bytes.concat(hex"00", _list(bytes.concat(_beforeLogs(), _list("")))));
        vm.expectRevert(abi.encodeWithSelector(ReceiptProof.ReceiptProof_UnknownType.selector, 0));
        harness.read(proof);
    }

    function _assertMalformed(bytes memory receipt) private {
        bytes memory proof = _prove(receipt);
        vm.expectRevert(ReceiptProof.ReceiptProof_MalformedReceipt.selector);
        harness.read(proof);
    }

    function _read(bytes memory receipt) private view returns (ReceiptProofHarness.ReadLog[] memory logs) {
        (,, logs) = harness.read(_prove(receipt));
    }

    /// @dev A block with this receipt alone.
    function _prove(bytes memory receipt) private pure returns (bytes memory) {
        bytes[] memory receipts = new bytes[](1);
        receipts[0] = receipt;
        return ReceiptBuilder.pack(ReceiptBuilder.prove(1, receipts, 0));
    }

    function _receipt(bytes memory log) private pure returns (bytes memory) {
        return bytes.concat(hex"02", _list(bytes.concat(_beforeLogs(), _list(log))));
    }

    /// @dev Status, gas used so far, bloom filter.
    function _beforeLogs() private pure returns (bytes memory) {
        return bytes.concat(hex"01", RLPEncoder.encode(uint256(21_000)), RLPEncoder.encode(new bytes(256)));
    }

    function _log(bytes memory emitterItem, bytes memory topics, bytes memory dataItem)
        private
        pure
        returns (bytes memory)
    {
        return _list(bytes.concat(emitterItem, topics, dataItem));
    }

    /// @dev Two topics of a length.
    function _topics(uint256 length) private pure returns (bytes memory) {
        bytes memory topic = RLPEncoder.encode(new bytes(length));
        return _list(bytes.concat(topic, topic));
    }

    /// @dev The list of items that are encoded.
    function _list(bytes memory items) private pure returns (bytes memory) {
        bytes[] memory one = new bytes[](1);
        one[0] = items;
        return RLPEncoder.encode(one);
    }
}
