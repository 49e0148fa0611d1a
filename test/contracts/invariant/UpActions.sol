// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SendingActions} from "./SendingActions.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice Executes deposits, and replays messages from L1.
abstract contract UpActions is SendingActions {
    function executeDeposits(uint256 count) public counted {
        for (uint256 left = 1 + count % 2; left != 0 && executed != queue.length; --left) {
            _execute(queue[executed].gasLimit);
        }
    }

    /// @dev A deposit that gets less than its limit, as no chain does: it stands for one that cost more than was foreseen.
    function executeStarved(uint256 gas) public counted {
        while (executed != queue.length && queue[executed].mint == 0) _execute(queue[executed].gasLimit);
        if (executed == queue.length) return;
        uint256 least = ctc.minimumGasLimit(queue[executed].data.length);
        uint256 most = queue[executed].gasLimit;
        // Too little to begin, about too little for the promise, or anything.
        if (gas % 3 == 0) _execute(least + gas % 30_000);
        else if (gas % 3 == 1) _execute(most - gas % 30_000);
        else _execute(least + gas % (most - least));
    }

    /// @dev Executes the next element of the queue as L2 does: what is minted stays, even if the call fails.
    function _execute(uint256 gas) internal {
        Element memory element = queue[executed++];
        pendingMint -= element.mint;
        stranded += element.mint;
        vm.deal(element.from, element.from.balance + element.mint);
        if (element.from.balance < element.value) return _happened("a replay could not pay its value");

        Known memory before = known[UP][keccak256(element.data)];
        _watch();
        vm.prank(element.from, element.from);
        (bool success,) = element.to.call{gas: gas - 21_000, value: element.value}(element.data);
        _follow(success);
        _spendWhatArrived();

        if (element.from == _aliasedL1Messenger()) {
            _checkDeposit(element, before, success, gas == element.gasLimit);
        } else {
            _happened("another's deposit was executed");
        }
    }

    function _checkDeposit(Element memory element, Known memory before, bool success, bool isWhole) private {
        uint256 attempts = known[UP][keccak256(element.data)].attempts;
        if (before.status != DeliveryStatus.Unattempted) {
            if (attempts != before.attempts) _breach(Rule.SucceedsOnce, "a deposit was delivered twice");
            return _happened("a deposit came too late to be delivered");
        }
        if (attempts > before.attempts) return _happened("a deposit was delivered");
        if (success || isWhole) _breach(Rule.OneStatus, "a deposit left no record");
        _happened("a deposit was starved");
    }

    function replayOnL2(uint256 index, uint256 seed) public counted {
        if (up.length == 0) return;
        index %= up.length;
        DeliveryStatus status = _statusOf(UP, index);
        bytes memory data = up[index].encode();
        (uint256 gas, bool isMuch) = _gasFor(data, up[index].gasLimit, seed);

        (bool success,) = _relayAs(seed % 5 < 2, address(l2Messenger), data, gas);
        _spendWhatArrived();

        bool isDue = status == DeliveryStatus.Failed;
        if (success && !isDue) _breach(Rule.SucceedsOnce, "replayed what had not failed");
        if (isMuch && isDue && !success) _breach(Rule.AlwaysAttemptable, "a replay on L2 was refused");
        if (isDue && !success) _happened("a replay on L2 was starved");
        if (!isDue) _happened("refused a replay on L2");
    }

    function replayOnL1(uint256 index, uint256 gas) public counted {
        _nextBlock();
        if (up.length == 0) return;
        Message memory message = up[index % up.length];
        uint64 limit = _baseGas(message) + uint64(gas % 500_000);

        if (_try(stranger, address(l1Messenger), abi.encodeCall(l1Messenger.replayMessage, (message, limit)))) {
            _happened("replayed on L1");
        } else {
            _breach(Rule.AlwaysAttemptable, "a replay on L1 was refused");
        }
    }
}
