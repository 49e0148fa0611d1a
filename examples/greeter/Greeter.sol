// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CrossDomainEnabled} from "xdm/contracts/dapp/CrossDomainEnabled.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

contract Greeter is CrossDomainEnabled {
    address public immutable counterpart;
    string public greeting;

    constructor(ICrossDomainMessenger messenger_, address counterpart_) CrossDomainEnabled(messenger_) {
        counterpart = counterpart_;
    }

    function greet(string calldata words) external {
        bytes memory message = abi.encodeCall(this.receiveGreeting, (words));
        // No value, and 200,000 gas: what the target needs at most. It gets that or more, or the delivery fails.
        _sendCrossDomainMessage(counterpart, 0, 200_000, message);
    }

    function receiveGreeting(string calldata words) external onlyFromCrossDomainAccount(counterpart) {
        greeting = words;
    }
}
