// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeTest} from "../support/MessageTreeTest.sol";
import {Caller} from "../support/targets/Caller.sol";
import {Fragile} from "../support/targets/Fragile.sol";
import {Recorder} from "../support/targets/Recorder.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice Re-entrancy bugs of shipped messengers, none of which may be repeated.
contract ReentrancyBugsTest is MessageTreeTest {
    bytes4 private constant REENTRANT_CALL = bytes4(keccak256("ReentrancyGuardReentrantCall()"));

    Caller private caller;
    Recorder private onL1;

    function setUp() public override {
        super.setUp();
        caller = new Caller();
        onL1 = new Recorder(l1Messenger);
    }

    /// @dev "A guard that reverts and thereby burns another's message": the nested message stays as it was.
    function test_AGuardThatRevertsDoesNotBurnAnothersMessage() public {
        Message memory inner = _sendFromL2(alice, address(onL1), _record(), 200_000, 0);
        Message memory outer = _sendFromL2(alice, address(caller), hex"01", 2_000_000, 0);
        MessageProof memory innerProof = _finalizedProof(inner);
        caller.prepare(address(l1Messenger), abi.encodeCall(l1Messenger.relayMessage, (inner, innerProof)));

        assertTrue(l1Messenger.relayMessage(outer, _finalizedProof(outer)));

        assertTrue(caller.called());
        assertFalse(caller.success());
        assertEq(bytes4(caller.returnData()), REENTRANT_CALL);
        assertFalse(l1Messenger.relayedMessages(inner.hash()));
        assertTrue(l1Messenger.relayMessage(inner, innerProof));
        assertEq(onL1.count(), 1);
    }

    /// @dev Every way out of every way in: nothing is relayed within a delivery, and nothing is lost by the attempt.
    function test_NoRouteCanBeNestedInAnother() public {
        Message memory inner = _sendFromL2(alice, address(onL1), _record(), 200_000, 0);
        Message[3] memory outer;
        for (uint256 i = 0; i < 3; ++i) {
            outer[i] = _sendFromL2(alice, address(new Caller()), abi.encode(i), 2_000_000, 0);
        }
        _proveRoot();
        MessageProof memory outerProof = _finalizedProof(outer[0]);
        bytes[3] memory nested = [
            abi.encodeCall(l1Messenger.relayMessage, (inner, _finalizedProof(inner))),
            abi.encodeCall(l1Messenger.relayMessageByPath, (inner, 4, _pathOf(inner))),
            abi.encodeCall(l1Messenger.relayMessages, (_only(inner), 4, _siblingsOf(_only(inner))))
        ];
        uint256 snapshot = vm.snapshotState();
        for (uint256 route = 0; route < 9; ++route) {
            Message memory message = outer[route % 3];
            Caller target = Caller(payable(message.target));
            target.prepare(address(l1Messenger), nested[route / 3]);

            if (route % 3 == 0) l1Messenger.relayMessage(message, outerProof);
            if (route % 3 == 1) _relayByPath(message);
            if (route % 3 == 2) _relayAll(_only(message));

            assertTrue(l1Messenger.successfulMessages(message.hash()));
            assertTrue(target.called());
            assertFalse(target.success());
            assertEq(bytes4(target.returnData()), REENTRANT_CALL);
            assertFalse(l1Messenger.relayedMessages(inner.hash()));
            assertTrue(_relayByPath(inner));
            vm.revertToState(snapshot);
        }
    }

    /// @dev A target that relays an item of its own batch, of which it is called by the one before.
    function test_ABatchCannotBeRelayedFromWithinItself() public {
        Message[] memory messages = new Message[](2);
        messages[0] = _sendFromL2(alice, address(caller), hex"01", 2_000_000, 1 ether);
        messages[1] = _sendFromL2(alice, address(onL1), _record(), 200_000, 0);
        _proveRoot();
        caller.prepare(
            address(l1Messenger), abi.encodeCall(l1Messenger.relayMessages, (messages, 2, _siblingsOf(messages)))
        );

        assertEq(_relayAll(messages), 2);

        assertEq(bytes4(caller.returnData()), REENTRANT_CALL);
        assertEq(onL1.count(), 1);
        assertEq(address(caller).balance, 1 ether);
        assertEq(address(l1Messenger).balance, 9 ether);
        assertEq(l1Messenger.delivery(messages[1].hash()).attempts, 1);
    }

    /// @dev Proving a root is no delivery, and is not held up by one.
    function test_ATargetMayProveARoot() public {
        Message memory message = _sendFromL2(alice, address(caller), hex"01", 2_000_000, 0);
        _proveRoot();
        _sendFromL2(alice, address(onL1), _record(), 200_000, 0);
        (uint256 count, bytes32[] memory peaks) = passer.treePeaks();
        caller.prepare(
            address(l1Messenger), abi.encodeCall(l1Messenger.proveMessageRoot, (count, peaks, _finalizedTreeProof()))
        );

        assertTrue(l1Messenger.relayMessage(message, _finalizedProof(message)));

        assertTrue(caller.success());
        assertNotEq(l1Messenger.messageRoots(2), 0);
    }

    function test_AMessageCannotBeRelayedDuringItsOwnDelivery() public {
        Message memory message = _sendFromL2(alice, address(caller), hex"01", 2_000_000, 0);
        MessageProof memory proof = _finalizedProof(message);
        caller.prepare(address(l1Messenger), abi.encodeCall(l1Messenger.relayMessage, (message, proof)));

        assertTrue(l1Messenger.relayMessage(message, proof));

        assertFalse(caller.success());
        assertEq(l1Messenger.delivery(message.hash()).attempts, 1);
    }

    function test_AReplayCannotBeNestedOnL2() public {
        Fragile fragile = new Fragile("");
        Message memory failed = _sendFromL1(alice, address(fragile), hex"01", 100_000, 0);
        _deliverDeposit(failed, _baseGas(failed));
        fragile.repair();
        caller.prepare(address(l2Messenger), failed.encode());
        Message memory outer = _sendFromL1(alice, address(caller), hex"01", 2_000_000, 0);

        assertTrue(_deliverDeposit(outer, _baseGas(outer)));

        assertTrue(l2Messenger.successfulMessages(outer.hash()));
        assertEq(bytes4(caller.returnData()), REENTRANT_CALL);
        assertTrue(l2Messenger.failedMessages(failed.hash()));
        assertEq(l2Messenger.delivery(failed.hash()).attempts, 1);
        _relay(failed);
        assertEq(fragile.count(), 1);
    }

    /// @dev "A nested relay that clears the current sender."
    function test_ANestedRelayDoesNotClearTheCurrentSender() public {
        NestingTarget target = new NestingTarget(l1Messenger);
        Message memory inner = _sendFromL2(alice, address(onL1), _record(), 200_000, 0);
        Message memory outer = _sendFromL2(alice, address(target), hex"01", 2_000_000, 0);
        target.prepare(abi.encodeCall(l1Messenger.relayMessage, (inner, _finalizedProof(inner))));

        assertTrue(l1Messenger.relayMessage(outer, _finalizedProof(outer)));

        assertEq(target.senderBefore(), alice);
        assertEq(target.senderAfter(), alice);
    }

    /// @dev Both ends of a transaction: after a delivery, failed or not, the sender is nobody again.
    function test_TheSenderIsClearedAfterEveryDelivery() public {
        ManyRelays many = new ManyRelays();
        Message memory good = _sendFromL2(alice, address(onL1), _record(), 200_000, 0);
        Message memory bad = _sendFromL2(alice, address(new Fragile("")), hex"01", 100_000, 0);
        MessageProof memory goodProof = _finalizedProof(good);
        MessageProof memory badProof = _finalizedProof(bad);

        many.relayAndAsk(l1Messenger, abi.encodeCall(l1Messenger.relayMessage, (good, goodProof)));
        many.relayAndAsk(l1Messenger, abi.encodeCall(l1Messenger.relayMessage, (bad, badProof)));

        assertTrue(l1Messenger.successfulMessages(good.hash()));
        assertTrue(l1Messenger.failedMessages(bad.hash()));
    }

    /// @dev The guard ends with the delivery, not with the transaction.
    function test_ManyMessagesAreRelayedInOneTransaction() public {
        ManyRelays many = new ManyRelays();
        Message memory first = _sendFromL2(alice, address(onL1), _record(), 200_000, 0);
        Message memory second = _sendFromL2(alice, address(onL1), _record(), 200_000, 0);
        bytes memory firstCall = abi.encodeCall(l1Messenger.relayMessage, (first, _finalizedProof(first)));
        bytes memory secondCall = abi.encodeCall(l1Messenger.relayMessage, (second, _finalizedProof(second)));

        many.relayBoth(address(l1Messenger), firstCall, secondCall);

        assertEq(onL1.count(), 2);
    }

    /// @dev "A real sender equal to the sentinel": there is no sentinel but zero, and the addresses that were used for
    /// one are senders like others.
    function test_ASenderEqualToAnothersSentinelIsASenderLikeOthers() public {
        address sentinel = 0x000000000000000000000000000000000000dEaD;
        Message memory message = _sendFromL2(sentinel, address(onL1), _record(), 200_000, 0);

        assertTrue(l1Messenger.relayMessage(message, _finalizedProof(message)));

        assertEq(onL1.sender(), sentinel);
    }

    /// @dev Sending from within a delivery is what applications do.
    function test_ATargetMaySendDuringItsDelivery() public {
        caller.prepare(address(l1Messenger), abi.encodeCall(l1Messenger.sendMessage, (alice, "", 0)));
        Message memory message = _sendFromL2(alice, address(caller), hex"01", 2_000_000, 0);

        assertTrue(l1Messenger.relayMessage(message, _finalizedProof(message)));

        assertTrue(caller.success());
        assertTrue(l1Messenger.sentMessages(abi.decode(caller.returnData(), (bytes32))));
    }

    function _record() private pure returns (bytes memory) {
        return abi.encodeCall(Recorder.record, ("a", "b", "c", "d"));
    }
}

