// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

/// @notice Sends a message while it is constructed, and is gone when the transaction ends.
contract ShortLivedSender {
    constructor(ICrossDomainMessenger messenger, address target, bytes memory data, uint32 gasLimit) payable {
        messenger.sendMessage{value: msg.value}(target, data, gasLimit);
        selfdestruct(payable(msg.sender));
    }
}

/// @notice Destructs itself whenever it is called; its code stays, by EIP-6780, and its ETH goes.
contract SelfDestructing {
    address payable private immutable HEIR;

    constructor(address payable heir) {
        HEIR = heir;
    }

    fallback() external payable {
        selfdestruct(HEIR);
    }
}

/// @notice Sends to a target, and counts what is delivered to itself.
contract Echo {
    ICrossDomainMessenger private immutable MESSENGER;

    uint256 public count;
    address public sender;

    constructor(ICrossDomainMessenger messenger) {
        MESSENGER = messenger;
    }

    function send(ICrossDomainMessenger messenger, address target, bytes calldata data, uint32 gasLimit) external {
        messenger.sendMessage(target, data, gasLimit);
    }

    fallback() external payable {
        ++count;
        sender = MESSENGER.xDomainMessageSender();
    }
}
