// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {IChainRegistry} from "xdm/contracts/omnichain/interfaces/IChainRegistry.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageDataCodec} from "xdm/contracts/omnichain/libraries/MessageDataCodec.sol";
import {MessageData, MessageType} from "xdm/contracts/omnichain/types/MessageData.sol";

/// @notice What a service sends, and what it refuses to, because it could never be delivered.
contract SendingTest is OmnichainTest {
    function test_TheLogHoldsTheEnvelope() public {
        bytes memory data = abi.encode(_message(B, "hello"));
        bytes memory callData = abi.encode(uint256(1), address(services[B]), uint256(0), data);
        bytes32 orderId = keccak256(
            abi.encode(uint256(1), A, services[A], B, services[B], uint256(0), abi.encodePacked(alice), keccak256(data))
        );
        vm.chainId(A);
        vm.expectEmit(address(services[A]));
        emit IOmnichainService.mapMessageOut(A, B, orderId, abi.encodePacked(alice), callData);
        vm.prank(alice);
        assertEq(services[A].transferOut(B, data, address(0)), orderId);
    }

    function test_NoncesCountUp() public {
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(services[A].messageNonce(), i);
            _send(A, i % 2 == 0 ? B : RELAY, _message(B, "hello"));
        }
    }

    function test_TheSameMessageTwiceHasTwoOrderIds() public {
        Leg memory first = _send(A, B, _message(B, "hello"));
        Leg memory second = _send(A, B, _message(B, "hello"));
        assertNotEq(first.orderId, second.orderId);
        _deliver(RELAY, first);
        _deliver(RELAY, second);
    }

    function test_RevertWhen_TheDestinationIsThisChain() public {
        for (uint256 chainId = A; chainId <= RELAY; ++chainId) {
            _expectRefused(
                chainId,
                chainId,
                _message(B, ""),
                abi.encodeWithSelector(IChainRegistry.ChainRegistry_UnknownChain.selector, chainId)
            );
        }
    }

    function test_RevertWhen_TheMessageHasValue() public {
        MessageData memory message = _message(B, "");
        message.value = 1;
        _expectRefused(
            A, B, message, abi.encodeWithSelector(MessageDataCodec.MessageDataCodec_ValueRefused.selector, 1)
        );
    }

    function test_RevertWhen_TheTargetIsZero() public {
        _expectRefused(
            A,
            B,
            _messageTo(address(0), ""),
            abi.encodeWithSelector(MessageDataCodec.MessageDataCodec_ZeroTarget.selector)
        );
    }

    function test_RevertWhen_TheTargetIsNotAnAddress() public {
        bytes memory malformed = abi.encodeWithSelector(MessageDataCodec.MessageDataCodec_Malformed.selector);
        MessageData memory message = _message(B, "");
        message.target = bytes.concat(message.target, hex"00");
        _expectRefused(A, B, message, malformed);
        message.target = "";
        _expectRefused(A, B, message, malformed);
        message.target = abi.encode(alice);
        _expectRefused(A, B, message, malformed);
    }

    function test_RevertWhen_TheTargetIsTheServiceOfTheDestination() public {
        _expectRefused(
            A,
            B,
            _messageTo(address(services[B]), ""),
            abi.encodeWithSelector(IOmnichainService.OmnichainService_TargetRefused.selector, services[B])
        );
    }

    function test_RevertWhen_TheTargetOnTheRelayChainIsItsService() public {
        MessageData memory message = _messageTo(address(services[RELAY]), "");
        message.relay = true;
        _expectRefused(
            A,
            B,
            message,
            abi.encodeWithSelector(IOmnichainService.OmnichainService_TargetRefused.selector, services[RELAY])
        );
    }

    function test_RevertWhen_ThereIsNoRelayChainBetween() public {
        MessageData memory message = _message(B, "");
        message.relay = true;
        bytes4 selector = IOmnichainService.OmnichainService_NoRelayBetween.selector;
        _expectRefused(A, RELAY, message, abi.encodeWithSelector(selector, RELAY));
        _expectRefused(RELAY, B, message, abi.encodeWithSelector(selector, B));
    }

    function test_TheHighestGasLimitIsTaken() public {
        MessageData memory message = _message(B, "");
        message.gasLimit = services[A].MAX_GAS_LIMIT();
        _send(A, B, message);
        ++message.gasLimit;
        _expectRefused(
            A,
            B,
            message,
            abi.encodeWithSelector(IOmnichainService.OmnichainService_GasLimitTooHigh.selector, 12_000_001, 12_000_000)
        );
    }

    function test_TheLongestMessageIsTaken() public {
        _send(A, B, _message(B, new bytes(65_536 - 0x140)));
        MessageData memory message = _message(B, new bytes(65_536 - 0x140 + 1));
        _expectRefused(
            A,
            B,
            message,
            abi.encodeWithSelector(IOmnichainService.OmnichainService_MessageTooLong.selector, 65_568, 65_536)
        );
    }

    function test_RevertWhen_TheMessageDataIsEncodedInAnotherWay() public {
        MessageData memory message = _message(B, "hello");
        bytes memory fields = abi.encode(
            message.relay, message.msgType, message.target, message.payload, message.gasLimit, message.value
        );
        _expectMalformed(fields);
        _expectMalformed("");
        _expectMalformed(new bytes(0x140));
        _expectMalformed(bytes.concat(abi.encode(message), hex"00"));
        _expectMalformed(bytes.concat(abi.encode(message), bytes32(0)));
    }

    /// @dev Each word of the encoding that Solidity's decoder takes in more than one form, or does not look at.
    function testFuzz_ChangedMessageDataIsRefusedOrAnotherMessage(uint256 at, uint8 bit) public {
        bytes memory data = abi.encode(_message(B, "hello"));
        at = bound(at, 0, data.length - 1);
        data[at] ^= bytes1(uint8(1) << (bit % 8));
        vm.chainId(A);
        try services[A].transferOut(B, data, address(0)) {
            assertEq(abi.encode(abi.decode(data, (MessageData))), data);
        } catch {}
    }

    function testFuzz_AnyMessageIsSent(bool isCall, address target, bytes calldata payload, uint256 gasLimit) public {
        MessageType msgType = isCall ? MessageType.Calldata : MessageType.Message;
        vm.assume(target != address(0) && target != address(services[B]));
        gasLimit = bound(gasLimit, 0, 12_000_000);
        vm.chainId(A);
        MessageData memory message = MessageData(false, msgType, abi.encodePacked(target), payload, gasLimit, 0);
        services[A].transferOut(B, abi.encode(message), address(0));
    }

    function test_RevertWhen_ARemoteCallerIsNotAnAddress() public {
        bytes4 selector = IOmnichainService.OmnichainService_NotAnAddress.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 32));
        services[A].addRemoteCaller(B, abi.encode(alice), true);
        vm.expectRevert(abi.encodeWithSelector(selector, 0));
        services[A].addRemoteCaller(B, "", true);
        assertFalse(services[A].getExecutePermission(address(this), B, ""));
    }

    function test_ATargetAllowsAndForbids() public {
        bytes memory from = abi.encodePacked(alice);
        vm.expectEmit(address(services[A]));
        emit IOmnichainService.RemoteCallerChanged(address(this), B, from, true);
        services[A].addRemoteCaller(B, from, true);
        assertTrue(services[A].getExecutePermission(address(this), B, from));
        assertFalse(services[A].getExecutePermission(address(this), RELAY, from));
        assertFalse(services[A].getExecutePermission(relayer, B, from));
        assertFalse(services[A].getExecutePermission(address(this), B, abi.encodePacked(relayer)));
        assertFalse(services[A].getExecutePermission(address(this), B, bytes.concat(from, hex"00")));
        services[A].addRemoteCaller(B, from, false);
        assertFalse(services[A].getExecutePermission(address(this), B, from));
    }

    function _expectRefused(uint256 fromChain, uint256 toChain, MessageData memory message, bytes memory problem)
        private
    {
        vm.chainId(fromChain);
        vm.expectRevert(problem);
        services[fromChain].transferOut(toChain, abi.encode(message), address(0));
    }

    function _expectMalformed(bytes memory data) private {
        vm.chainId(A);
        vm.expectRevert(MessageDataCodec.MessageDataCodec_Malformed.selector);
        services[A].transferOut(B, data, address(0));
    }
}
