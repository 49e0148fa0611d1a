// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {BatchActions} from "./BatchActions.sol";
import {Behaviour, Stage} from "./Stage.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice Anchors roots, and relays to L1 in each way.
abstract contract DownActions is BatchActions {
    // ------------------------------------------------------------------------------------------------- anchoring

    /// @dev From any batch: also from one that is inside its window, deleted, or false.
    function anchor(uint256 seed) public counted {
        (bool exists, uint256 id) = _pick(seed);
        if (!exists || states[id].count == 0) return;
        bool isAnchored = anchoredRoot[states[id].count] != 0;

        bool success = _try(stranger, address(l1Messenger), _anchorCall(id));

        bool isDue = !isPaused && (isAnchored || _isUsable(id));
        _judge(id, success, isDue && !isAnchored, isDue);
    }

    function _anchorCall(uint256 id) internal returns (bytes memory) {
        uint256 count = states[id].count;
        bytes32[] memory peaks = MessageTreeBuilder.peaksOf(_keysOf(states[id]));
        return abi.encodeCall(l1Messenger.proveMessageRoot, (count, peaks, _proofIn(id, _commitmentSlot(count))));
    }

    /// @dev Mostly one that can be used.
    function _pick(uint256 seed) internal view returns (bool exists, uint256 id) {
        if (history.length == 0) return (false, 0);
        id = _hash(seed, 10) % history.length;
        for (uint256 i = 0; seed % 3 != 0 && i < history.length && !_isUsable(id); ++i) {
            id = (id + 1) % history.length;
        }
        return (true, id);
    }

    /// @dev What a batch was used for, against what it may be used for.
    function _judge(uint256 id, bool success, bool isProven, bool isDue) private {
        if (success && isProven && !_isWindowOver(id)) _breach(Rule.WindowIsKept, "used inside its window");
        if (success && isProven && history[id].isDeleted) _breach(Rule.WindowIsKept, "used after it was deleted");
        if (success && !isDue) {
            _breach(isPaused ? Rule.PauseHolds : Rule.WindowIsKept, "used a batch that is not to be used");
        }
        if (!success && isDue) _breach(Rule.AlwaysAttemptable, "a proof from a final batch was refused");
        if (isDue) return _happened("used a batch");
        if (history[id].isDeleted) return _happened("refused a deleted batch");
        _happened(isPaused ? "refused while paused" : "refused a batch inside its window");
    }

    // -------------------------------------------------------------------------------------------------- relaying

    function relayByProof(uint256 seed, uint256 index, uint256 gasSeed) public counted {
        (bool exists, uint256 id) = _pick(seed);
        if (!exists || states[id].count == 0) return;
        index = _isFalse(id) ? states[id].count - 1 : index % states[id].count;
        Message memory message = _messageIn(id, index);
        bool isRelayed = !_isFalse(id) && _statusOf(DOWN, index) == DeliveryStatus.Relayed;
        bytes memory call =
            abi.encodeCall(l1Messenger.relayMessage, (message, _proofIn(id, _passerSlot(message.hash()))));
        (uint256 gas, bool isMuch) = _gasFor(call, message.gasLimit, gasSeed);

        (bool success,) = _relayAs(seed % 2 == 0, address(l1Messenger), call, gas);

        if (isRelayed) return _checkRefused(success);
        bool isDue = !isPaused && _isUsable(id);
        if (isDue && !success && !isMuch) return _happened("a relay was starved");
        _judge(id, success, true, isDue);
        if (success) _happened("relayed by proof");
    }

    function _checkRefused(bool success) private {
        if (success) _breach(Rule.SucceedsOnce, "relayed again what had succeeded");
        _happened("refused to relay again");
    }

    function relayByPath(uint256 seed, uint256 index, uint256 gasSeed) public counted {
        if (anchored.length == 0) return;
        uint256 count = anchored[seed % anchored.length];
        index %= count;
        bool isDue = !isPaused && _statusOf(DOWN, index) != DeliveryStatus.Relayed;
        bytes memory call = _pathCall(index, count);
        (uint256 gas, bool isMuch) = _gasFor(call, down[index].gasLimit, gasSeed);

        (bool success,) = _relayAs(seed % 2 == 0, address(l1Messenger), call, gas);

        if (success && !isDue) _breach(isPaused ? Rule.PauseHolds : Rule.SucceedsOnce, "relayed by its path");
        if (!success && isDue && isMuch) _breach(Rule.AlwaysAttemptable, "a path was refused");
        if (success) _happened("relayed by path");
        else _happened(isDue ? "a relay was starved" : "refused a path");
    }

    function _pathCall(uint256 index, uint256 count) internal view returns (bytes memory) {
        bytes32[] memory path = MessageTreeBuilder.pathOf(_firstKeys(count), index);
        return abi.encodeCall(l1Messenger.relayMessageByPath, (down[index], count, path));
    }

    function relayBatch(uint256 seed, uint256 mask, uint256 gasSeed) public counted {
        if (anchored.length == 0) return;
        uint256 count = anchored[seed % anchored.length];
        uint256[] memory indices = _subset(count, mask);
        bytes memory call = _batchCall(indices, count);
        (uint256 gas, bool isMuch) = _gasFor(call, down[indices[0]].gasLimit, gasSeed);
        gas = isMuch ? 16_000_000 : gas + gasSeed % 2_000_000;
        isMuch = isMuch && _batchGas(indices) < gas;
        uint256[] memory attempts = new uint256[](indices.length);
        for (uint256 i = 0; i < indices.length; ++i) {
            attempts[i] = _attemptsDue(indices[i]);
        }

        (bool success, bytes memory result) = _relayAs(seed % 2 == 0, address(l1Messenger), call, gas);

        if (!success) return _checkBatchRefused(isMuch);
        _checkBatch(indices, attempts, abi.decode(result, (uint256)), isMuch);
    }

    function _batchCall(uint256[] memory indices, uint256 count) private view returns (bytes memory) {
        Message[] memory messages = new Message[](indices.length);
        for (uint256 i = 0; i < indices.length; ++i) {
            messages[i] = down[indices[i]];
        }
        bytes32[] memory siblings = MessageTreeBuilder.multiproofOf(_firstKeys(count), indices);
        return abi.encodeCall(l1Messenger.relayMessages, (messages, count, siblings));
    }

    /// @dev Enough for the batch, even if each target takes all it gets.
    function _batchGas(uint256[] memory indices) private view returns (uint256 gas) {
        gas = 1_000_000;
        for (uint256 i = 0; i < indices.length; ++i) {
            gas += 150_000 + down[indices[i]].gasLimit * 65 / 64;
        }
    }

    function _attemptsDue(uint256 index) private view returns (uint256) {
        Known storage record = known[DOWN][hashes[DOWN][index]];
        return record.status == DeliveryStatus.Relayed ? record.attempts : record.attempts + 1;
    }

    /// @dev Some indices below `count` in ascending order: at least one, at most six.
    function _subset(uint256 count, uint256 mask) private pure returns (uint256[] memory indices) {
        indices = new uint256[](6);
        uint256 length;
        for (uint256 i = 0; i < count && length < 6; ++i) {
            if ((mask >> (i % 256)) & 1 == 1) indices[length++] = i;
        }
        if (length == 0) indices[length++] = mask % count;
        assembly ("memory-safe") {
            mstore(indices, length)
        }
    }

    function _checkBatchRefused(bool isMuch) private {
        if (isMuch && !isPaused) _breach(Rule.AlwaysAttemptable, "a batch was refused");
        _happened(isPaused ? "refused a batch of messages" : "a batch was starved");
    }

    /// @dev All before the place where the batch stopped were attempted, and none after it, whatever the others did.
    function _checkBatch(uint256[] memory indices, uint256[] memory attempts, uint256 done, bool isMuch) private {
        if (isMuch && done != indices.length) _breach(Rule.FailuresStayAlone, "a batch stopped with enough gas");
        for (uint256 i = 0; i < done; ++i) {
            if (known[DOWN][hashes[DOWN][indices[i]]].attempts != attempts[i]) {
                _breach(Rule.FailuresStayAlone, "an item of a batch was passed over");
            }
        }
        if (isPaused) _breach(Rule.PauseHolds, "relayed a batch");
        _happened(done == indices.length ? "relayed a whole batch" : "a batch stopped on its way");
    }

    // ----------------------------------------------------------------------------------------------- re-entering

    /// @dev Sends a message to a target that then calls every route that there is on its side, once.
    function prepareReentry(bool isDown, uint256 seed, uint256 index) public counted {
        _nextBlock();
        _sendTo(isDown, REENTERING, seed);
        stage.direct(targets[isDown][REENTERING], Behaviour.Reenters);
        if (isDown) {
            (bool exists, uint256 id) = _pick(seed);
            if (!exists || states[id].count == 0 || anchored.length == 0) return;
            stage.prepare(targets[DOWN][REENTERING], _routesOnL1(id, index));
        } else if (up.length != 0) {
            Stage.Call[] memory calls = new Stage.Call[](2);
            calls[0] = Stage.Call(address(l2Messenger), up[index % up.length].encode());
            calls[1] = _nestedSend(DOWN);
            stage.prepare(targets[UP][REENTERING], calls);
        }
    }

    function _routesOnL1(uint256 id, uint256 index) private returns (Stage.Call[] memory calls) {
        uint256 count = anchored[index % anchored.length];
        Message memory message = _messageIn(id, index % states[id].count);
        calls = new Stage.Call[](up.length == 0 ? 6 : 7);
        calls[0].data = abi.encodeCall(l1Messenger.relayMessage, (message, _proofIn(id, _passerSlot(message.hash()))));
        calls[1].data = _pathCall(index % count, count);
        calls[2].data = _batchCall(_subset(count, index), count);
        calls[3].data = _anchorCall(id);
        for (uint256 i = 0; i < 4; ++i) {
            calls[i].to = address(l1Messenger);
        }
        calls[4] = _nestedSend(UP);
        calls[5] = Stage.Call(address(ctc), abi.encodeCall(ctc.enqueue, (stranger, 100_000, "")));
        if (up.length == 0) return calls;
        Message memory sent = up[index % up.length];
        bytes memory replay = abi.encodeCall(l1Messenger.replayMessage, (sent, _baseGas(sent)));
        calls[6] = Stage.Call(address(l1Messenger), replay);
    }

    function _nestedSend(bool isDown) private view returns (Stage.Call memory) {
        bytes memory data = abi.encode(keccak256(abi.encode("nested", isDown, actions)));
        return Stage.Call(
            address(_messenger(!isDown)),
            abi.encodeCall(l1Messenger.sendMessage, (targets[isDown][0], data, uint32(200_000)))
        );
    }
}
