// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Actor, Behaviour, Relayer, Stage, Target} from "./Stage.sol";
import {StateModel} from "./StateModel.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice Who takes part, and what actions have in common.
abstract contract Actions is StateModel {
    /// @dev Enough for any message and any proof here.
    uint256 internal constant MUCH_GAS = 8_000_000;

    uint256 internal constant TARGETS = 9;
    uint256 internal constant REENTERING = 4;
    uint256 internal constant CODELESS = 7;

    /// @dev Targets by direction: those of the two chains are not the same, so that no ETH crosses by itself.
    mapping(bool isDown => address[TARGETS]) internal targets;

    /// @dev By direction, the key of an account that at times delegates to a target, and then has code.
    mapping(bool isDown => uint256) private _keys;

    address internal immutable stranger = makeAddr("stranger");
    address internal targetCode;
    Actor internal actor;
    Relayer private _relayer;

    /// @dev An account that delegates to an Actor: whoever calls it, it is the sender.
    address internal delegatedActor;

    uint256 internal actions;

    modifier counted() {
        ++actions;
        _;
    }

    function _cast() internal {
        stage = new Stage(l1Messenger, l2Messenger);
        targetCode = address(new Target(stage));
        actor = new Actor();
        _relayer = new Relayer();
        uint256 key;
        (delegatedActor, key) = makeAddrAndKey("delegated actor");
        _delegate(address(actor), key);
        _castTargets(UP, "up");
        _castTargets(DOWN, "down");
        // Two that take nothing. On L1, the passer's address is like any other.
        targets[DOWN][8] = address(passer);
        targets[UP][8] = address(actor);
    }

    /// @dev One target for each behaviour to begin with, then an account that may delegate, and one that has no code.
    function _castTargets(bool isDown, string memory name) private {
        for (uint256 i = 0; i < 6; ++i) {
            targets[isDown][i] = address(new Target(stage));
            stage.direct(targets[isDown][i], Behaviour(i));
            stage.bequeath(targets[isDown][i], isDown ? address(l1Messenger) : address(l2Messenger));
        }
        (targets[isDown][6], _keys[isDown]) = makeAddrAndKey(string.concat("delegating ", name));
        stage.bequeath(targets[isDown][6], stranger);
        targets[isDown][CODELESS] = makeAddr(string.concat("codeless ", name));
    }

    function _delegate(address code, uint256 key) private {
        vm.signAndAttachDelegation(code, key);
        // The delegation goes with the next transaction, whatever that is.
        (bool success,) = stranger.call("");
        assertTrue(success);
    }

    /// @dev An account becomes a contract (EIP-7702), or an account again.
    function delegate(bool isDown, bool becomesContract) public counted {
        _delegate(becomesContract ? targetCode : address(0), _keys[isDown]);
        assertEq(targets[isDown][6].code.length, becomesContract ? 23 : 0);
        _happened(becomesContract ? "an account became a contract" : "an account became an account again");
    }

    /// @dev Breaks a target, repairs it, or has it do something else.
    function direct(bool isDown, uint256 place, uint256 behaviour) public counted {
        stage.direct(targets[isDown][place % 7], Behaviour(behaviour % 6));
        _happened("a target was directed");
    }

    // --------------------------------------------------------------------------------------------------- the lane's

    /// @dev Makes a call as an account, in a transaction of its own, and follows what comes of it.
    function _try(address from, address to, bytes memory data) internal returns (bool success) {
        _watch();
        vm.prank(from, from);
        (success,) = to.call{gas: MUCH_GAS}(data);
        _follow(success);
    }

    /// @dev Relays as an account, or as a contract that then asks who the sender is.
    function _relayAs(bool isContract, address messenger, bytes memory data, uint256 gas)
        internal
        returns (bool success, bytes memory result)
    {
        bytes memory call = abi.encodeCall(Relayer.relay, (ICrossDomainMessenger(messenger), data));
        _watch();
        vm.prank(stranger, stranger);
        (success, result) = isContract ? address(_relayer).call{gas: gas}(call) : messenger.call{gas: gas}(data);
        if (isContract && success) (success, result) = abi.decode(result, (bool, bytes));
        _follow(success);
    }

    /// @dev Mostly enough; otherwise anything from what the transaction's bytes cost, or about what the promise takes.
    function _gasFor(bytes memory data, uint256 gasLimit, uint256 random)
        internal
        pure
        returns (uint256 gas, bool isMuch)
    {
        if (random % 3 != 0) return (MUCH_GAS, true);
        gas = 40 * data.length + 40_000;
        random >>= 8;
        gas += random % 2 == 0 ? (random >> 8) % 400_000 : gasLimit + (random >> 8) % 150_000;
        return (gas, false);
    }

    /// @dev A message that nobody sent.
    function _forgery(uint256 nonce, address target) internal view returns (Message memory) {
        return Message(nonce, alice, target, 0, 200_000, abi.encode("forged", nonce));
    }

    function _hash(uint256 seed, uint256 salt) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, salt)));
    }

    /// @dev ETH that arrived goes on to others: whoever has it may send it down.
    function _spendWhatArrived() internal {
        for (uint256 i = 0; i < CODELESS; ++i) {
            vm.deal(targets[UP][i], 0);
        }
    }
}
