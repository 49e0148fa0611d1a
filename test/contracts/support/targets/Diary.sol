// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";

/// @notice Writes down each word it is called with, who sent it, and on which chain that was. Answers where it is told to.
contract Diary {
    struct Entry {
        uint256 word;
        address sender;
        address origin;
        uint256 chainId;
        uint256 value;
    }

    event Written(uint256 word);

    error Diary_Full(uint256 word);

    ICrossDomainMessenger private immutable MESSENGER;

    Entry[] public entries;
    address public reader;
    bool public isFull;

    constructor(ICrossDomainMessenger messenger) {
        MESSENGER = messenger;
    }

    function setReader(address newReader) external {
        reader = newReader;
    }

    function setFull(bool full) external {
        isFull = full;
    }

    function write(uint256 word) external payable {
        if (isFull) revert Diary_Full(word);
        entries.push(Entry(word, MESSENGER.xDomainMessageSender(), tx.origin, block.chainid, msg.value));
        emit Written(word);
        if (reader != address(0)) MESSENGER.sendMessage(reader, abi.encodeCall(this.write, (word + 1)), 200_000);
    }

    function length() external view returns (uint256) {
        return entries.length;
    }
}
