// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";

/// @notice Fees in tokens that are not as the standard has them.
contract FeeTokensTest is OmnichainTest {
    bytes private data;

    function setUp() public override {
        super.setUp();
        vm.chainId(A);
        data = abi.encode(_message(B, ""));
    }

    function test_AFeeIsPaidWithATokenThatReturnsNothing() public {
        SilentToken token = new SilentToken();
        _price(address(token));
        services[A].transferOut(B, data, address(token));
        assertEq(token.taken(feeReceiver), 1000);
    }

    function test_RevertWhen_ATokenSaysThatItWasNotPaid() public {
        address token = address(new RefusingToken());
        _price(token);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, token));
        services[A].transferOut(B, data, token);
    }

    function test_RevertWhen_ATokenHasNoCode() public {
        _price(alice);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, alice));
        services[A].transferOut(B, data, alice);
    }

    /// @dev Its own message comes second, and pays for itself.
    function test_ATokenMaySendWhileItIsPaid() public {
        SendingToken token = new SendingToken(services[A], B, data);
        _price(address(token));
        bytes32 orderId = services[A].transferOut(B, data, address(token));
        assertEq(services[A].messageNonce(), 2);
        assertEq(token.payments(), 2);
        assertNotEq(token.orderId(), orderId);
    }

    function _price(address token) private {
        vm.prank(owner);
        services[A].setFee(B, token, 1000, 0);
    }
}

contract SilentToken {
    mapping(address account => uint256 amount) public taken;

    function transferFrom(address, address to, uint256 amount) external {
        taken[to] += amount;
    }
}

contract RefusingToken {
    function transferFrom(address, address, uint256) external pure returns (bool) {
        return false;
    }
}

/// @notice Sends a message in the middle of its first payment.
contract SendingToken {
    IOmnichainService private immutable SERVICE;

    uint256 public payments;
    bytes32 public orderId;

    uint256 private _toChain;
    bytes private _data;

    constructor(IOmnichainService service, uint256 toChain, bytes memory data) {
        (SERVICE, _toChain, _data) = (service, toChain, data);
    }

    function transferFrom(address, address, uint256) external returns (bool) {
        if (++payments == 1) orderId = SERVICE.transferOut(_toChain, _data, address(this));
        return true;
    }
}