/// @notice Asks for the sender before and after a nested call.
contract NestingTarget {
    ICrossDomainMessenger private immutable MESSENGER;
    bytes private _nested;

    address public senderBefore;
    address public senderAfter;

    constructor(ICrossDomainMessenger messenger) {
        MESSENGER = messenger;
    }

    function prepare(bytes calldata nested) external {
        _nested = nested;
    }

    fallback() external {
        senderBefore = MESSENGER.xDomainMessageSender();
        (bool success,) = address(MESSENGER).call(_nested);
        require(!success, "nested relay");
        senderAfter = MESSENGER.xDomainMessageSender();
    }
}

/// @notice Makes several calls in one transaction.
contract ManyRelays {
    function relayAndAsk(ICrossDomainMessenger messenger, bytes calldata relay) external {
        (bool success,) = address(messenger).call(relay);
        require(success, "relay");
        try messenger.xDomainMessageSender() returns (address) {
            revert("there is a sender");
        } catch (bytes memory reason) {
            require(bytes4(reason) == ICrossDomainMessenger.CrossDomainMessenger_NoMessageInDelivery.selector, "error");
        }
    }

    function relayBoth(address messenger, bytes calldata first, bytes calldata second) external {
        (bool success,) = messenger.call(first);
        require(success, "first");
        (success,) = messenger.call(second);
        require(success, "second");
    }
}
