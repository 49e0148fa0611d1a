// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageData, MessageType} from "xdm/contracts/omnichain/types/MessageData.sol";

/// @notice What a message of 132 bytes takes, in the middle of a block of 200 transactions whose hash is known: the whole
/// transactions' gas, with the execution of a target that remembers its sender, a hash and a count.
contract OmnichainGasTest is OmnichainTest {
    uint256 private constant FEE = 1e15;

    Journal private journal;
    bytes private payload;

    function setUp() public override {
        super.setUp();
        (blockSize, place) = (200, 140);
        journal = new Journal();
        payload = new bytes(132);
        for (uint256 i = 0; i < payload.length; ++i) {
            payload[i] = 0xab;
        }
        for (uint256 chainId = A; chainId <= B; ++chainId) {
            journal.allow(services[chainId], A, alice, true);
        }
        vm.startPrank(owner);
        services[A].setFee(B, address(0), uint128(FEE), 0);
        vm.stopPrank();
        deal(feeReceiver, 1);
        // The account and the journal's slots are not new.
        _deliver(B, _forward(_sendPaid(), B));
        vm.chainId(A);
    }

    function test_TransferOut() public {
        hoax(alice, FEE);
        services[A].transferOut{value: FEE}(B, abi.encode(_toJournal()), address(0));
        vm.snapshotGasLastCall("omnichain", "transferOut");
    }

    function test_TransferInOnTheRelayChainToSendOn() public {
        Leg memory leg = _sendPaid();
        _deliver(RELAY, leg);
        vm.snapshotGasLastCall("omnichain", "transferIn, sent on");
    }

    function test_TransferInOnTheDestination() public {
        Leg memory leg = _forward(_sendPaid(), B);
        vm.chainId(B);
        vm.prank(relayer);
        services[B].transferIn(RELAY, leg.proof);
        vm.snapshotGasLastCall("omnichain", "transferIn, executed");
        assertEq(journal.count(), 2);
        assertLe(vm.lastCallGas().gasTotalUsed, 220_000);
    }

    function test_TransferInOfAMessageThatIsRelayed() public {
        MessageData memory message = _toJournal();
        message.relay = true;
        journal.answer(abi.encode(_toJournal()));
        vm.prank(owner);
        services[A].setFee(B, address(0), 0, 0);
        Leg memory leg = _sendFrom(alice, A, B, message);
        _deliver(RELAY, leg);
        vm.snapshotGasLastCall("omnichain", "transferIn, executed and sent on");
        assertEq(journal.count(), 2);
    }

    function test_TransferInOfAMessageThatFails() public {
        Leg memory leg = _forward(_sendPaid(), B);
        vm.chainId(B);
        journal.allow(services[B], A, alice, false);
        services[B].transferIn(RELAY, leg.proof);
        vm.snapshotGasLastCall("omnichain", "transferIn, failed: not allowed");
        assertEq(journal.count(), 1);
    }

    function test_RetryOnTheDestination() public {
        Leg memory leg = _forward(_sendPaid(), B);
        vm.chainId(B);
        journal.allow(services[B], A, alice, false);
        services[B].transferIn(RELAY, leg.proof);
        journal.allow(services[B], A, alice, true);
        vm.prank(relayer);
        services[B].retryMessageIn(A, B, leg.orderId, leg.fromAddress, leg.callData);
        vm.snapshotGasLastCall("omnichain", "retry, executed");
        assertEq(journal.count(), 2);
    }

    function test_RetryOnTheRelayChainToSendOn() public {
        MessageData memory message = _toJournal();
        message.relay = true;
        vm.prank(owner);
        services[A].setFee(B, address(0), 0, 0);
        Leg memory leg = _sendFrom(alice, A, B, message);
        // Nothing to send on.
        _deliver(RELAY, leg);
        journal.answer(abi.encode(_toJournal()));
        vm.prank(relayer);
        services[RELAY].retryMessageIn(A, B, leg.orderId, leg.fromAddress, leg.callData);
        vm.snapshotGasLastCall("omnichain", "retry, executed and sent on");
        assertEq(journal.count(), 2);
    }

    function _sendPaid() private returns (Leg memory) {
        vm.chainId(A);
        vm.recordLogs();
        hoax(alice, FEE);
        services[A].transferOut{value: FEE}(B, abi.encode(_toJournal()), address(0));
        return _leg(A, RELAY);
    }

    function _toJournal() private view returns (MessageData memory) {
        return MessageData(false, MessageType.Message, abi.encodePacked(address(journal)), payload, GAS_LIMIT, 0);
    }
}

/// @notice Remembers the sender, a hash and a count.
contract Journal {
    address public sender;
    bytes32 public messageHash;
    uint256 public count;

    bytes private _answer;

    function allow(IOmnichainService service, uint256 fromChain, address from, bool allowed) external {
        service.addRemoteCaller(fromChain, abi.encodePacked(from), allowed);
    }

    function answer(bytes calldata answer_) external {
        _answer = answer_;
    }

    function mapoExecute(uint256, uint256, bytes calldata from, bytes32, bytes calldata message)
        external
        returns (bytes memory)
    {
        sender = address(bytes20(from));
        messageHash = keccak256(message);
        unchecked {
            ++count;
        }
        return _answer;
    }
}
