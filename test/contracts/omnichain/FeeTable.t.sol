// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {IFeeTable} from "xdm/contracts/omnichain/interfaces/IFeeTable.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";

/// @notice What a message costs, and who gets it.
contract FeeTableTest is OmnichainTest {
    Coin private coin;

    function setUp() public override {
        super.setUp();
        vm.chainId(A);
        coin = new Coin(alice);
        vm.startPrank(owner);
        services[A].setFee(B, address(0), 1000, 2);
        services[A].setFee(B, address(coin), 50, 3);
        vm.stopPrank();
    }

    function test_TheFeeIsPerMessageAndPerGas() public view {
        (uint256 amount, address receiver) = services[A].getMessageFee(B, address(0), 100_000);
        assertEq(amount, 201_000);
        assertEq(receiver, feeReceiver);
        (amount,) = services[A].getMessageFee(B, address(coin), 10);
        assertEq(amount, 80);
    }

    function test_TheExactFeeIsEnough() public {
        (uint256 amount,) = services[A].getMessageFee(B, address(0), GAS_LIMIT);
        bytes memory data = abi.encode(_message(B, ""));
        hoax(alice, amount);
        services[A].transferOut{value: amount}(B, data, address(0));
        assertEq(feeReceiver.balance, amount);

        hoax(alice, amount - 1);
        vm.expectRevert(abi.encodeWithSelector(IFeeTable.FeeTable_FeeNotCovered.selector, amount - 1, amount));
        services[A].transferOut{value: amount - 1}(B, data, address(0));
    }

    function test_AFeeIsPaidWithATokenThatIsPriced() public {
        (uint256 amount,) = services[A].getMessageFee(B, address(coin), GAS_LIMIT);
        vm.startPrank(alice);
        coin.approve(address(services[A]), amount);
        vm.expectEmit(false, true, false, true, address(services[A]));
        emit IFeeTable.FeePaid(0, address(coin), amount);
        services[A].transferOut(B, abi.encode(_message(B, "")), address(coin));
        assertEq(coin.balanceOf(feeReceiver), amount);
        assertEq(coin.balanceOf(address(services[A])), 0);

        vm.expectRevert();
        services[A].transferOut(B, abi.encode(_message(B, "")), address(coin));
    }

    /// @dev Tokens without fees need not even be tokens.
    function test_NothingIsTakenWhereTheFeeIsZero() public {
        vm.expectEmit(address(services[A]));
        emit IFeeTable.FeeSet(B, alice, 0, 0);
        vm.prank(owner);
        services[A].setFee(B, alice, 0, 0);
        services[A].transferOut(B, abi.encode(_message(B, "")), alice);
        assertEq(services[A].messageNonce(), 1);
    }

    function test_WhoPaysTheExactFeeNeedNotTakeAnythingBack() public {
        (uint256 amount,) = services[A].getMessageFee(B, address(0), GAS_LIMIT);
        vm.deal(address(coin), amount);
        vm.prank(address(coin));
        services[A].transferOut{value: amount}(B, abi.encode(_message(B, "")), address(0));
        assertEq(feeReceiver.balance, amount);
    }

    function test_APriceIsForOneDestination() public {
        vm.expectRevert(abi.encodeWithSelector(IFeeTable.FeeTable_NotPriced.selector, RELAY, address(coin)));
        services[A].getMessageFee(RELAY, address(coin), 0);
    }

    function test_ARemovedPriceIsNone() public {
        vm.expectEmit(address(services[A]));
        emit IFeeTable.FeeRemoved(B, address(coin));
        vm.prank(owner);
        services[A].removeFee(B, address(coin));
        vm.expectRevert(abi.encodeWithSelector(IFeeTable.FeeTable_NotPriced.selector, B, address(coin)));
        services[A].getMessageFee(B, address(coin), 0);
    }

    function test_AnotherReceiverGetsTheFees() public {
        vm.expectEmit(address(services[A]));
        emit IFeeTable.FeeReceiverSet(relayer);
        vm.prank(owner);
        services[A].setFeeReceiver(relayer);
        (, address receiver) = services[A].getMessageFee(B, address(0), GAS_LIMIT);
        assertEq(receiver, relayer);
    }

    function test_RevertWhen_TheReceiverDoesNotTakeTheFee() public {
        vm.prank(owner);
        services[A].setFeeReceiver(address(coin));
        (uint256 amount,) = services[A].getMessageFee(B, address(0), GAS_LIMIT);
        hoax(alice, amount);
        vm.expectRevert(abi.encodeWithSelector(IFeeTable.FeeTable_NotTaken.selector, coin, amount));
        services[A].transferOut{value: amount}(B, abi.encode(_message(B, "")), address(0));
    }

    function test_RevertWhen_TheSenderDoesNotTakeWhatIsLeft() public {
        (uint256 amount,) = services[A].getMessageFee(B, address(0), GAS_LIMIT);
        vm.deal(address(coin), amount + 1);
        vm.prank(address(coin));
        vm.expectRevert(abi.encodeWithSelector(IFeeTable.FeeTable_NotTaken.selector, coin, 1));
        services[A].transferOut{value: amount + 1}(B, abi.encode(_message(B, "")), address(0));
    }

    function test_RevertWhen_TheReceiverIsNobodyOrTheService() public {
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(IFeeTable.FeeTable_InvalidReceiver.selector, address(0)));
        services[A].setFeeReceiver(address(0));
        vm.expectRevert(abi.encodeWithSelector(IFeeTable.FeeTable_InvalidReceiver.selector, services[A]));
        services[A].setFeeReceiver(address(services[A]));
    }

    function test_WhatComesBackMaySendAgain() public {
        Resender resender = new Resender(services[A]);
        vm.deal(address(resender), 1 ether);
        bytes memory data = abi.encode(_message(B, ""));
        resender.send(B, data);
        assertEq(services[A].messageNonce(), 2);
        (uint256 amount,) = services[A].getMessageFee(B, address(0), GAS_LIMIT);
        assertEq(feeReceiver.balance, 2 * amount);
        assertEq(address(resender).balance, 1 ether - 2 * amount);
    }
}

contract Coin is ERC20 {
    constructor(address holder) ERC20("Coin", "C") {
        _mint(holder, 1 ether);
    }
}

/// @notice Sends once more when it gets back what was too much.
contract Resender {
    IOmnichainService private immutable SERVICE;

    uint256 private _toChain;
    bytes private _data;

    constructor(IOmnichainService service) {
        SERVICE = service;
    }

    function send(uint256 toChain, bytes calldata data) external {
        (_toChain, _data) = (toChain, data);
        SERVICE.transferOut{value: address(this).balance}(toChain, data, address(0));
    }

    receive() external payable {
        bytes memory data = _data;
        if (data.length == 0) return;
        delete _data;
        SERVICE.transferOut{value: msg.value}(_toChain, data, address(0));
    }
}
