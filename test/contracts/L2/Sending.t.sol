// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDeployedSenderAllowlist} from "../support/Deployed.sol";
import {LaneTest} from "../support/LaneTest.sol";
import {PermanentlyOwned} from "xdm/contracts/access/PermanentlyOwned.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL2CrossDomainMessenger} from "xdm/contracts/interfaces/IL2CrossDomainMessenger.sol";
import {IL2ToL1MessagePasser} from "xdm/contracts/interfaces/IL2ToL1MessagePasser.sol";
import {ISenderAllowlist} from "xdm/contracts/interfaces/ISenderAllowlist.sol";
import {Message} from "xdm/contracts/types/Message.sol";

contract L2SendingTest is LaneTest {
    address private immutable target = makeAddr("target");

    function test_RecordsTheMessageWithThePasser() public {
        uint256 nonce = (1 << 240) | 0;
        Message memory expected = Message(nonce, alice, target, 1 ether, 100_000, hex"c0ffee");
        bytes32 messageHash = expected.hash();
        bytes32 key =
            keccak256(abi.encode(messageHash, address(l2Messenger), L2_CHAIN_ID, L1_CHAIN_ID, address(l1Messenger)));
        assertFalse(l2Messenger.sentMessages(messageHash));

        vm.expectEmit(address(l2Messenger));
        emit ICrossDomainMessenger.SentMessage(target, alice, hex"c0ffee", nonce, 100_000);
        vm.expectEmit(address(l2Messenger));
        emit ICrossDomainMessenger.SentMessageExtension1(alice, 1 ether);
        hoax(alice, 1 ether);
        assertEq(l2Messenger.sendMessage{value: 1 ether}(target, hex"c0ffee", 100_000), messageHash);

        assertEq(l2Messenger.messageKey(messageHash), key);
        assertEq(l1Messenger.messageKey(messageHash), key);
        assertTrue(passer.sentMessages(key));
        assertTrue(l2Messenger.sentMessages(messageHash));
        assertFalse(l1Messenger.sentMessages(messageHash));
        assertEq(vm.load(address(passer), keccak256(abi.encode(key, uint256(0)))), bytes32(uint256(1)));
    }

    function test_LocksValueInThePasser() public {
        _sendFromL2(alice, target, "", 0, 1 ether);
        _sendFromL2(alice, target, "", 0, 2 ether);

        assertEq(address(passer).balance, 3 ether);
        assertEq(address(l2Messenger).balance, 0);
    }

    function test_CountsItsMessages() public {
        for (uint256 i = 0; i < 5; ++i) {
            assertEq(l2Messenger.messageNonce(), (uint256(1) << 240) | i);
            assertEq(passer.messageCount(), i);
            _sendFromL2(alice, target, "", 0, 0);
        }
    }

    function test_EqualMessagesHaveDifferentHashes() public {
        assertTrue(_sendFromL2(alice, target, "", 0, 0).hash() != _sendFromL2(alice, target, "", 0, 0).hash());
    }

    // ------------------------------------------------------------------------------------------ what cannot be sent

    function test_RevertWhen_TheTargetIsRefusedOnL1() public {
        address[5] memory refused =
            [address(l1Messenger), address(l2Messenger), address(ctc), address(scc), address(container)];
        for (uint256 i = 0; i < refused.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_TargetRefused.selector, refused[i])
            );
            l2Messenger.sendMessage(refused[i], "", 0);
        }
    }

    function test_TakesDataUpToTheLimit() public {
        l2Messenger.sendMessage(target, new bytes(100_000), 0);

        vm.expectRevert(
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_DataTooLarge.selector, 100_001, 100_000)
        );
        l2Messenger.sendMessage(target, new bytes(100_001), 0);
    }

    /// @dev A transaction on L1 has 16,777,216 gas at most, of which 1,000,000 are kept for the proof.
    function test_TakesAGasLimitUpToWhatATransactionCarries() public {
        uint256 maximum = 15_777_216;
        uint32 highest = _highestGasLimit(maximum);
        l2Messenger.sendMessage(target, "", highest);

        vm.expectRevert(
            abi.encodeWithSelector(
                ICrossDomainMessenger.CrossDomainMessenger_GasLimitTooHigh.selector,
                l2Messenger.baseGas("", highest + 1),
                maximum
            )
        );
        l2Messenger.sendMessage(target, "", highest + 1);
        vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_GasLimitTooHigh.selector);
        l2Messenger.sendMessage(target, "", type(uint32).max);
    }

    function test_RevertWhen_ALaneWithoutValueGetsSome() public {
        _deploy(false, address(0));
        assertFalse(l2Messenger.valueEnabled());

        vm.expectRevert(abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_ValueDisabled.selector, 1));
        l2Messenger.sendMessage{value: 1}(target, "", 0);
        vm.expectRevert(abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_ValueDisabled.selector, 1));
        l1Messenger.sendMessage{value: 1}(target, "", 0);
        l2Messenger.sendMessage(target, "", 0);
        l1Messenger.sendMessage(target, "", 0);
    }

    function test_RevertWhen_AnyoneElsePassesAMessage() public {
        address[3] memory callers = [alice, address(l1Messenger), address(this)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IL2ToL1MessagePasser.L2ToL1MessagePasser_NotMessenger.selector, callers[i])
            );
            passer.passMessage(keccak256("key"));
        }
        assertEq(passer.messageCount(), 0);
    }

    // --------------------------------------------------------------------------------------------------- allowlist

    function test_WithoutAnAllowlistEveryoneMaySend() public {
        assertEq(l2Messenger.senderAllowlist(), address(0));
        vm.prank(makeAddr("anyone"));
        l2Messenger.sendMessage(target, "", 0);
    }

    function test_WithAnAllowlistOnlyAllowedSendersMaySend() public {
        IDeployedSenderAllowlist allowlist = IDeployedSenderAllowlist(_create("SenderAllowlist", abi.encode(owner)));
        _deploy(true, address(allowlist));
        _expectNotAllowed();

        vm.expectEmit(address(allowlist));
        emit ISenderAllowlist.SenderAllowed(alice, true);
        vm.prank(owner);
        allowlist.setAllowed(alice, true);
        _sendFromL2(alice, target, "", 0, 0);

        vm.prank(owner);
        allowlist.setAllowed(alice, false);
        _expectNotAllowed();
    }

    function test_RevertWhen_AnyoneButTheOwnerChangesTheAllowlist() public {
        IDeployedSenderAllowlist allowlist = IDeployedSenderAllowlist(_create("SenderAllowlist", abi.encode(owner)));

        vm.expectRevert(abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", address(this)));
        allowlist.setAllowed(alice, true);
        vm.prank(owner);
        vm.expectRevert(PermanentlyOwned.PermanentlyOwned_NotRenounceable.selector);
        allowlist.renounceOwnership();
    }

    function _expectNotAllowed() private {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IL2CrossDomainMessenger.L2CrossDomainMessenger_SenderNotAllowed.selector, alice)
        );
        l2Messenger.sendMessage(target, "", 0);
    }

    /// @dev The highest gas limit whose delivery takes no more than `maximum` gas.
    function _highestGasLimit(uint256 maximum) private view returns (uint32 gasLimit) {
        gasLimit = uint32(maximum);
        while (l2Messenger.baseGas("", gasLimit) > maximum) {
            gasLimit -= 1 + uint32((l2Messenger.baseGas("", gasLimit) - maximum) / 2);
        }
        while (l2Messenger.baseGas("", gasLimit + 1) <= maximum) ++gasLimit;
    }
}
