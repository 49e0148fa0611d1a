// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Vm} from "forge-std/Vm.sol";

import {IOmnichainService} from "../omnichain/interfaces/IOmnichainService.sol";
import {OmnichainFixture} from "./OmnichainFixture.sol";
import {TestBlock} from "./TestBlock.sol";

/// @notice How far a message has come.
struct OmnichainAttempt {
    /// @dev The message's order id.
    bytes32 orderId;
    /// @dev Chain id of the chain that it was tried on last: the relay chain where it did not get any further.
    uint256 chainId;
    /// @dev Whether it is delivered.
    bool success;
    /// @dev If not, the first 256 bytes of the target's revert data, or an error of the services.
    bytes reason;
}

/// @title Test omnichain lane
/// @notice A relay chain and two others in one EVM, for tests under Forge; {OmnichainLaneTest} gives it to a test contract.
/// The services are those that are deployed, to the byte: they check permissions, routes and fees, give each target its gas,
/// record failures and let them be tried again, and the relay chain's executes and sends on. They read real proofs; the
/// blocks that these are of are made up, one for each message, and what stands for the light clients believes them at once.
///
/// A message is sent on the chain whose id is set: `vm.chainId(lane.CHAIN_A_ID())` comes before. While a message is delivered
/// the id is that chain's. All accounts are on all chains, with one balance.
contract TestOmnichainLane is OmnichainFixture {
    /// @dev A message as it stands in a log.
    struct Sent {
        /// @dev Chain id of the service that has logged it.
        uint256 loggedOn;
        uint256 fromChain;
        uint256 toChain;
        bytes32 orderId;
        Vm.Log log;
    }

    struct Failed {
        /// @dev Zero where it has not failed.
        uint256 onChain;
        uint256 fromChain;
        uint256 toChain;
        bytes fromAddress;
        bytes callData;
    }

    /// @dev Messages that were read from Forge's logs, and go with the next relay.
    Vm.Log[] private _unread;

    /// @dev Nonces of each service before which all messages have been looked at.
    mapping(uint256 chainId => uint256 nonce) private _nextNonce;

    mapping(bytes32 orderId => Failed) private _failed;

    uint24 private _nextBlock = TestBlock.FIRST;

    /// @notice Thrown when messages were sent whose logs this contract has not seen: a test took them by
    /// `vm.getRecordedLogs()` or dropped them by `vm.recordLogs()`. Hand them over with `noteLogs(logs)`. Also when a test has
    /// rolled the state back behind the relay that read them.
    error TestOmnichainLane_LogsTaken();

    /// @notice Thrown when a message was sent by the service of a chain while the chain id was another one's.
    /// @param expected Chain id of the service's chain.
    /// @param actual The chain id that was set.
    error TestOmnichainLane_WrongChain(uint256 expected, uint256 actual);

    /// @notice Thrown when no message with this order id has failed.
    /// @param orderId The order id.
    error TestOmnichainLane_NeverFailed(bytes32 orderId);

    constructor() {
        vm.recordLogs();
    }

    /// @notice Takes all messages that were sent, in order, as far as they go: over the relay chain, and to their targets. What
    /// targets send meanwhile goes with the next call. Reverts as a service does that can take none of it: with
    /// `OmnichainService_InsufficientGas` where the test has too little gas left.
    /// @return attempts What came of each; no failure makes it revert.
    function relay() external returns (OmnichainAttempt[] memory attempts) {
        Sent[] memory sent = _takeSent(_takeLogs());
        attempts = new OmnichainAttempt[](sent.length);
        for (uint256 i = 0; i < sent.length; ++i) {
            attempts[i] = _carry(sent[i]);
        }
    }

    /// @notice Tries a message again whose target has failed, as anyone can, with all the gas of a transaction; from the
    /// relay chain it goes on then. Reverts as the service does: with `OmnichainService_NotFailed` where that has succeeded since.
    /// @param orderId The order id, which `transferOut` returned.
    /// @return attempt What came of it.
    function retry(bytes32 orderId) external returns (OmnichainAttempt memory attempt) {
        Failed memory failed = _failed[orderId];
        if (failed.onChain == 0) revert TestOmnichainLane_NeverFailed(orderId);
        bytes memory data = abi.encodeCall(
            IOmnichainService.retryMessageIn,
            (failed.fromChain, failed.toChain, orderId, failed.fromAddress, failed.callData)
        );
        return _deliver(orderId, failed.onChain, data);
    }

    /// @notice Takes messages from logs that a test got from `vm.getRecordedLogs()`, which keeps them from this contract.
    /// @param logs In the order they were emitted.
    function noteLogs(Vm.Log[] memory logs) public {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (_chainOf(logs[i]) != 0) _unread.push(logs[i]);
        }
    }

    // ---------------------------------------------------------------------------------------------------- carrying

    /// @dev Proves a message to the next service on its way, and what that sends on to the one after it.
    function _carry(Sent memory sent) private returns (OmnichainAttempt memory attempt) {
        uint256 onChain = sent.loggedOn == RELAY_CHAIN_ID ? sent.toChain : RELAY_CHAIN_ID;
        uint24 number = _nextBlock++;
        (bytes32 blockHash, bytes memory proof) = TestBlock.prove(number, sent.log);
        _lightClients[sent.loggedOn].finalize(number, blockHash);

        bytes memory data = abi.encodeCall(IOmnichainService.transferInWithIndex, (sent.loggedOn, 0, proof));
        return _deliver(sent.orderId, onChain, data);
    }

    /// @dev Calls a service, which says what came of a message; takes that on where it was sent on.
    function _deliver(bytes32 orderId, uint256 onChain, bytes memory data)
        private
        returns (OmnichainAttempt memory attempt)
    {
        address service = address(serviceOf[onChain]);
        (bool success, bytes memory returned) = _callOn(onChain, service, data);
        if (!success) _revertWith(returned);

        attempt = OmnichainAttempt(orderId, onChain, false, "");
        Sent memory next;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != service || logs[i].topics.length != 3) continue;
            // Both events begin with the order id.
            if (abi.decode(logs[i].data, (bytes32)) != orderId) continue;
            if (logs[i].topics[0] == IOmnichainService.mapMessageIn.selector) {
                _noteAttempt(logs[i], attempt);
            } else {
                next = _sentIn(logs[i], onChain);
                // Nothing that was sent here.
                delete logs[i];
            }
        }
        noteLogs(logs);
        if (next.loggedOn != 0) return _carry(next);
    }

    function _noteAttempt(Vm.Log memory log, OmnichainAttempt memory attempt) private {
        bytes memory fromAddress;
        bytes memory callData;
        (, fromAddress, callData, attempt.success, attempt.reason) =
            abi.decode(log.data, (bytes32, bytes, bytes, bool, bytes));
        if (attempt.success) return;
        _failed[attempt.orderId] =
            Failed(attempt.chainId, uint256(log.topics[1]), uint256(log.topics[2]), fromAddress, callData);
    }

    // ------------------------------------------------------------------------------------------------------ reading

    /// @dev What was kept, and what Forge has recorded since it was read last.
    function _takeLogs() private returns (Vm.Log[] memory logs) {
        Vm.Log[] memory recorded = vm.getRecordedLogs();
        uint256 kept = _unread.length;
        logs = new Vm.Log[](kept + recorded.length);
        for (uint256 i = 0; i < logs.length; ++i) {
            logs[i] = i < kept ? _unread[i] : recorded[i - kept];
        }
        delete _unread;
    }

    /// @dev Messages that were sent and not taken before, by chain and nonce. Forge records the logs of reverted calls, too:
    /// whatever was sent after one has its nonce.
    function _takeSent(Vm.Log[] memory logs) private returns (Sent[] memory sent) {
        uint256[] memory offsets = new uint256[](3);
        uint256 count;
        for (uint256 i = 0; i < 3; ++i) {
            offsets[i] = count;
            count += serviceOf[CHAIN_A_ID + i].messageNonce() - _nextNonce[CHAIN_A_ID + i];
        }

        sent = new Sent[](count);
        for (uint256 i = 0; i < logs.length; ++i) {
            uint256 chainId = _chainOf(logs[i]);
            if (chainId == 0) continue;
            uint256 nonce = _nonceIn(logs[i]);
            uint256 first = _nextNonce[chainId];
            if (nonce < first || nonce >= serviceOf[chainId].messageNonce()) continue;
            sent[offsets[chainId - CHAIN_A_ID] + nonce - first] = _sentIn(logs[i], chainId);
        }
        for (uint256 i = 0; i < count; ++i) {
            if (sent[i].loggedOn == 0) revert TestOmnichainLane_LogsTaken();
            if (sent[i].fromChain != sent[i].loggedOn) {
                revert TestOmnichainLane_WrongChain(sent[i].loggedOn, sent[i].fromChain);
            }
        }
        for (uint256 chainId = CHAIN_A_ID; chainId <= CHAIN_B_ID; ++chainId) {
            _nextNonce[chainId] = serviceOf[chainId].messageNonce();
        }
    }

    function _sentIn(Vm.Log memory log, uint256 loggedOn) private pure returns (Sent memory) {
        bytes32 orderId = abi.decode(log.data, (bytes32));
        return Sent(loggedOn, uint256(log.topics[1]), uint256(log.topics[2]), orderId, log);
    }

    function _nonceIn(Vm.Log memory log) private pure returns (uint256 nonce) {
        (,, bytes memory callData) = abi.decode(log.data, (bytes32, bytes, bytes));
        // Version and destination's service come before it.
        assembly ("memory-safe") {
            nonce := mload(add(callData, 0x60))
        }
    }

    /// @dev The chain whose service has sent a message in this log, or zero.
    function _chainOf(Vm.Log memory log) private view returns (uint256) {
        if (log.topics.length != 3 || log.topics[0] != IOmnichainService.mapMessageOut.selector) return 0;
        for (uint256 chainId = CHAIN_A_ID; chainId <= CHAIN_B_ID; ++chainId) {
            if (log.emitter == address(serviceOf[chainId])) return chainId;
        }
        return 0;
    }

    function _revertWith(bytes memory reason) private pure {
        // Solidity reverts with errors that it knows.
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
