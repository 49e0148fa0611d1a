// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {GatewayPair} from "../support/GatewayPair.sol";
import {LaneTest} from "../support/LaneTest.sol";
import {ICrossDomainGateway} from "xdm/contracts/interfaces/ICrossDomainGateway.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice What a pair of gateways adds to what the messengers take: a payload of 132 bytes for a recipient that does nothing
/// but answer, beside a message that makes the same call of it. The whole transactions' gas.
contract GatewayGasTest is LaneTest, GatewayPair {
    uint32 private constant GAS_LIMIT = 200_000;

    address private recipient;
    bytes private payload = new bytes(132);
    bytes[] private noAttributes;

    function setUp() public override {
        super.setUp();
        _deployGateways(l1Messenger, l2Messenger);
        recipient = makeAddr("recipient");
        // mstore(0, receiveMessage.selector << 224); return(0, 32)
        vm.etch(recipient, hex"632432ef2660e01b5f5260205ff3");
        for (uint256 i = 0; i < payload.length; ++i) {
            payload[i] = 0xab;
        }
        _sendFromL1(alice, recipient, payload, GAS_LIMIT, 0);
        _sendFromL2(alice, recipient, payload, GAS_LIMIT, 0);
        _nextBlock();
    }

    function test_SendFromL1() public {
        uint256 state = vm.snapshotState();
        _sendFromL1(alice, recipient, _call(), GAS_LIMIT, 0);
        uint256 plain = vm.lastCallGas().gasTotalUsed;
        vm.revertToState(state);

        vm.prank(alice);
        l1Gateway.sendMessage(InteroperableAddress.formatEvmV1(L2_CHAIN_ID, recipient), payload, noAttributes);
        vm.snapshotValue("gateways", "added to sending from L1", vm.lastCallGas().gasTotalUsed - plain);
    }

    function test_SendFromL2() public {
        uint256 state = vm.snapshotState();
        vm.prank(alice);
        l2Messenger.sendMessage(recipient, _call(), GAS_LIMIT);
        uint256 plain = vm.lastCallGas().gasTotalUsed;
        vm.revertToState(state);

        vm.prank(alice);
        l2Gateway.sendMessage(InteroperableAddress.formatEvmV1(L1_CHAIN_ID, recipient), payload, noAttributes);
        vm.snapshotValue("gateways", "added to sending from L2", vm.lastCallGas().gasTotalUsed - plain);
    }

    function test_Receive() public {
        Message memory message = Message(l1Messenger.messageNonce(), alice, recipient, 0, GAS_LIMIT, _call());
        uint256 plain = _executed(message);

        (message.sender, message.target) = (address(l1Gateway), address(l2Gateway));
        message.data = abi.encodeCall(ICrossDomainGateway.deliver, (message.nonce, alice, recipient, payload));
        vm.snapshotValue("gateways", "added to receiving", _executed(message) - plain);
    }

    function _executed(Message memory message) private returns (uint256 gas) {
        assertTrue(_deliverDeposit(message, _baseGas(message)));
        gas = vm.lastCallGas().gasTotalUsed;
        assertTrue(l2Messenger.successfulMessages(message.hash()));
    }

    /// @dev What the recipient is called with in either case.
    function _call() private view returns (bytes memory) {
        bytes memory sender = InteroperableAddress.formatEvmV1(L1_CHAIN_ID, alice);
        return abi.encodeCall(IERC7786Recipient.receiveMessage, (keccak256("id"), sender, payload));
    }
}
