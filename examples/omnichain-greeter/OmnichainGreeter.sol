// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OmnichainEnabled} from "xdm/contracts/dapp/OmnichainEnabled.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageData, MessageType} from "xdm/contracts/omnichain/types/MessageData.sol";

contract OmnichainGreeter is OmnichainEnabled {
    uint256 public immutable counterpartChain;
    address public immutable counterpart;
    string public greeting;

    error OmnichainGreeter_NotRefunded(address caller);

    constructor(IOmnichainService service, uint256 counterpartChain_, address counterpart_) OmnichainEnabled(service) {
        counterpartChain = counterpartChain_;
        counterpart = counterpart_;
        // Nobody else is heard.
        _allowRemoteCaller(counterpartChain_, counterpart_, true);
    }

    /// @dev The fee is paid out of what comes with the call, and the rest goes back.
    function greet(string calldata words) external payable returns (bytes32 orderId) {
        // 200,000 gas: what the counterpart needs at most. It gets that or more, or the delivery does not count.
        orderId = _sendMessage(
            counterpartChain,
            MessageData({
                relay: false,
                msgType: MessageType.Message,
                target: abi.encodePacked(counterpart),
                payload: bytes(words),
                gasLimit: 200_000,
                value: 0
            })
        );
        (bool isRefunded,) = msg.sender.call{value: address(this).balance}("");
        if (!isRefunded) revert OmnichainGreeter_NotRefunded(msg.sender);
    }

    function _receiveMessage(Origin memory, bytes calldata message) internal override returns (bytes memory) {
        greeting = string(message);
        return "";
    }
}
