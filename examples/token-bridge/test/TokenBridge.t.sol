// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {CrossDomainEnabled} from "xdm/contracts/dapp/CrossDomainEnabled.sol";
import {CrossDomainTest} from "xdm/contracts/testing/CrossDomainTest.sol";
import {Attempt, TestLane} from "xdm/contracts/testing/TestLane.sol";
import {Message} from "xdm/contracts/types/Message.sol";

import {L1TokenBridge} from "../L1TokenBridge.sol";
import {L2Token} from "../L2Token.sol";
import {L2TokenBridge} from "../L2TokenBridge.sol";
import {IBeforeTransfer, TestToken} from "./TestToken.sol";

contract TokenBridgeTest is CrossDomainTest {
    address private immutable alice = makeAddr("alice");
    address private immutable bob = makeAddr("bob");

    TestToken private l1Token;
    L2Token private l2Token;
    L1TokenBridge private l1Bridge;
    L2TokenBridge private l2Bridge;

    function setUp() public {
        l1Token = new TestToken();
        // Each bridge is told the other's address, so that of the second is needed before it is there.
        address second = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        l1Bridge = new L1TokenBridge(l1Messenger, l1Token, second);
        L2Token.Metadata memory metadata = L2Token.Metadata("Test token on L2", "TEST", 6);
        l2Bridge = new L2TokenBridge(l2Messenger, address(l1Bridge), address(l1Token), metadata);
        assertEq(address(l2Bridge), second);
        l2Token = l2Bridge.token();
        assertEq(address(l2Token), l1Bridge.l2Token());

        l1Token.mint(alice, 1000);
        vm.prank(alice);
        l1Token.approve(address(l1Bridge), type(uint256).max);
    }

    // ---------------------------------------------------------------------------------------------------- deposits

    function test_TokensAreLockedOnL1AndMintedOnL2() public {
        bytes32 messageHash = _deposit(bob, 300);
        assertEq(l1Token.balanceOf(address(l1Bridge)), 300);
        assertEq(l2Token.totalSupply(), 0);

        vm.expectEmit(address(l2Bridge));
        emit L2TokenBridge.DepositReceived(alice, bob, 300);
        Attempt[] memory attempts = relayToL2();

        assertEq(attempts[0].messageHash, messageHash);
        assertTrue(attempts[0].success);
        assertEq(l2Token.balanceOf(bob), 300);
        assertEq(l2Token.totalSupply(), 300);
        assertEq(l2Token.decimals(), l1Token.decimals());
        assertEq(l2Token.symbol(), l1Token.symbol());
    }

    function test_ADepositSaysWhichMessageItIsIn() public {
        bytes memory data = abi.encodeCall(L2TokenBridge.finalizeDeposit, (alice, bob, 300));
        Message memory message =
            Message(l1Messenger.messageNonce(), address(l1Bridge), address(l2Bridge), 0, l1Bridge.MINT_GAS(), data);
        vm.expectEmit(address(l1Bridge));
        emit L1TokenBridge.DepositSent(message.hash(), alice, bob, 300);
        assertEq(_deposit(bob, 300), message.hash());
    }

    function test_OnlyWhatArrivedIsMinted() public {
        l1Token.setFeePercent(10);
        _deposit(bob, 300);
        relayToL2();
        assertEq(l1Token.balanceOf(address(l1Bridge)), 270);
        assertEq(l2Token.balanceOf(bob), 270);
    }

    function test_WhatTheBridgeWasGivenBeforeIsNotMinted() public {
        l1Token.mint(address(l1Bridge), 1000);
        _deposit(bob, 1);
        relayToL2();
        assertEq(l2Token.balanceOf(bob), 1);
    }

    function test_RevertWhen_ADepositIsForWhatCannotGiveItBack() public {
        address[3] memory refused = [address(0), address(l2Bridge), address(l2Token)];
        for (uint256 i = 0; i < refused.length; ++i) {
            vm.prank(alice);
            vm.expectRevert(abi.encodeWithSelector(L1TokenBridge.L1TokenBridge_RecipientRefused.selector, refused[i]));
            l1Bridge.deposit(refused[i], 1);
        }
    }

    function test_RevertWhen_NothingIsDeposited() public {
        vm.prank(alice);
        vm.expectRevert(L1TokenBridge.L1TokenBridge_NothingReceived.selector);
        l1Bridge.deposit(bob, 0);
    }

    function test_RevertWhen_NothingIsLeftOfADeposit() public {
        l1Token.setFeePercent(100);
        vm.prank(alice);
        vm.expectRevert(L1TokenBridge.L1TokenBridge_NothingReceived.selector);
        l1Bridge.deposit(bob, 300);
    }

    function test_RevertWhen_ADepositIsNotApproved() public {
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(l1Bridge), 0, 1)
        );
        l1Bridge.deposit(bob, 1);
    }

    function test_RevertWhen_ADepositIsMadeWithinADeposit() public {
        ReenteringDepositor depositor = new ReenteringDepositor(l1Bridge, l1Token);
        l1Token.mint(address(depositor), 200);
        l1Token.setCalled(address(depositor));
        vm.expectRevert(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        depositor.deposit();
    }

    // ------------------------------------------------------------------------------------------------- withdrawals

    function test_TokensAreBurnedOnL2AndReleasedOnL1() public {
        _bridgeToL2(alice, 300);

        bytes32 messageHash = _withdraw(bob, 100);
        assertEq(l2Token.totalSupply(), 200);
        assertEq(l1Token.balanceOf(bob), 0);

        vm.expectEmit(address(l1Bridge));
        emit L1TokenBridge.WithdrawalReceived(alice, bob, 100);
        Attempt[] memory attempts = relayToL1();

        assertEq(attempts[0].messageHash, messageHash);
        assertTrue(attempts[0].success);
        assertEq(l1Token.balanceOf(bob), 100);
        assertEq(l1Token.balanceOf(address(l1Bridge)), 200);
    }

    function test_AWithdrawalSaysWhichMessageItIsIn() public {
        _bridgeToL2(alice, 300);
        bytes memory data = abi.encodeCall(L1TokenBridge.finalizeWithdrawal, (alice, bob, 100));
        Message memory message =
            Message(l2Messenger.messageNonce(), address(l2Bridge), address(l1Bridge), 0, l2Bridge.TRANSFER_GAS(), data);
        vm.expectEmit(address(l2Bridge));
        emit L2TokenBridge.WithdrawalSent(message.hash(), alice, bob, 100);
        assertEq(_withdraw(bob, 100), message.hash());
    }

    function test_RevertWhen_MoreIsWithdrawnThanTheCallerHas() public {
        _bridgeToL2(alice, 300);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, 0, 1));
        l2Bridge.withdraw(bob, 1);
    }

    function test_RevertWhen_AWithdrawalIsForWhatCannotGiveItBack() public {
        _bridgeToL2(alice, 300);
        address[3] memory refused = [address(0), address(l1Bridge), address(l1Token)];
        for (uint256 i = 0; i < refused.length; ++i) {
            vm.prank(alice);
            vm.expectRevert(abi.encodeWithSelector(L2TokenBridge.L2TokenBridge_RecipientRefused.selector, refused[i]));
            l2Bridge.withdraw(refused[i], 1);
        }
    }

    function test_RevertWhen_NothingIsWithdrawn() public {
        vm.expectRevert(L2TokenBridge.L2TokenBridge_ZeroAmount.selector);
        l2Bridge.withdraw(bob, 0);
    }

    function test_AWithdrawalThatFailsIsNotLost() public {
        _bridgeToL2(alice, 300);
        l1Token.setRefused(bob, true);
        bytes32 messageHash = _withdraw(bob, 100);

        Attempt[] memory attempts = relayToL1();
        assertFalse(attempts[0].success);
        assertEq(attempts[0].reason, abi.encodeWithSelector(TestToken.TestToken_Refused.selector, bob));
        assertEq(l1Token.balanceOf(address(l1Bridge)), 300);

        l1Token.setRefused(bob, false);
        assertTrue(replayOnL1(messageHash).success);
        assertEq(l1Token.balanceOf(bob), 100);
    }

    function test_AWithdrawalThatTakesMoreGasIsReplayedWithMore() public {
        _bridgeToL2(alice, 300);
        bytes32 messageHash = _withdraw(bob, 100);
        l1Token.setGasOfTransfer(l2Bridge.TRANSFER_GAS());

        assertFalse(relayToL1()[0].success);
        assertTrue(replayOnL1(messageHash).success);
        assertEq(l1Token.balanceOf(bob), 100);
    }

    function test_AReleaseWithinADepositFailsAndIsNotLost() public {
        _bridgeToL2(alice, 300);
        bytes32 messageHash = _withdraw(bob, 100);
        RelayingDepositor depositor = new RelayingDepositor(l1Bridge, l1Token, lane, messageHash);
        l1Token.mint(address(depositor), 200);
        l1Token.setCalled(address(depositor));

        depositor.deposit();

        assertTrue(l1Messenger.failedMessages(messageHash));
        relayToL2();
        assertEq(l2Token.balanceOf(address(depositor)), 200);
        assertTrue(replayOnL1(messageHash).success);
        assertEq(l1Token.balanceOf(bob), 100);
    }

    // ------------------------------------------------------------------------------------------------ who may call

    function test_RevertWhen_SomebodyElseOnL1Mints() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                CrossDomainEnabled.CrossDomainEnabled_NotCounterpart.selector, alice, address(l1Bridge)
            )
        );
        impersonateRemoteSenderOnL2(
            alice, address(l2Bridge), 0, abi.encodeCall(L2TokenBridge.finalizeDeposit, (alice, alice, 1))
        );
    }

    function test_RevertWhen_SomebodyElseOnL2Releases() public {
        _deposit(alice, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                CrossDomainEnabled.CrossDomainEnabled_NotCounterpart.selector, alice, address(l2Bridge)
            )
        );
        impersonateRemoteSenderOnL1(
            alice, address(l1Bridge), 0, abi.encodeCall(L1TokenBridge.finalizeWithdrawal, (alice, alice, 1))
        );
    }

    function test_RevertWhen_MintedWithoutAMessage() public {
        vm.prank(address(l1Bridge));
        vm.expectRevert(
            abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotMessenger.selector, address(l1Bridge))
        );
        l2Bridge.finalizeDeposit(alice, alice, 1);
    }

    function test_RevertWhen_ReleasedWithoutAMessage() public {
        vm.prank(address(l2Bridge));
        vm.expectRevert(
            abi.encodeWithSelector(CrossDomainEnabled.CrossDomainEnabled_NotMessenger.selector, address(l2Bridge))
        );
        l1Bridge.finalizeWithdrawal(alice, alice, 1);
    }

    function test_RevertWhen_TheTokenIsMintedOrBurnedByOthers() public {
        _bridgeToL2(alice, 300);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(L2Token.L2Token_NotBridge.selector, alice));
        l2Token.mint(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(L2Token.L2Token_NotBridge.selector, alice));
        l2Token.burn(alice, 1);
    }

    // --------------------------------------------------------------------------------------------------------- all

    function testFuzz_TheLockedTokensCoverTheSupply(uint256 deposited, uint256 withdrawn, uint256 fee) public {
        deposited = bound(deposited, 1, 1000);
        l1Token.setFeePercent(bound(fee, 0, 99));
        _deposit(alice, deposited);
        relayToL2();
        uint256 minted = l2Token.balanceOf(alice);
        withdrawn = bound(withdrawn, 1, minted);
        _withdraw(bob, withdrawn);
        relayToL1();

        assertEq(l2Token.totalSupply(), minted - withdrawn);
        assertEq(l1Token.balanceOf(address(l1Bridge)), minted - withdrawn);
    }

    function _deposit(address to, uint256 amount) private returns (bytes32 messageHash) {
        vm.prank(alice);
        return l1Bridge.deposit(to, amount);
    }

    function _withdraw(address to, uint256 amount) private returns (bytes32 messageHash) {
        vm.prank(alice);
        return l2Bridge.withdraw(to, amount);
    }

    function _bridgeToL2(address to, uint256 amount) private {
        _deposit(to, amount);
        relayToL2();
        assertEq(l2Token.balanceOf(to), amount);
    }
}

/// @notice Deposits again when its token is about to leave it.
contract ReenteringDepositor is IBeforeTransfer {
    L1TokenBridge private immutable BRIDGE;

    constructor(L1TokenBridge bridge, TestToken token) {
        BRIDGE = bridge;
        token.approve(address(bridge), type(uint256).max);
    }

    function deposit() external {
        BRIDGE.deposit(address(this), 100);
    }

    function beforeTransfer() external {
        BRIDGE.deposit(address(this), 100);
    }
}

/// @notice Relays a message when its token is about to leave it.
contract RelayingDepositor is IBeforeTransfer {
    L1TokenBridge private immutable BRIDGE;
    TestLane private immutable LANE;
    bytes32 private immutable MESSAGE_HASH;

    constructor(L1TokenBridge bridge, TestToken token, TestLane lane, bytes32 messageHash) {
        BRIDGE = bridge;
        LANE = lane;
        MESSAGE_HASH = messageHash;
        token.approve(address(bridge), type(uint256).max);
    }

    function deposit() external {
        BRIDGE.deposit(address(this), 200);
    }

    function beforeTransfer() external {
        LANE.relayToL1(MESSAGE_HASH);
    }
}
