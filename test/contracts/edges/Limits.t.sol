// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";
import {StateRootProof} from "xdm/contracts/types/StateBatch.sol";

/// @notice Sizes and gas limits at their ends, delivered really.
contract LimitEdgesTest is MessageTreeTest {
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
}
