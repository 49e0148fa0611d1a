// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

/// @notice What a target does when it is called.
enum Behaviour {
    Takes,
    Fails,
    EatsGas,
    Bombs,
    Reenters,
    Destructs
}

/// @notice Tells the targets what to do.
contract Stage {
    struct Call {
        address to;
        bytes data;
    }

    ICrossDomainMessenger public immutable l1Messenger;
    ICrossDomainMessenger public immutable l2Messenger;

    mapping(address target => Behaviour) public behaviourOf;
    mapping(address target => address) public beneficiaryOf;
    mapping(address target => Call[]) private _callsOf;
    mapping(address target => bool) private _isDone;

    constructor(ICrossDomainMessenger l1Messenger_, ICrossDomainMessenger l2Messenger_) {
        l1Messenger = l1Messenger_;
        l2Messenger = l2Messenger_;
    }

    function direct(address target, Behaviour behaviour) external {
        behaviourOf[target] = behaviour;
    }

    /// @notice Names who gets what a target has when it destructs itself.
    function bequeath(address target, address beneficiary) external {
        beneficiaryOf[target] = beneficiary;
    }

    /// @notice Sets the calls that a target makes when it re-enters.
    function prepare(address target, Call[] memory calls) external {
        delete _callsOf[target];
        _isDone[target] = false;
        for (uint256 i = 0; i < calls.length; ++i) {
            _callsOf[target].push(calls[i]);
        }
    }

    /// @notice The caller's calls, once: what it sends must differ from message to message.
    function takeCalls() external returns (Call[] memory calls) {
        if (!_isDone[msg.sender]) calls = _callsOf[msg.sender];
        _isDone[msg.sender] = true;
    }
}

/// @notice Tells what it sees, then does what the stage says. The first word of its calldata tells the messages apart.
/// @dev What it sees goes into an event; where the event would be reverted, into the reason. An account may delegate to it.
contract Target {
    /// @notice A call that was not reverted.
    /// @param sender Sender of the message in delivery; zero while there is none.
    /// @param senderAfter The same, after all the target did.
    event Seen(bytes32 indexed tag, address caller, address sender, address senderAfter, uint256 value, uint256 gas);

    /// @notice The target makes a call; the gas that was left tells the calls apart.
    event Reentering(uint256 gas);

    /// @notice The call has ended.
    event Reentered(uint256 gas, address caller, bytes4 selector, bool success);

    event Destructed(address beneficiary, uint256 value);

    /// @notice A call that was reverted.
    error Saw(bytes32 tag, address caller, address sender, uint256 value, uint256 gas);

    /// @dev Most gas that is burned by a loop, so that there is some left to tell what was seen. More would take time.
    uint256 private constant LONGEST_LOOP = 500_000;

    Stage private immutable STAGE;
    ICrossDomainMessenger private immutable L1_MESSENGER;
    ICrossDomainMessenger private immutable L2_MESSENGER;

    constructor(Stage stage) {
        STAGE = stage;
        L1_MESSENGER = stage.l1Messenger();
        L2_MESSENGER = stage.l2Messenger();
    }

    fallback() external payable {
        uint256 gas = gasleft();
        bytes32 tag = msg.data.length < 32 ? bytes32(0) : bytes32(msg.data[:32]);
        address sender = _senderInDelivery();
        Behaviour behaviour = STAGE.behaviourOf(address(this));
        if (behaviour == Behaviour.Fails) revert Saw(tag, msg.sender, sender, msg.value, gas);
        if (behaviour == Behaviour.EatsGas) _eatGas(tag, sender, gas);
        if (behaviour == Behaviour.Bombs) _bomb(tag, sender, gas);
        if (behaviour == Behaviour.Reenters) _reenter();
        emit Seen(tag, msg.sender, sender, _senderInDelivery(), msg.value, gas);
        if (behaviour == Behaviour.Destructs) _destruct();
    }

    function _eatGas(bytes32 tag, address sender, uint256 gas) private {
        if (uint256(tag) % 2 == 0 || gasleft() > LONGEST_LOOP) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        while (gasleft() > 1000) {}
        revert Saw(tag, msg.sender, sender, msg.value, gas);
    }

    /// @dev Reverts with as much as it can pay for, up to 100,000 bytes.
    function _bomb(bytes32 tag, address sender, uint256 gas) private {
        bytes memory reason = abi.encodeWithSelector(Saw.selector, tag, msg.sender, sender, msg.value, gas);
        uint256 length = gasleft() > 100_000 ? 100_000 : reason.length;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), length)
        }
    }

    function _reenter() private {
        Stage.Call[] memory calls = STAGE.takeCalls();
        for (uint256 i = 0; i < calls.length; ++i) {
            uint256 gas = gasleft();
            emit Reentering(gas);
            (bool success,) = calls[i].to.call(calls[i].data);
            emit Reentered(gas, msg.sender, bytes4(calls[i].data), success);
        }
    }

    function _destruct() private {
        address beneficiary = STAGE.beneficiaryOf(address(this));
        emit Destructed(beneficiary, address(this).balance);
        selfdestruct(payable(beneficiary));
    }

    /// @dev In one EVM, the idle messenger is the other chain's.
    function _senderInDelivery() private view returns (address sender) {
        sender = _senderOf(L1_MESSENGER);
        if (sender == address(0)) sender = _senderOf(L2_MESSENGER);
    }

    function _senderOf(ICrossDomainMessenger messenger) private view returns (address) {
        try messenger.xDomainMessageSender() returns (address sender) {
            return sender;
        } catch {
            return address(0);
        }
    }
}

/// @notice Calls for whoever asks. An account may delegate to it.
contract Actor {
    function act(address to, bytes calldata data) external payable returns (bool success) {
        (success,) = to.call{value: msg.value}(data);
    }
}

/// @notice Relays for whoever asks, and tells if there is still a sender afterwards, in the same transaction.
contract Relayer {
    event SenderRemained(address sender);

    function relay(ICrossDomainMessenger messenger, bytes calldata data)
        external
        returns (bool success, bytes memory result)
    {
        (success, result) = address(messenger).call(data);
        try messenger.xDomainMessageSender() returns (address sender) {
            emit SenderRemained(sender);
        } catch {}
    }
}

/// @notice Calls while it is being created, and is gone when the transaction ends.
contract Ephemeral {
    constructor(address to, bytes memory data) payable {
        (bool success,) = to.call{value: msg.value}(data);
        require(success, "call failed");
        selfdestruct(payable(msg.sender));
    }
}
