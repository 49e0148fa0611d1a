// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @notice Keeps what it receives, and gives the answer it is told to.
contract Inbox is IERC7786Recipient {
    struct Receipt {
        address gateway;
        bytes32 receiveId;
        bytes sender;
        bytes payload;
        uint256 value;
    }

    bytes4 public answer = IERC7786Recipient.receiveMessage.selector;

    Receipt[] private _receipts;

    function setAnswer(bytes4 answer_) external {
        answer = answer_;
    }

    function receiveMessage(bytes32 receiveId, bytes calldata sender, bytes calldata payload)
        public
        payable
        virtual
        returns (bytes4)
    {
        _receipts.push(Receipt(msg.sender, receiveId, sender, payload, msg.value));
        return answer;
    }

    function count() external view returns (uint256) {
        return _receipts.length;
    }

    function receipt(uint256 index) external view returns (Receipt memory) {
        return _receipts[index];
    }
}
