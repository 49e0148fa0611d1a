// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

/// @notice Records who sent it what, and how often.
contract Recorder {
    ICrossDomainMessenger private immutable MESSENGER;

    address public sender;
    bytes32 public dataHash;
    uint256 public count;

    constructor(ICrossDomainMessenger messenger) {
        MESSENGER = messenger;
    }

    function record(bytes32, bytes32, bytes32, bytes32) external payable {
        sender = MESSENGER.xDomainMessageSender();
        dataHash = keccak256(msg.data);
        unchecked {
            ++count;
        }
    }
}
