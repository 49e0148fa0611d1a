// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {StateBatchBuilder} from "../support/StateBatchBuilder.sol";
import {TrieBuilder} from "../support/TrieBuilder.sol";
import {LaneModel} from "./LaneModel.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";
import {StateBatch, StateRootProof} from "xdm/contracts/types/StateBatch.sol";

/// @notice All states of L2 that were ever committed, true and false ones, and proofs from each.
abstract contract StateModel is LaneModel {
    /// @notice What the passer's storage held, or was said to hold.
    struct L2State {
        uint256 count;
        uint256 balance;
        bytes32[] commitments;
        bytes32[] peaks;
        /// @dev Of a message that nobody sent. Zero in a true state.
        bytes32 forgedKey;
    }

    /// @notice A batch of which one state root is that of an L2State.
    struct Committed {
        StateBatch batch;
        bytes32[] leaves;
        uint256 place;
        bool isDeleted;
    }

    /// @dev By the same index: the state of a batch.
    Committed[] internal history;
    L2State[] internal states;

    /// @dev The messages that false states hold, as the last of their outbox.
    mapping(uint256 id => Message) internal forgeries;

    /// @dev Batches that are stored, by their index in the chain.
    uint256[] internal stored;

    uint256 private _viewed;

    // -------------------------------------------------------------------------------------------------- committing

    /// @dev Commits L2's state as it is now.
    function _commitTruth(uint256 size, uint256 place) internal {
        states.push(_currentState());
        _commitState(size, place);
        _happened("committed a true batch");
    }

    /// @dev Commits a state in which the message was sent.
    function _commitLie(uint256 size, uint256 place, Message memory forgery) internal {
        L2State memory state = _currentState();
        state.forgedKey = l2Messenger.messageKey(forgery.hash());
        ++state.count;
        bytes32[] memory peaks = MessageTreeBuilder.peaksOf(_keysOf(state));
        uint256 level = MessageTree.commitmentLevel(state.count);
        if (level == state.commitments.length) {
            (state.commitments, state.peaks) = (_longer(state.commitments), _longer(state.peaks));
        }
        state.commitments[level] = MessageTree.commitmentOf(state.count, peaks);
        state.peaks[level] = peaks[peaks.length - 1];
        forgeries[states.length] = forgery;
        states.push(state);
        _commitState(size, place);
        _happened("committed a false batch");
    }

    function _commitState(uint256 size, uint256 place) private {
        uint256 id = history.length;
        (bytes32 stateRoot,) = _proveSlotIn(id, bytes32(COUNT_SLOT));
        bytes32[] memory leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = i == place ? stateRoot : keccak256(abi.encode("state root", id, i));
        }
        history.push();
        Committed storage committed = history[id];
        committed.batch = _append(StateBatchBuilder.rootOf(leaves), size);
        committed.leaves = leaves;
        committed.place = place;
        stored.push(id);
    }

    function _currentState() private view returns (L2State memory state) {
        uint256 levels;
        while (vm.load(address(passer), bytes32(PEAKS_SLOT + levels)) != 0) ++levels;
        state.count = treeKeys.length;
        state.balance = address(passer).balance;
        (state.commitments, state.peaks) = (new bytes32[](levels), new bytes32[](levels));
        for (uint256 level = 0; level < levels; ++level) {
            state.commitments[level] = vm.load(address(passer), bytes32(COMMITMENTS_SLOT + level));
            state.peaks[level] = vm.load(address(passer), bytes32(PEAKS_SLOT + level));
        }
    }

    function _longer(bytes32[] memory list) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            longer[i] = list[i];
        }
    }

    // ------------------------------------------------------------------------------------------------------ judging

    function _isFalse(uint256 id) internal view returns (bool) {
        return states[id].forgedKey != 0;
    }

    function _isWindowOver(uint256 id) internal view returns (bool) {
        return vm.getBlockTimestamp() >= history[id].batch.timestamp + FRAUD_PROOF_WINDOW;
    }

    function _isUsable(uint256 id) internal view returns (bool) {
        return !history[id].isDeleted && _isWindowOver(id);
    }

    /// @dev What deleting a batch does to the chain of batches.
    function _followDeleted(uint256 id) internal {
        while (stored.length > history[id].batch.batchIndex) {
            history[stored[stored.length - 1]].isDeleted = true;
            stored.pop();
        }
    }

    /// @dev A false batch must not become final: this one, if any, is to be deleted before that second.
    function _firstFalse() internal view returns (bool exists, uint256 id) {
        for (uint256 i = 0; i < stored.length; ++i) {
            if (_isFalse(stored[i])) return (true, stored[i]);
        }
    }

    // ------------------------------------------------------------------------------------------------------ proving

    /// @dev The message at a place of the state's outbox.
    function _messageIn(uint256 id, uint256 index) internal view returns (Message memory) {
        return index == states[id].count - 1 && _isFalse(id) ? forgeries[id] : down[index];
    }

    function _proofIn(uint256 id, bytes32 slot) internal returns (MessageProof memory proof) {
        Committed memory committed = history[id];
        (, proof.nodes) = _proveSlotIn(id, slot);
        proof.stateRootProof = StateRootProof({
            batchIndex: committed.batch.batchIndex,
            batchSize: committed.batch.batchSize,
            prevTotalElements: committed.batch.prevTotalElements,
            timestamp: committed.batch.timestamp,
            index: committed.place,
            siblings: StateBatchBuilder.siblingsOf(committed.leaves, committed.place)
        });
    }

    /// @dev Keys of the state's outbox.
    function _keysOf(L2State memory state) internal view returns (bytes32[] memory keys) {
        if (state.forgedKey == 0) return _firstKeys(state.count);
        keys = new bytes32[](state.count);
        for (uint256 i = 0; i < state.count - 1; ++i) {
            keys[i] = treeKeys[i];
        }
        keys[state.count - 1] = state.forgedKey;
    }

    function _proveSlotIn(uint256 id, bytes32 slot) private returns (bytes32 stateRoot, bytes memory nodes) {
        _viewed = id;
        return _proveSlot(slot);
    }

    /// @dev The passer's in the state that is viewed.
    function _passerStorage() internal view override returns (TrieBuilder.Entry[] memory entries) {
        L2State memory state = states[_viewed];
        uint256 levels = state.peaks.length;
        uint256 messages = state.count;
        entries = new TrieBuilder.Entry[](messages + 2 * levels + 1);
        for (uint256 i = 0; i < messages; ++i) {
            entries[i] = state.forgedKey != 0 && i == messages - 1
                ? TrieBuilder.hashedEntry(abi.encode(keccak256(abi.encode(state.forgedKey, 0))), hex"01")
                : passerStorage[i];
        }
        for (uint256 level = 0; level < levels; ++level) {
            entries[messages + level] = _entry(COMMITMENTS_SLOT + level, state.commitments[level]);
            entries[messages + levels + level] = _entry(PEAKS_SLOT + level, state.peaks[level]);
        }
        entries[messages + 2 * levels] = _entry(COUNT_SLOT, bytes32(messages));
    }

    function _entry(uint256 slot, bytes32 value) private pure returns (TrieBuilder.Entry memory) {
        return TrieBuilder.hashedEntry(abi.encode(slot), RLPEncoder.encode(uint256(value)));
    }

    /// @dev The passer among few others: large tries take time, and have tests of their own. No two states are the same, as no
    /// two of a chain are: else a batch that was deleted could be committed again, and be the same batch.
    function _accounts(bytes32 storageRoot) internal view override returns (TrieBuilder.Entry[] memory entries) {
        entries = new TrieBuilder.Entry[](3);
        bytes memory passerAccount = _account(1, states[_viewed].balance, storageRoot);
        entries[0] = TrieBuilder.hashedEntry(abi.encodePacked(address(passer)), passerAccount);
        for (uint256 i = 1; i < entries.length; ++i) {
            bytes memory other = _account(i, _viewed, keccak256(hex"80"));
            entries[i] = TrieBuilder.hashedEntry(abi.encodePacked(address(uint160(i))), other);
        }
    }
}
