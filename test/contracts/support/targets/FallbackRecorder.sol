// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

/// @notice Records who sent it what, and how often, as {Recorder} does, whatever the data.
contract FallbackRecorder {
    ICrossDomainMessenger private immutable MESSENGER;

    address public sender;
    bytes32 public dataHash;
    uint256 public count;

    constructor(ICrossDomainMessenger messenger) {
        MESSENGER = messenger;
    }

    fallback() external payable {
        sender = MESSENGER.xDomainMessageSender();
        dataHash = keccak256(msg.data);
        unchecked {
            ++count;
        }
    }
}
