// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {Caller} from "../support/targets/Caller.sol";
import {ICanonicalTransactionChain} from "xdm/contracts/interfaces/ICanonicalTransactionChain.sol";
import {AddressAlias} from "xdm/contracts/libraries/AddressAlias.sol";

contract CanonicalTransactionChainTest is LaneTest {
    address private immutable target = makeAddr("target");

    // --------------------------------------------------------------------------------------------------- enqueueing

    function test_AnyoneEnqueuesWithoutMinting() public {
        bytes memory opaqueData = abi.encodePacked(uint256(0), uint256(0), uint64(100_000), false, hex"c0ffee");

        vm.expectEmit(address(ctc));
        emit ICanonicalTransactionChain.TransactionDeposited(alice, target, 0, opaqueData);
        vm.prank(alice, alice);
        assertEq(ctc.enqueue(target, 100_000, hex"c0ffee"), 0);
    }

    function test_AliasesAContract() public {
        Caller caller = new Caller();
        caller.prepare(address(ctc), abi.encodeCall(ctc.enqueue, (target, 100_000, "")));
        address aliased = AddressAlias.applyL1ToL2Alias(address(caller));

        vm.expectEmit(true, true, true, false, address(ctc));
        emit ICanonicalTransactionChain.TransactionDeposited(aliased, target, 0, "");
        (bool success,) = address(caller).call("");
        assertTrue(success && caller.success());
    }

    function test_DoesNotAliasAnEip7702Account() public {
        vm.etch(alice, abi.encodePacked(hex"ef0100", target));

        vm.expectEmit(true, true, true, false, address(ctc));
        emit ICanonicalTransactionChain.TransactionDeposited(alice, target, 0, "");
        vm.prank(alice, makeAddr("bundler"));
        ctc.enqueue(target, 100_000, "");
    }

    function test_TakesNoValue() public {
        (bool success,) = address(ctc).call{value: 1}(abi.encodeCall(ctc.enqueue, (target, 100_000, "")));
        assertFalse(success);
    }

    function test_IndicesHaveNoGapAndTheRollingHashBindsAll() public {
        bytes32 rollingHash;
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory data = abi.encode(i);
            bytes memory opaqueData = abi.encodePacked(uint256(0), uint256(0), uint64(100_000 + i), false, data);
            rollingHash = keccak256(abi.encode(rollingHash, alice, target, keccak256(opaqueData)));

            vm.expectEmit(address(ctc));
            emit ICanonicalTransactionChain.QueueElement(i, rollingHash);
            vm.prank(alice, alice);
            assertEq(ctc.enqueue(target, uint64(100_000 + i), data), i);

            assertEq(ctc.getQueueLength(), i + 1);
            assertEq(ctc.rollingHash(), rollingHash);
        }
    }

    function test_RevertWhen_AnyoneElseEnqueuesAMessage() public {
        address[3] memory callers = [alice, owner, address(this)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    ICanonicalTransactionChain.CanonicalTransactionChain_NotMessenger.selector, callers[i]
                )
            );
            ctc.enqueueMessage(1 ether, 1 ether, 100_000, "");
        }
    }

    // ------------------------------------------------------------------------------------------------------- limits

    function test_TakesDataUpToTheLimit() public {
        ctc.enqueue(target, 5_000_000, new bytes(120_000));

        vm.expectRevert(
            abi.encodeWithSelector(
                ICanonicalTransactionChain.CanonicalTransactionChain_DataTooLarge.selector, 120_001, 120_000
            )
        );
        ctc.enqueue(target, 5_000_000, new bytes(120_001));
    }

    function test_TakesGasFromWhatTheDataCosts() public {
        assertEq(ctc.minimumGasLimit(0), 21_000);
        assertEq(ctc.minimumGasLimit(10), 21_400);
        ctc.enqueue(target, 21_400, new bytes(10));

        vm.expectRevert(
            abi.encodeWithSelector(
                ICanonicalTransactionChain.CanonicalTransactionChain_GasLimitTooLow.selector, 21_399, 21_400
            )
        );
        ctc.enqueue(target, 21_399, new bytes(10));
    }

    function test_TakesGasUpToATransactions() public {
        ctc.enqueue(target, 16_777_216, "");

        uint64[2] memory tooMuch = [uint64(16_777_217), type(uint64).max];
        for (uint256 i = 0; i < tooMuch.length; ++i) {
            _nextBlock();
            vm.expectRevert(
                abi.encodeWithSelector(
                    ICanonicalTransactionChain.CanonicalTransactionChain_GasLimitTooHigh.selector,
                    tooMuch[i],
                    16_777_216
                )
            );
            ctc.enqueue(target, tooMuch[i], "");
        }
    }

    /// @dev The messenger's own limits are tighter, but a replay's gas is its caller's choice.
    function test_MessagesHaveTheSameLimits() public {
        vm.startPrank(address(l1Messenger));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICanonicalTransactionChain.CanonicalTransactionChain_GasLimitTooHigh.selector, 16_777_217, 16_777_216
            )
        );
        ctc.enqueueMessage(0, 0, 16_777_217, "");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICanonicalTransactionChain.CanonicalTransactionChain_GasLimitTooLow.selector, 21_399, 21_400
            )
        );
        ctc.enqueueMessage(0, 0, 21_399, new bytes(10));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICanonicalTransactionChain.CanonicalTransactionChain_DataTooLarge.selector, 120_001, 120_000
            )
        );
        ctc.enqueueMessage(0, 0, 16_777_216, new bytes(120_001));
        ctc.enqueueMessage(0, 0, 16_777_216, new bytes(120_000));
        vm.stopPrank();
    }

    function test_TakesGasUpToTheBlocksAllowance() public {
        ctc.enqueue(target, 16_000_000, "");
        ctc.enqueue(target, 3_000_000, "");

        vm.expectRevert(
            abi.encodeWithSelector(
                ICanonicalTransactionChain.CanonicalTransactionChain_BlockGasExhausted.selector, 1_000_001, 1_000_000
            )
        );
        ctc.enqueue(target, 1_000_001, "");
        ctc.enqueue(target, 1_000_000, "");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICanonicalTransactionChain.CanonicalTransactionChain_BlockGasExhausted.selector, 21_000, 0
            )
        );
        ctc.enqueue(target, 21_000, "");

        _nextBlock();
        ctc.enqueue(target, 16_000_000, "");
    }

    function test_MessagesCountTowardsTheBlocksAllowance() public {
        ctc.enqueue(target, 16_000_000, "");
        ctc.enqueue(target, 3_900_000, "");

        vm.expectPartialRevert(ICanonicalTransactionChain.CanonicalTransactionChain_BlockGasExhausted.selector);
        l1Messenger.sendMessage(target, "", 200_000);
    }

    function test_RevertWhen_TheBlocksAllowanceCannotHoldAnElement() public {
        uint256[2] memory wrong = [uint256(16_777_215), uint256(type(uint64).max) + 1];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    ICanonicalTransactionChain.CanonicalTransactionChain_BlockGasOutOfBounds.selector,
                    wrong[i],
                    16_777_216,
                    type(uint64).max
                )
            );
            _create("CanonicalTransactionChain", abi.encode(address(1), address(2), wrong[i]));
        }
    }

    // --------------------------------------------------------------------------------------------------------- burn

    function test_BurnsByTheFormula() public view {
        assertEq(ctc.burnedGas(0), 0);
        assertEq(ctc.burnedGas(1_000_000), 0);
        assertEq(ctc.burnedGas(1_000_031), 0);
        assertEq(ctc.burnedGas(1_000_032), 1);
        assertEq(ctc.burnedGas(16_777_216), 493_038);
    }

    function test_BurnsGasForWhatIsBeyondTheAllowance() public {
        uint256 free = _gasOfEnqueue(1_000_000);
        uint256[3] memory limits = [uint256(1_320_000), 4_200_000, 13_800_000];
        for (uint256 i = 0; i < limits.length; ++i) {
            uint256 burned = _gasOfEnqueue(uint64(limits[i])) - free;
            assertApproxEqAbs(burned, (limits[i] - 1_000_000) / 32, 200, "loop granularity");
            assertGe(burned + 40, (limits[i] - 1_000_000) / 32);
        }
    }

    function test_BurnsGasForMessagesToo() public {
        l1Messenger.sendMessage(target, "", 100_000);
        _nextBlock();
        l1Messenger.sendMessage(target, "", 100_000);
        uint256 free = vm.lastCallGas().gasTotalUsed;
        _nextBlock();

        l1Messenger.sendMessage(target, "", 10_000_000);

        uint256 burned = vm.lastCallGas().gasTotalUsed - free;
        assertApproxEqAbs(burned, ctc.burnedGas(l1Messenger.baseGas("", 10_000_000)), 300);
    }

    function _gasOfEnqueue(uint64 gasLimit) private returns (uint256) {
        _nextBlock();
        ctc.enqueue(target, gasLimit, "");
        _nextBlock();
        ctc.enqueue(target, gasLimit, "");
        return vm.lastCallGas().gasTotalUsed;
    }
}
