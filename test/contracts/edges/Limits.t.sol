// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {StateBatchBuilder} from "../support/StateBatchBuilder.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {GasProbe} from "../support/targets/GasProbe.sol";
import {MessageGas} from "xdm/contracts/libraries/MessageGas.sol";
import {StateBatchTree} from "xdm/contracts/libraries/StateBatchTree.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";
import {StateBatch, StateRootProof} from "xdm/contracts/types/StateBatch.sol";

/// @notice Sizes and gas limits at their ends, delivered really.
contract LimitEdgesTest is MessageTreeTest {
    /// @dev Gas of the instruction by which a GasProbe looks at its gas.
    uint256 private constant PROBE_DELAY = 2;

    /// @dev Most gas that a call in a test can have: forge adds the 21,000 of its transaction.
    uint256 private constant MOST_GAS = MessageGas.MAX_TRANSACTION - MessageGas.TRANSACTION;

    /// @dev Counts its calls.
    Fragile private target;

    function setUp() public override {
        super.setUp();
        target = new Fragile("");
        target.repair();
    }

    // ------------------------------------------------------------------------------------------------------ payloads

    function test_DataOfAnySizeIsDeliveredOnL2() public {
        uint256[3] memory sizes = [uint256(0), 1, l1Messenger.MAX_DATA_LENGTH()];
        for (uint256 i = 0; i < sizes.length; ++i) {
            _nextBlock();
            Message memory message = _sendFromL1(alice, address(target), new bytes(sizes[i]), 100_000, 0);
            assertTrue(_deliverDeposit(message, _baseGas(message)));
            assertEq(target.count(), i + 1);
        }
    }

    function test_DataOfAnySizeIsDeliveredOnL1ByEveryRoute() public {
        uint256[3] memory sizes = [uint256(0), 1, l2Messenger.MAX_DATA_LENGTH()];
        Message[] memory messages = new Message[](9);
        for (uint256 i = 0; i < messages.length; ++i) {
            messages[i] = _sendFromL2(alice, address(target), new bytes(sizes[i % 3]), 100_000, 0);
        }
        for (uint256 i = 0; i < 3; ++i) {
            MessageProof memory proof = _finalizedProof(messages[i]);
            assertTrue(l1Messenger.relayMessage(messages[i], proof));
        }
        _proveRoot();
        for (uint256 i = 3; i < 6; ++i) {
            assertTrue(_relayByPath(messages[i]));
        }
        assertEq(_relayAll(_slice(messages, 6, 9)), 3);
        assertEq(target.count(), 9);
    }

    // ---------------------------------------------------------------------------------------------------- gas limits

    function test_AMessageOfNoGasLimitIsDelivered() public {
        address nobody = makeAddr("nobody");
        Message memory down = _sendFromL1(alice, nobody, "", 0, 1 ether);
        assertTrue(_deliverDeposit(down, _baseGas(down)));
        Message memory up = _sendFromL2(alice, nobody, "", 0, 1 ether);
        MessageProof memory proof = _finalizedProof(up);
        assertTrue(l1Messenger.relayMessage(up, proof));
        assertEq(nobody.balance, 2 ether);
    }

    function test_TheHighestGasLimitThatCanBeSentIsKeptOnL2() public {
        uint32 highest = 16_421_946;
        assertEq(l1Messenger.baseGas("", highest), MessageGas.MAX_TRANSACTION);
        Message memory message = _sendFromL1(alice, address(new GasProbe()), "", highest, 1);

        assertTrue(_deliverDeposit(message, _baseGas(message)));

        _assertPromiseKept(message);
    }

    /// @dev In one transaction with its proof. The tries here are small: with those of a large L2 it has 14,000 bytes, of 40 gas
    /// each.
    function test_TheHighestGasLimitThatCanBeSentIsKeptOnL1ByEveryRoute() public {
        uint32 highest = 15_437_571;
        assertEq(l2Messenger.baseGas("", highest), MessageGas.MAX_TRANSACTION - 1_000_000);
        assertGt(l2Messenger.baseGas("", highest + 1), MessageGas.MAX_TRANSACTION - 1_000_000);
        Message[] memory messages = new Message[](3);
        for (uint256 i = 0; i < 3; ++i) {
            messages[i] = _sendFromL2(alice, address(new GasProbe()), "", highest, 1);
        }
        MessageProof memory proof = _finalizedProof(messages[0]);
        _proveRoot();
        bytes32[] memory path = _pathOf(messages[1]);
        bytes32[] memory siblings = _siblingsOf(_only(messages[2]));

        uint256 gas = MOST_GAS - 14_000 * MessageGas.CALLDATA_FLOOR_BYTE;
        assertTrue(l1Messenger.relayMessage{gas: gas}(messages[0], proof));
        assertTrue(l1Messenger.relayMessageByPath{gas: gas}(messages[1], 3, path));
        assertEq(l1Messenger.relayMessages{gas: gas}(_only(messages[2]), 3, siblings), 1);

        for (uint256 i = 0; i < 3; ++i) {
            _assertPromiseKept(messages[i]);
        }
    }

    // ------------------------------------------------------------------------------------------------- state batches

    function test_FirstMiddleAndLastStateRootOfABatchOfAnySizeRelay() public {
        uint256[10] memory sizes = [uint256(1), 2, 3, 7, 8, 9, 255, 256, 257, 1000];
        uint256 relayed;
        for (uint256 i = 0; i < sizes.length; ++i) {
            uint256[3] memory indices = [uint256(0), sizes[i] / 2, sizes[i] - 1];
            for (uint256 j = 0; j < 3; ++j) {
                Message memory message = _sendFromL2(alice, address(target), hex"01", 100_000, 0);
                (bytes32 stateRoot, bytes memory nodes) = _proveSlot(_passerSlot(message.hash()));
                StateRootProof memory stateRootProof = _commit(stateRoot, indices[j], sizes[i]);
                vm.warp(vm.getBlockTimestamp() + FRAUD_PROOF_WINDOW);

                MessageProof memory proof = MessageProof(stateRootProof, nodes);
                proof.stateRootProof.index = sizes[i];
                vm.expectRevert();
                l1Messenger.relayMessage(message, proof);

                proof.stateRootProof.index = indices[j];
                assertTrue(l1Messenger.relayMessage(message, proof));
                assertEq(target.count(), ++relayed);
            }
        }
    }

    /// @dev Each leaf is the state root after one more message, which the leaf before does not know.
    function test_FirstMiddleAndLastStateRootOfTheLargestBatchRelay() public {
        uint256[3] memory indices = [uint256(0), 32_768, 65_535];
        bytes32[] memory leaves = new bytes32[](StateBatchTree.MAX_SIZE);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = bytes32(i + 1);
        }
        Message[3] memory messages;
        MessageProof[3] memory proofs;
        for (uint256 i = 0; i < 3; ++i) {
            messages[i] = _sendFromL2(alice, address(target), hex"01", 100_000, 0);
            (leaves[indices[i]], proofs[i].nodes) = _proveSlot(_passerSlot(messages[i].hash()));
        }
        StateBatch memory batch = _append(StateBatchBuilder.rootOf(leaves), leaves.length);
        vm.warp(vm.getBlockTimestamp() + FRAUD_PROOF_WINDOW);

        for (uint256 i = 0; i < 3; ++i) {
            bytes32[] memory siblings = StateBatchBuilder.siblingsOf(leaves, indices[i]);
            proofs[i].stateRootProof = StateRootProof(
                batch.batchIndex, leaves.length, batch.prevTotalElements, batch.timestamp, indices[i], siblings
            );
            assertTrue(l1Messenger.relayMessage(messages[i], proofs[i]));
            assertEq(target.count(), i + 1);
        }
    }

    /// @dev The chain stores no such batch, and no proof is taken that speaks of one.
    function test_RevertWhen_ABatchHasOneStateRootMoreThanTheLargest() public {
        Message memory message = _sendFromL2(alice, address(target), hex"01", 100_000, 0);
        (bytes32 stateRoot, bytes memory nodes) = _proveSlot(_passerSlot(message.hash()));
        bytes memory outOfBounds =
            abi.encodeWithSelector(StateBatchTree.StateBatchTree_SizeOutOfBounds.selector, 65_537);
        vm.prank(proposer);
        vm.expectRevert(outOfBounds);
        scc.appendStateBatch(stateRoot, 65_537, 0);

        MessageProof memory proof = MessageProof(_commit(stateRoot, 0, 1), nodes);
        vm.warp(vm.getBlockTimestamp() + FRAUD_PROOF_WINDOW);
        (proof.stateRootProof.batchSize, proof.stateRootProof.siblings) = (65_537, new bytes32[](17));
        vm.expectRevert(outOfBounds);
        l1Messenger.relayMessage(message, proof);
    }

    /// @dev The message was delivered, and its target, a GasProbe, got its gas limit.
    function _assertPromiseKept(Message memory message) private view {
        assertEq(message.target.balance, 1);
        assertGe(uint256(vm.load(message.target, 0)) + PROBE_DELAY, message.gasLimit);
    }
}
