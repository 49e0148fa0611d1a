// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {UpActions} from "./UpActions.sol";

/// @notice Commits and deletes state batches, lets time pass, pauses.
abstract contract BatchActions is UpActions {
    function commitTruth(uint256 size, uint256 place) public counted {
        size = 1 + size % 5;
        _commitTruth(size, place % size);
    }

    /// @dev A proposer that lies: a message that nobody sent. Until the challenger deletes it, before its window ends.
    function commitLie(uint256 size, uint256 place) public counted {
        size = 1 + size % 5;
        _commitLie(size, place % size, _forgery(l2Messenger.messageNonce(), targets[DOWN][0]));
    }

    /// @dev By the challenger any batch, true or false; it works inside the window alone. By others it never does.
    function deleteBatch(uint256 seed, bool byChallenger) public counted {
        if (history.length == 0) return;
        uint256 id = seed % 4 == 0 ? _hash(seed, 0) % history.length : history.length - 1;
        // In the last second of its window, or in the first after it.
        uint256 edge = history[id].batch.timestamp + FRAUD_PROOF_WINDOW - 1 + _hash(seed, 1) % 2;
        if (_hash(seed, 2) % 4 == 0 && edge >= vm.getBlockTimestamp()) _warpTo(edge);
        bool isDue = byChallenger && !history[id].isDeleted && !_isWindowOver(id);

        if (_delete(byChallenger ? challenger : stranger, id) != isDue) {
            _breach(Rule.FinalStays, isDue ? "a batch could not be challenged" : "a batch was deleted that must stay");
        }
        _happened(isDue ? "deleted a batch" : "refused to delete a batch");
    }

    function _delete(address from, uint256 id) private returns (bool success) {
        success = _try(from, address(scc), abi.encodeCall(scc.deleteStateBatch, (history[id].batch)));
        if (success) _followDeleted(id);
    }

    /// @dev By a while, or to a batch's end of window, one second before it, or after it.
    function warp(uint256 kind, uint256 seed) public counted {
        if (kind % 3 == 0 || history.length == 0) return _warpTo(vm.getBlockTimestamp() + seed % 1000);
        uint256 id = kind % 3 == 1 ? history.length - 1 : seed % history.length;
        uint256 time = history[id].batch.timestamp + FRAUD_PROOF_WINDOW - 1 + _hash(seed, 0) % 3;
        if (time < vm.getBlockTimestamp()) return;
        _warpTo(time);
        _happened("went to the end of a window");
    }

    /// @dev Nobody is there to save a lane whose challenger sleeps through a window.
    function _warpTo(uint256 time) internal {
        (bool exists, uint256 id) = _firstFalse();
        if (exists && time >= history[id].batch.timestamp + FRAUD_PROOF_WINDOW) _challenge();
        vm.warp(time);
    }

    /// @dev The challenger deletes the first false batch, and with it all later ones.
    function _challenge() internal {
        (bool exists, uint256 id) = _firstFalse();
        if (!exists) return;
        assertTrue(_delete(challenger, id), "challenge");
        _happened("a false batch was challenged");
    }

    function togglePause(uint256 seed) public counted {
        if (isPaused) _unpause();
        else if (seed % 3 == 0) _pause();
    }

    function _pause() private {
        vm.prank(guardian);
        l1Messenger.pause();
        isPaused = true;
        _happened("paused");
    }

    function _unpause() internal {
        vm.prank(owner);
        l1Messenger.unpause();
        isPaused = false;
        _happened("unpaused");
    }
}
