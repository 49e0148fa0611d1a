// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {Exhauster} from "../support/targets/Exhauster.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {GasEater} from "../support/targets/GasEater.sol";
import {GasProbe} from "../support/targets/GasProbe.sol";
import {ReturnBomb} from "../support/targets/ReturnBomb.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {MessageGas} from "xdm/contracts/libraries/MessageGas.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice A gas limit is a promise to the target, and the gas of a deposit always reaches the recording of the outcome.
contract GasPromiseTest is LaneTest {
    /// @dev Gas of the instruction by which a GasProbe looks at its gas.
    uint256 private constant PROBE_DELAY = 2;

    address private probe;
    address private delegated;

    function setUp() public override {
        super.setUp();
        probe = address(new GasProbe());
        delegated = makeAddr("delegated");
    }

    // ----------------------------------------------------------------------------------- the deposit's gas suffices

    function testFuzz_BaseGasKeepsThePromise(uint16 length, uint24 gasLimit, bool withValue) public {
        uint256 size = bound(length, 0, 5000);
        Message memory message = _message(probe, size, bound(gasLimit, 0, 10_000_000), withValue ? 1 : 0);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertEq(_count(probe), _delivered(message) ? 1 : 0);
        // A probe that gets too little for its own work fails: the promise is the sender's to choose.
        if (message.gasLimit >= 50_000) {
            assertTrue(_delivered(message));
            assertGe(_gasSeen(probe) + PROBE_DELAY, message.gasLimit);
        }
    }

    function test_BaseGasKeepsThePromiseForTheLargestMessage() public {
        Message memory message = _message(probe, l2Messenger.MAX_DATA_LENGTH(), 5_000_000, 1);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertTrue(_delivered(message));
        assertGe(_gasSeen(probe) + PROBE_DELAY, message.gasLimit);
    }

    function test_BaseGasKeepsTheHighestPromise() public {
        uint32 gasLimit = 16_400_000;
        Message memory message = _message(probe, 0, gasLimit, 0);
        assertLe(_baseGas(message), MessageGas.MAX_TRANSACTION);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertTrue(_delivered(message));
        assertGe(_gasSeen(probe) + PROBE_DELAY, gasLimit);
    }

    function testFuzz_BaseGasRecordsWhatEatsAllGas(uint16 length, uint24 gasLimit, bool withValue) public {
        address target = address(new GasEater());
        uint256 size = bound(length, 0, 5000);
        Message memory message = _message(target, size, bound(gasLimit, 0, 10_000_000), withValue ? 1 : 0);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertTrue(l2Messenger.failedMessages(message.hash()));
    }

    function testFuzz_BaseGasRecordsALongReason(uint24 gasLimit) public {
        Message memory message = _message(address(new ReturnBomb()), 0, bound(gasLimit, 0, 10_000_000), 0);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertTrue(l2Messenger.failedMessages(message.hash()));
    }

    function test_BaseGasCoversValueForANewAccount() public {
        for (uint256 i = 0; i < 50; ++i) {
            address fresh = makeAddr(vm.toString(i));
            Message memory message = Message(i, alice, fresh, 1, i * 1000, new bytes(i * 10));

            assertTrue(_deliverDeposit(message, _baseGas(message)));

            assertEq(fresh.balance, 1);
        }
    }

    function test_BaseGasCoversAnEip7702Delegate() public {
        _delegateTo(probe);
        Message memory message = _message(delegated, 4, 400_000, 1);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        assertTrue(_delivered(message));
        assertGe(_gasSeen(delegated) + PROBE_DELAY, message.gasLimit);
    }

    function test_BaseGasIsTheLargerOfFloorPriceAndExecution() public view {
        // Floor price (EIP-7623): 21,000 + 40 a byte of the encoding.
        uint256 encoded = 100_000 + 228;
        assertEq(l2Messenger.baseGas(new bytes(100_000), 0), 21_000 + 40 * encoded);
        // The data is padded to words.
        assertEq(l2Messenger.baseGas(new bytes(50_001), 0), 21_000 + 40 * (50_016 + 228));
        assertEq(l2Messenger.baseGas(new bytes(50_016), 0), 21_000 + 40 * (50_016 + 228));
        // Execution: 21,000 + (16 + 2) a byte + 30,000 + what the call needs.
        uint256 call = 5500 + 34_000 + 1_000_000 + 15_874;
        assertEq(l2Messenger.baseGas("", 1_000_000), 21_000 + 18 * 228 + 30_000 + call);
    }

    function test_BaseGasDoesNotOverflow() public view {
        uint256 gasLimit = type(uint32).max;
        assertGt(l2Messenger.baseGas("", type(uint32).max), gasLimit + gasLimit / 64);
    }

    // --------------------------------------------------------------------- at any gas: the promise, or a failed record

    function test_AnyGasKeepsThePromiseOrRecordsAFailure() public {
        _scan(probe, Case({value: 0, gasLimit: 300_000, length: 68}));
    }

    function test_AnyGasKeepsThePromiseOrRecordsAFailure_WithValue() public {
        _scan(probe, Case({value: 1, gasLimit: 300_000, length: 68}));
    }

    /// @dev Where 1/64 of the gas is more than what is reserved.
    function test_AnyGasKeepsThePromiseOrRecordsAFailure_HighGasLimit() public {
        _scan(probe, Case({value: 1, gasLimit: 6_000_000, length: 68}));
    }

    /// @dev The dearest call without value: neither the account nor its delegate were touched before.
    function test_AnyGasKeepsThePromiseOrRecordsAFailure_ColdDelegate() public {
        _delegateTo(probe);
        _scan(delegated, Case({value: 0, gasLimit: 300_000, length: 0}));
        _scan(delegated, Case({value: 0, gasLimit: 3_000_000, length: 0}));
    }

    function test_AnyGasKeepsThePromiseOrRecordsAFailure_ColdDelegateWithValue() public {
        _delegateTo(probe);
        _scan(delegated, Case({value: 1, gasLimit: 300_000, length: 0}));
    }

    /// @dev The dearest transfer: an account that does not exist.
    function test_AnyGasDeliversToANewAccountOrRecordsAFailure() public {
        uint256 failures;
        for (uint256 i = 0; i < 600; ++i) {
            address fresh = makeAddr(vm.toString(i));
            Message memory message = Message(i, alice, fresh, 1, 0, "");
            assertTrue(_deliverDeposit(message, 70_000 + 100 * i), "never reverts");
            if (l2Messenger.failedMessages(message.hash())) ++failures;
            else assertEq(fresh.balance, 1);
        }
        assertGt(failures, 0);
        assertLt(failures, 600);
    }

    /// @dev The dearest failure: all gas used, a long reason, and nothing left over of what the call may cost.
    function test_AnyGasRecordsTheDearestFailure() public {
        _delegateTo(address(new Exhauster()));
        for (uint256 i = 0; i < 3000; ++i) {
            Message memory message = Message(i, alice, delegated, 0, 20_000, "");
            assertTrue(_deliverDeposit(message, 80_000 + 53 * i), "never reverts");
            assertTrue(l2Messenger.failedMessages(message.hash()));
        }
    }

    struct Case {
        uint256 value;
        uint256 gasLimit;
        uint256 length;
    }

    /// @dev Gas limits of the deposit around the least that lets the call start, in steps of 13 gas.
    function _scan(address target, Case memory given) private {
        uint256 enough = _baseGas(_message(target, given.length, given.gasLimit, given.value));
        if (given.value == 0) enough -= 34_000;
        uint256 started;
        uint256 steps = 3000;
        for (uint256 i = 0; i < steps; ++i) {
            bytes memory data = new bytes(given.length);
            Message memory message = Message(given.gasLimit + i, alice, target, given.value, given.gasLimit, data);
            uint256 before = _count(target);
            assertTrue(_deliverDeposit(message, enough - 13 * i), "never reverts");

            if (_count(target) == before) {
                assertTrue(l2Messenger.failedMessages(message.hash()));
            } else {
                ++started;
                assertGe(_gasSeen(target) + PROBE_DELAY, given.gasLimit, "promise");
                assertTrue(_delivered(message));
            }
        }
        assertGt(started, 0, "some start");
        assertLt(started, steps, "some do not");
    }

    // --------------------------------------------------------------------------------------------------- replaying

    function test_RevertWhen_AReplayCannotKeepThePromise() public {
        Fragile fragile = new Fragile("");
        Message memory message = _message(address(fragile), 4, 500_000, 0);
        _deliverDeposit(message, _baseGas(message));
        fragile.repair();

        vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_InsufficientGas.selector);
        this.replayWithGas(message, 500_000);

        assertEq(l2Messenger.delivery(message.hash()).attempts, 1);
        assertTrue(l2Messenger.failedMessages(message.hash()));
        this.replayWithGas(message, 600_000);
        assertTrue(_delivered(message));
    }

    function replayWithGas(Message calldata message, uint256 gasAmount) external {
        l2Messenger.relayMessage{gas: gasAmount}(
            message.nonce, message.sender, message.target, message.value, message.gasLimit, message.data
        );
    }

    // ----------------------------------------------------------------------------------------------------- helpers

    function _message(address target, uint256 length, uint256 gasLimit, uint256 value)
        private
        view
        returns (Message memory)
    {
        // Bytes that are not zero cost the most.
        bytes memory data = bytes(vm.replace(string(new bytes(length)), "\x00", "\x01"));
        return Message(1, alice, target, value, gasLimit, data);
    }

    /// @dev As above, with value and with memory in use.
    function test_AnyGasRecordsTheDearestFailureOfALargeMessage() public {
        _delegateTo(address(new Exhauster()));
        for (uint256 i = 0; i < 1500; ++i) {
            Message memory message = Message(i, alice, delegated, i % 2, 20_000, new bytes(4096));
            assertTrue(_deliverDeposit(message, 190_000 + 53 * i), "never reverts");
            assertTrue(l2Messenger.failedMessages(message.hash()));
        }
    }

    /// @dev Makes an account an EIP-7702 account of some code.
    function _delegateTo(address code) private {
        vm.etch(delegated, abi.encodePacked(hex"ef0100", code));
    }

    function _gasSeen(address gasProbe) private view returns (uint256) {
        return uint256(vm.load(gasProbe, 0));
    }

    function _count(address gasProbe) private view returns (uint256) {
        return uint256(vm.load(gasProbe, bytes32(uint256(1))));
    }

    function _delivered(Message memory message) private view returns (bool) {
        return l2Messenger.successfulMessages(message.hash());
    }
}
