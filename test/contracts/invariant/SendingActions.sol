// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Actions} from "./Actions.sol";
import {Ephemeral} from "./Stage.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL2ToL1MessagePasser} from "xdm/contracts/interfaces/IL2ToL1MessagePasser.sol";
import {AddressAlias} from "xdm/contracts/libraries/AddressAlias.sol";

/// @notice Sends, and enqueues directly.
abstract contract SendingActions is Actions {
    function sendUp(uint256 place, uint256 seed, uint256 value) public counted {
        for (uint256 i = 0; i <= seed % 3; ++i) {
            _nextBlock();
            uint256 random = _hash(seed, i);
            _send(UP, place % TARGETS + i, random, random % 3 == 0 ? 0 : value % 1 ether);
        }
    }

    /// @dev No more value than is on L2.
    function sendDown(uint256 place, uint256 seed, uint256 value) public counted {
        for (uint256 i = 0; i <= seed % 3; ++i) {
            uint256 random = _hash(seed, i);
            _send(DOWN, place % TARGETS + i, random, random % 3 == 0 ? 0 : value % (_circulating() + 1));
        }
    }

    /// @dev To a target that has much to do: it gets the gas for it.
    function _sendTo(bool isDown, uint256 place, uint256 seed) internal {
        bytes memory data = abi.encode(_tag(isDown, hashes[isDown].length));
        address target = targets[isDown][place];
        bytes memory call = abi.encodeCall(ICrossDomainMessenger.sendMessage, (target, data, uint32(4_000_000)));
        _watch();
        _sendAsSomebody(address(_messenger(!isDown)), call, 0, seed % 4);
        _follow(true);
    }

    function _send(bool isDown, uint256 place, uint256 seed, uint256 value) private {
        address target = targets[isDown][place % TARGETS];
        bytes memory call =
            abi.encodeCall(ICrossDomainMessenger.sendMessage, (target, _data(isDown, seed, target), _gasLimit(seed)));
        uint256 count = hashes[isDown].length;

        _watch();
        _sendAsSomebody(address(_messenger(!isDown)), call, value, _hash(seed, 2) % 4);
        _follow(true);

        assertEq(hashes[isDown].length, count + 1, "sent");
        _happened(isDown ? "sent from L2" : "sent from L1");
        if (value != 0) _happened(isDown ? "sent value from L2" : "sent value from L1");
    }

    function _data(bool isDown, uint256 seed, address target) private view returns (bytes memory) {
        if (target == address(passer)) return abi.encodeCall(IL2ToL1MessagePasser.passMessage, (bytes32(seed)));
        if (target == targets[isDown][CODELESS] && seed % 2 == 0) return "";
        return bytes.concat(_tag(isDown, hashes[isDown].length), new bytes(_hash(seed, 1) % 200));
    }

    function _tag(bool isDown, uint256 index) private pure returns (bytes32) {
        return keccak256(abi.encode("message", isDown, index));
    }

    function _gasLimit(uint256 seed) private pure returns (uint32) {
        uint32[8] memory limits = [0, 50_000, 200_000, 300_000, 400_000, 1_000_000, 2_000_000, uint32(3_000_000)];
        return limits[_hash(seed, 3) % 8];
    }

    /// @dev As an account, a contract, an account that is a contract as well, or a contract that is gone afterwards.
    function _sendAsSomebody(address messenger, bytes memory call, uint256 value, uint256 who) private {
        if (who == 3) {
            vm.deal(address(this), value);
            assertEq(address(new Ephemeral{value: value}(messenger, call)).code.length, 0);
            return _happened("a sender destructed itself");
        }
        vm.deal(stranger, value);
        vm.prank(stranger, stranger);
        address[3] memory callee = [messenger, address(actor), delegatedActor];
        bytes memory data = who == 0 ? call : abi.encodeCall(actor.act, (messenger, call));
        (bool success, bytes memory result) = callee[who].call{value: value}(data);
        assertTrue(success && (who == 0 || abi.decode(result, (bool))), "sending");
    }

    // ------------------------------------------------------------------------------------------------- enqueueing

    /// @dev Anything that might be taken for the messenger's: deliveries of messages that are there and of such as are not.
    function enqueueDirectly(uint256 kind, uint256 seed, uint256 who) public counted {
        _nextBlock();
        (address to, bytes memory data) = _crafted(kind % 4, seed);
        bytes memory call = abi.encodeCall(ctc.enqueue, (to, uint64(2_000_000 + seed % 1_000_000), data));
        uint256 length = queue.length;
        address[4] memory senders = _sendersOnL2();

        _watch();
        _sendAsSomebody(address(ctc), call, 0, who % 4);
        _follow(true);

        assertEq(queue.length, length + 1, "enqueued");
        assertEq(queue[length].from, senders[who % 4], "who enqueued");
        _happened(who % 2 == 0 ? "an account enqueued" : "a contract enqueued");
    }

    /// @dev Accounts are themselves on both chains, contracts are not.
    function _sendersOnL2() private view returns (address[4] memory) {
        address ephemeral = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
        return [
            stranger,
            AddressAlias.applyL1ToL2Alias(address(actor)),
            delegatedActor,
            AddressAlias.applyL1ToL2Alias(ephemeral)
        ];
    }

    function _crafted(uint256 kind, uint256 seed) private view returns (address to, bytes memory data) {
        if (kind == 0) return (targets[UP][seed % 6], abi.encode(seed));
        if (kind == 1) return (address(passer), abi.encodeCall(passer.passMessage, (bytes32(seed))));
        if (kind == 2 && up.length != 0) return (address(l2Messenger), up[seed % up.length].encode());
        return (address(l2Messenger), _forgery(l1Messenger.messageNonce(), targets[UP][0]).encode());
    }
}
