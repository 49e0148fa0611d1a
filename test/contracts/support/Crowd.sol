// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Recorder} from "./targets/Recorder.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

/// @notice Sends many messages in one transaction, each with other data: a call of a Recorder.
contract Crowd {
    /// @param first Number of the first message, from which its data follows.
    function send(ICrossDomainMessenger messenger, Recorder target, uint256 first, uint256 count, uint32 gasLimit)
        external
    {
        for (uint256 number = first; number < first + count; ++number) {
            bytes32 word = keccak256(abi.encode(number));
            bytes memory data = abi.encodeCall(target.record, (word, word, word, word));
            messenger.sendMessage(address(target), data, gasLimit);
        }
    }
}
