// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Message} from "xdm/contracts/types/Message.sol";

/// @notice What tests in TypeScript need of the chain: the message's library functions, and a contract that calls.
contract MessageHarness {
    function encode(Message memory message) external pure returns (bytes memory) {
        return message.encode();
    }

    function hash(Message memory message) external pure returns (bytes32) {
        return message.hash();
    }

    /// @notice Calls as a contract, several times in one transaction.
    function forwardAll(address target, bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            forward(target, calls[i]);
        }
    }

    /// @notice Calls as a contract; reverts with the target's reason.
    function forward(address target, bytes calldata data) public payable {
        (bool succeeded, bytes memory reason) = target.call{value: msg.value}(data);
        if (succeeded) return;
        assembly {
            revert(add(reason, 32), mload(reason))
        }
    }
}
