// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageTreeBuilder} from "../support/MessageTreeBuilder.sol";
import {DownActions} from "./DownActions.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice What must be refused at any time, whoever tries.
abstract contract AttackActions is DownActions {
    uint256 internal constant ATTACKS = 9;

    function attack(uint256 kind, uint256 seed) public counted {
        kind %= ATTACKS;
        if (kind == 0) _deliverAsIfFromL1(seed);
        if (kind == 1) _writeWithoutRole(seed);
        if (kind == 2) _takeRoles();
        if (kind == 3) _giveWithoutMessage(seed);
        if (kind == 4) _sendToTheLane(seed);
        if (kind == 5) _changeWhatWasSent(seed);
        if (kind == 6) _forgeByPath(seed);
        if (kind == 7) _deliverWithOtherCalldata(seed);
        if (kind == 8) _anchorOtherPeaks(seed);
        _happened("an attack was refused");
    }

    function _mustFail(address from, address to, bytes memory data) private {
        if (_try(from, to, data)) _breach(Rule.NothingIsForged, "an attack succeeded");
    }

    /// @dev By anyone, and by who has the L1 messenger's address on L2, which is not its alias: a message that was never
    /// attempted, or that nobody sent.
    function _deliverAsIfFromL1(uint256 seed) private {
        bytes memory forged = _forgery(l1Messenger.messageNonce(), targets[UP][0]).encode();
        address from = seed % 2 == 0 ? stranger : address(l1Messenger);
        _mustFail(from, address(l2Messenger), forged);
        if (up.length == 0) return;
        uint256 index = seed % up.length;
        if (_statusOf(UP, index) != DeliveryStatus.Failed) _mustFail(from, address(l2Messenger), up[index].encode());
    }

    function _writeWithoutRole(uint256 seed) private {
        bytes32 word = bytes32(seed);
        _mustFail(stranger, address(passer), abi.encodeCall(passer.passMessage, (word)));
        _mustFail(stranger, address(ctc), abi.encodeCall(ctc.enqueueMessage, (seed, seed, 100_000, "")));
        _mustFail(challenger, address(scc), abi.encodeCall(scc.appendStateBatch, (word, 1, scc.getTotalElements())));
        _mustFail(proposer, address(scc), abi.encodeCall(scc.appendStateBatch, (word, 1, scc.getTotalElements() + 1)));
        _mustFail(proposer, address(container), abi.encodeCall(container.push, (word)));
        _mustFail(challenger, address(container), abi.encodeCall(container.deleteElementsAfterInclusive, (0)));
    }

    function _takeRoles() private {
        _mustFail(stranger, address(l1Messenger), abi.encodeCall(l1Messenger.pause, ()));
        _mustFail(guardian, address(l1Messenger), abi.encodeCall(l1Messenger.unpause, ()));
        _mustFail(guardian, address(l1Messenger), abi.encodeCall(l1Messenger.setGuardian, (stranger)));
        _mustFail(proposer, address(scc), abi.encodeCall(scc.setProposer, (stranger)));
        _mustFail(challenger, address(scc), abi.encodeCall(scc.setChallenger, (stranger)));
        _mustFail(stranger, address(l1Messenger), abi.encodeCall(l1Messenger.transferOwnership, (stranger)));
        _mustFail(owner, address(scc), abi.encodeCall(scc.renounceOwnership, ()));
    }

    /// @dev ETH that comes with no message would belong to nobody.
    function _giveWithoutMessage(uint256 seed) private {
        address[4] memory contracts = [address(l1Messenger), address(l2Messenger), address(ctc), address(passer)];
        _mustFailWithValue(contracts[seed % 4], "");
        if (up.length != 0) _mustFailWithValue(address(l2Messenger), up[seed % up.length].encode());
    }

    function _mustFailWithValue(address to, bytes memory data) private {
        hoax(stranger, 1);
        _watch();
        (bool success,) = to.call{value: 1}(data);
        _follow(success);
        if (success) _breach(Rule.VaultCovers, "took value without a message");
    }

    function _sendToTheLane(uint256 seed) private {
        address[6] memory onL1 = [
            address(l1Messenger),
            address(l2Messenger),
            address(ctc),
            address(scc),
            address(container),
            address(l1Messenger)
        ];
        address[3] memory onL2 = [address(l1Messenger), address(l2Messenger), address(passer)];
        _mustFail(stranger, address(l2Messenger), abi.encodeCall(l2Messenger.sendMessage, (onL1[seed % 6], "", 0)));
        _mustFail(stranger, address(l1Messenger), abi.encodeCall(l1Messenger.sendMessage, (onL2[seed % 3], "", 0)));
    }

    /// @dev A message with one field changed, by the proof of the true one, as a replay on L2 and as one on L1.
    function _changeWhatWasSent(uint256 seed) private {
        if (up.length != 0) {
            Message memory changed = _change(up[seed % up.length], seed);
            _mustFail(stranger, address(l2Messenger), changed.encode());
            _mustFail(stranger, address(l1Messenger), abi.encodeCall(l1Messenger.replayMessage, (changed, 10_000_000)));
        }
        (bool exists, uint256 id) = _pick(seed);
        if (!exists || states[id].count == 0) return;
        Message memory message = _messageIn(id, seed % states[id].count);
        MessageProof memory proof = _proofIn(id, _passerSlot(message.hash()));
        bytes memory call = abi.encodeCall(l1Messenger.relayMessage, (_change(message, seed), proof));
        _mustFail(stranger, address(l1Messenger), call);
    }

    function _change(Message memory message, uint256 seed) private view returns (Message memory) {
        uint256 field = _hash(seed, 5) % 6;
        if (field == 0) ++message.nonce;
        if (field == 1) message.sender = targets[UP][CODELESS];
        if (field == 2) message.target = stranger;
        if (field == 3) ++message.value;
        if (field == 4) ++message.gasLimit;
        if (field == 5) message.data = bytes.concat(message.data, hex"00");
        return message;
    }

    /// @dev A message that nobody sent, by the path of one that was sent, in a root that was anchored.
    function _forgeByPath(uint256 seed) private {
        if (anchored.length == 0) return;
        uint256 count = anchored[seed % anchored.length];
        uint256 index = _hash(seed, 6) % count;
        bytes32[] memory path = MessageTreeBuilder.pathOf(_firstKeys(count), index);
        Message memory forged = _forgery(down[index].nonce, targets[DOWN][0]);
        _mustFail(stranger, address(l1Messenger), abi.encodeCall(l1Messenger.relayMessageByPath, (forged, count, path)));
    }

    /// @dev Another tree than the passer's, by a proof of the passer's.
    function _anchorOtherPeaks(uint256 seed) private {
        (bool exists, uint256 id) = _pick(seed);
        if (!exists || states[id].count == 0 || anchoredRoot[states[id].count] != 0) return;
        uint256 count = states[id].count;
        bytes32[] memory peaks = MessageTreeBuilder.peaksOf(_keysOf(states[id]));
        peaks[seed % peaks.length] = bytes32(seed);
        MessageProof memory proof = _proofIn(id, _commitmentSlot(count));
        _mustFail(stranger, address(l1Messenger), abi.encodeCall(l1Messenger.proveMessageRoot, (count, peaks, proof)));
    }

    /// @dev The same message, encoded in another way: it must not count as another.
    function _deliverWithOtherCalldata(uint256 seed) private {
        if (up.length == 0) return;
        bytes memory data = bytes.concat(up[seed % up.length].encode(), hex"00");
        _mustFail(stranger, address(l2Messenger), data);
        _mustFail(address(l1Messenger), address(l2Messenger), data);
    }
}
