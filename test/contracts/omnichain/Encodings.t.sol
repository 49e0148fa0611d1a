// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {EnvelopeCodec} from "xdm/contracts/omnichain/libraries/EnvelopeCodec.sol";
import {MessageDataCodec} from "xdm/contracts/omnichain/libraries/MessageDataCodec.sol";
import {MessageData} from "xdm/contracts/omnichain/types/MessageData.sol";

/// @notice A message has one encoding, an envelope one, a log one: what says the same in other bytes is refused.
contract EncodingsTest is OmnichainTest {
    bytes32 private constant TOPIC = IOmnichainService.mapMessageOut.selector;

    function test_ALogHasOneEncoding() public {
        Leg memory leg = _describe(A, RELAY, _message(RELAY, "hello"));
        bytes memory data = _messageLog(A, A, RELAY, leg)[0].data;
        _assertNotAMessage(bytes.concat(data, bytes32(0)));
        // Other offsets of sender and envelope, a sender of 21 bytes, and one whose padding is not zero.
        _assertNotAMessage(_with(data, 0x3f, 0x61));
        _assertNotAMessage(_with(data, 0x5f, 0xa1));
        _assertNotAMessage(_with(data, 0x7f, 21));
        _assertNotAMessage(_with(data, 0x80 + 20, 1));
        _assertNotAMessage("");
    }

    function test_AnEnvelopeHasOneEncoding() public {
        bytes memory callData = _describe(A, RELAY, _message(RELAY, "hello")).callData;
        _assertMalformedEnvelope("");
        _assertMalformedEnvelope(abi.encode(1));
        _assertMalformedEnvelope(bytes.concat(callData, bytes32(0)));
        // Another offset of the message data, and a service that is more than an address.
        _assertMalformedEnvelope(_with(callData, 0x7f, 0x81));
        _assertMalformedEnvelope(_with(callData, 0x20, 1));
    }

    function test_MessageDataHaveOneEncoding() public {
        bytes memory data = abi.encode(_message(B, "hello"));
        _assertMalformedData(bytes.concat(data, bytes32(0)));
        // Another offset of the tuple, a flag that is neither, a third type, other offsets of target and payload, a target
        // whose padding is not zero, and a payload whose padding is not.
        _assertMalformedData(_with(data, 0x1f, 0x40));
        _assertMalformedData(_with(data, 0x3f, 2));
        _assertMalformedData(_with(data, 0x5f, 2));
        _assertMalformedData(_with(data, 0x7f, 0xe0));
        _assertMalformedData(_with(data, 0x9f, 0x20));
        _assertMalformedData(_with(data, 0x100 + 20, 1));
        _assertMalformedData(_with(data, 0x140 + 5, 1));
    }

    /// @dev What stands where a topic would is none.
    function test_ALogWithoutTopicsIsReadAsSuch() public {
        Leg memory leg = _describe(A, RELAY, _message(RELAY, "hello"));
        Vm.Log[] memory logs = new Vm.Log[](2);
        (logs[0].emitter, logs[0].data) = (address(services[A]), abi.encode(TOPIC));
        logs[1] = _messageLog(A, A, RELAY, leg)[0];
        leg = _legOf(A, RELAY, logs);
        services[RELAY].transferIn(A, leg.proof);
        assertEq(counterparts[RELAY].count(), 1);
        leg.logIndex = 0;
        vm.expectRevert(IOmnichainService.OmnichainService_NotAMessage.selector);
        _deliver(RELAY, leg);
    }

    /// @dev Also in what pads and points.
    function testFuzz_AFlippedBitOfALogIsRefused(uint256 at, uint8 bit) public {
        Leg memory leg = _describe(A, RELAY, _message(RELAY, "hello"));
        Vm.Log[] memory logs = _messageLog(A, A, RELAY, leg);
        logs[0].data = _flipped(logs[0].data, at, bit);
        leg = _unreadLeg(A, logs);
        _finalize(RELAY, A, leg.blockNumber, keccak256(leg.parts.header));
        vm.expectRevert();
        _deliver(RELAY, leg);
    }

    /// @dev The order id does not bind what was answered.
    function testFuzz_AFlippedBitOfAnAnswersEnvelopeIsRefusedOrAnotherAnswer(uint256 at, uint8 bit) public {
        bytes32 original = keccak256(abi.encode(_message(B, "question")));
        Leg memory leg = _describe(A, B, _message(B, "question"));
        bytes memory answered = abi.encode(2, address(services[B]), 77, abi.encode(_message(B, "answer")), original);
        leg.callData = _flipped(answered, at, bit);
        bytes memory flipped = leg.callData;
        leg = _forge(RELAY, A, B, leg);
        vm.chainId(B);
        try services[B].transferIn(RELAY, leg.proof) {
            (uint256 version, address service, uint256 nonce, bytes memory data, bytes32 originalHash) =
                abi.decode(flipped, (uint256, address, uint256, bytes, bytes32));
            assertEq(abi.encode(version, service, nonce, data, originalHash), flipped);
            assertEq(abi.encode(abi.decode(data, (MessageData))), data);
        } catch {}
    }

    function _flipped(bytes memory data, uint256 at, uint8 bit) private pure returns (bytes memory) {
        at = bound(at, 0, data.length - 1);
        return _with(data, at, uint8(data[at]) ^ uint8(1 << (bit % 8)));
    }

    /// @dev A copy of data with another byte.
    function _with(bytes memory data, uint256 at, uint8 value) private pure returns (bytes memory copy) {
        copy = bytes.concat(data);
        assertNotEq(uint8(copy[at]), value);
        copy[at] = bytes1(value);
    }

    function _assertNotAMessage(bytes memory data) private {
        Vm.Log[] memory logs = new Vm.Log[](1);
        logs[0].emitter = address(services[A]);
        logs[0].topics = new bytes32[](3);
        (logs[0].topics[0], logs[0].topics[1], logs[0].topics[2]) = (TOPIC, bytes32(A), bytes32(RELAY));
        logs[0].data = data;
        Leg memory leg = _unreadLeg(A, logs);
        _finalize(RELAY, A, leg.blockNumber, keccak256(leg.parts.header));
        vm.expectRevert(IOmnichainService.OmnichainService_NotAMessage.selector);
        _deliver(RELAY, leg);
    }

    function _assertMalformedEnvelope(bytes memory callData) private {
        Leg memory leg = _describe(A, RELAY, _message(RELAY, "hello"));
        leg.callData = callData;
        Leg memory forged = _forge(A, A, RELAY, leg);
        vm.expectRevert(EnvelopeCodec.EnvelopeCodec_Malformed.selector);
        _deliver(RELAY, forged);
    }

    function _assertMalformedData(bytes memory data) private {
        vm.chainId(A);
        vm.expectRevert(MessageDataCodec.MessageDataCodec_Malformed.selector);
        services[A].transferOut(B, data, address(0));
    }
}
