// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GatewayTest} from "../support/GatewayTest.sol";
import {Inbox} from "../support/crosschain/Inbox.sol";
import {IGatewayAttributes} from "xdm/contracts/interfaces/IGatewayAttributes.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

/// @notice A recipient gets what it was promised from a messenger that gives the gateway no more than its message's gas
/// limit.
contract GatewayGasPromiseTest is GatewayTest {
    /// @dev Beyond the promise, at most: the overhead is counted, and not only bounded.
    uint256 private constant MOST_SPARE = 17_000;

    /// @dev What the gateway needs once the recipient has answered, and more.
    uint256 private constant LEAST_SPARE = 1500;

    bytes[] private attributes;
    address private probe;

    function setUp() public override {
        super.setUp();
        attributes.push();
        probe = makeAddr("probe");
        _becomeProbe(probe);
    }

    function test_ARecipientOfNothingGetsItsGas() public {
        _assertPromiseKept(0, 50_000, 0);
    }

    function test_ARecipientOfValueGetsItsGas() public {
        _assertPromiseKept(100, 50_000, 1 ether);
    }

    function test_ARecipientOfTheLargestPayloadGetsItsGas() public {
        // Its bytes are counted at more than they take, so that a small one's margin is not all there is.
        uint256 spare = _spareOf(99_808, 50_000, 1 ether);
        assertGe(spare, LEAST_SPARE);
    }

    function test_ARecipientOfMuchGasGetsIt() public {
        // 64/63 of it and the payload's calldata nearly fill a transaction.
        _assertPromiseKept(100, 15_000_000, 1 ether);
    }

    function test_AColdDelegateIsPaidFor() public {
        address delegate = makeAddr("delegate");
        _becomeProbe(delegate);
        vm.etch(probe, abi.encodePacked(hex"ef0100", delegate));
        uint256 spare = _spareOf(100, 50_000, 1 ether);
        assertGe(spare, LEAST_SPARE);
    }

    function test_TheDefaultIsWhatTheConstantSays() public {
        _sendFromL2(probe, "", 0);
        assertTrue(_relayOneToL1().success);
        uint256 gasLimit = l1Gateway.DEFAULT_MIN_GAS_LIMIT();
        assertEq(gasLimit, l2Gateway.DEFAULT_MIN_GAS_LIMIT());
        assertApproxEqAbs(_gasOfProbe(), gasLimit + (LEAST_SPARE + MOST_SPARE) / 2, (MOST_SPARE - LEAST_SPARE) / 2);
    }

    function testFuzz_ARecipientGetsItsGas(uint256 length, uint256 gasLimit, bool hasValue) public {
        length = bound(length, 0, 10_000);
        gasLimit = bound(gasLimit, 25_000, 5_000_000);
        uint256 spare = _spareOf(length, gasLimit, hasValue ? 1 : 0);
        assertGe(spare, LEAST_SPARE);
    }

    function test_ARecipientThatUsesAllItWasPromisedHasReceived() public {
        uint256[3] memory limits = [uint256(30_000), 300_000, 5_000_000];
        for (uint256 i = 0; i < limits.length; ++i) {
            Burner burner = new Burner(limits[i] - 1000);
            attributes[0] = abi.encodeCall(IGatewayAttributes.minGasLimit, (limits[i]));
            l2Gateway.sendMessage(_onL1(address(burner)), "payload", attributes);
            assertTrue(_relayOneToL1().success);
            l1Gateway.sendMessage(_onL2(address(burner)), "payload", attributes);
            assertTrue(_relayOneToL2().success);
        }
    }

    function test_ARecipientThatNeedsMoreCanBeTriedAgainWithMore() public {
        Burner burner = new Burner(l1Gateway.DEFAULT_MIN_GAS_LIMIT() * 2);
        _sendFromL2(address(burner), "payload", 0);
        Attempt memory attempt = _relayOneToL1();
        assertFalse(attempt.success);
        assertTrue(replayOnL1(attempt.messageHash).success);
    }

    function _assertPromiseKept(uint256 length, uint256 gasLimit, uint256 value) private {
        uint256 spare = _spareOf(length, gasLimit, value);
        assertGe(spare, LEAST_SPARE);
        assertLe(spare, MOST_SPARE);
    }

    /// @dev Of either direction, the one that has less.
    function _spareOf(uint256 length, uint256 gasLimit, uint256 value) private returns (uint256) {
        attributes[0] = abi.encodeCall(IGatewayAttributes.minGasLimit, (gasLimit));
        bytes memory payload = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            payload[i] = 0xff;
        }
        hoax(alice, value);
        l1Gateway.sendMessage{value: value}(_onL2(probe), payload, attributes);
        assertTrue(_relayOneToL2().success);
        uint256 onL2 = _gasOfProbe() - gasLimit;
        hoax(alice, value);
        l2Gateway.sendMessage{value: value}(_onL1(probe), payload, attributes);
        assertTrue(_relayOneToL1().success);
        uint256 onL1 = _gasOfProbe() - gasLimit;
        return onL1 < onL2 ? onL1 : onL2;
    }

    /// @dev Writes down the gas it is called with in slot 0, and answers as a recipient does.
    function _becomeProbe(address account) private {
        // GAS, PUSH0, SSTORE; mstore(0, receiveMessage.selector << 224); return(0, 32)
        vm.etch(account, hex"5a5f55632432ef2660e01b5f5260205ff3");
        // Written before, so that the smallest promise is enough.
        vm.store(account, 0, bytes32(uint256(1)));
    }

    function _gasOfProbe() private view returns (uint256) {
        return uint256(vm.load(probe, 0));
    }
}

/// @notice Uses up a given amount of gas, then answers.
contract Burner is Inbox {
    uint256 private immutable AMOUNT;

    constructor(uint256 amount) {
        AMOUNT = amount;
    }

    function receiveMessage(bytes32, bytes calldata, bytes calldata) public payable override returns (bytes4) {
        uint256 start = gasleft();
        while (start - gasleft() < AMOUNT) {}
        return Inbox.receiveMessage.selector;
    }
}
