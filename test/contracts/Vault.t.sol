// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "./support/LaneTest.sol";
import {MessageTreeTest} from "./support/MessageTreeTest.sol";
import {Fragile} from "./support/targets/Fragile.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice ETH goes both ways in any order, fails and is retried, and the vault on L1 always covers what L2 can withdraw.
contract VaultTest is MessageTreeTest {
    uint256 private lockedOnL1;
    uint256 private heldByFailures;
    uint256 private stranded;
    uint256 private withdrawn;
    Message[] private down;
    Message[] private failures;

    /// @dev The vault starts empty.
    function setUp() public override {
        LaneTest.setUp();
    }

    /// forge-config: default.fuzz.runs = 24
    function testFuzz_TheVaultCoversWhatL2CanWithdraw(uint256 seed) public {
        for (uint256 i = 0; i < 10; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            uint256 value = 1 + (random >> 8) % 1 ether;
            uint256 action = random % 6;
            if (action == 0) _sendUp(new Fragile(""), value, true);
            if (action == 1) _sendUp(new Fragile(""), value, false);
            if (action == 2) _sendDown(value);
            if (action == 3) _repairAndReplay();
            if (action == 4) _relayDown();
            if (action == 5) _relayAllDown();
            _checkBalances();
        }
    }

    /// @dev Delivered with enough gas, the message fails and its value stays with the messenger. With far too little, the
    /// deposit itself fails and its value stays with the alias.
    function _sendUp(Fragile target, uint256 value, bool withEnoughGas) private {
        _nextBlock();
        Message memory message = _sendFromL1(alice, address(target), hex"01", 100_000, value);
        lockedOnL1 += value;
        assertEq(_deliverDeposit(message, withEnoughGas ? _baseGas(message) : 40_000), withEnoughGas);
        if (withEnoughGas) heldByFailures += value;
        else stranded += value;
        if (withEnoughGas) failures.push(message);
    }

    /// @dev What anyone has on L2 can be sent down: here, as much as was delivered.
    function _sendDown(uint256 value) private {
        uint256 delivered = lockedOnL1 - heldByFailures - stranded - address(passer).balance;
        value = value > delivered ? delivered : value;
        down.push(_sendFromL2(alice, makeAddr("receiver"), "", 50_000, value));
    }

    function _repairAndReplay() private {
        if (failures.length == 0) return;
        Message memory message = failures[failures.length - 1];
        failures.pop();
        Fragile(payable(message.target)).repair();
        _relay(message);
        assertTrue(l2Messenger.successfulMessages(message.hash()));
        heldByFailures -= message.value;
    }

    function _relayDown() private {
        if (down.length == 0) return;
        Message memory message = down[down.length - 1];
        down.pop();
        MessageProof memory proof = _finalizedProof(message);
        assertTrue(l1Messenger.relayMessage(message, proof));
        withdrawn += message.value;
    }

    /// @dev All that are left, in one batch.
    function _relayAllDown() private {
        if (down.length == 0) return;
        _proveRoot();
        assertEq(_relayAll(down), down.length);
        for (uint256 i = 0; i < down.length; ++i) {
            withdrawn += down[i].value;
        }
        delete down;
    }

    function _checkBalances() private view {
        assertEq(address(l1Messenger).balance, lockedOnL1 - withdrawn, "vault");
        assertEq(address(l2Messenger).balance, heldByFailures, "held by failures");
        assertEq(_aliasedL1Messenger().balance, stranded, "stranded deposits");
        // What was sent down and not yet paid out, and what is still on L2.
        uint256 onL2 = lockedOnL1 - address(passer).balance;
        assertGe(address(l1Messenger).balance, onL2 + address(passer).balance - withdrawn, "covered");
    }
}
