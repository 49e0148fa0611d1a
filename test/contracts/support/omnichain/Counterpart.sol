// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OmnichainEnabled} from "xdm/contracts/dapp/OmnichainEnabled.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageData} from "xdm/contracts/omnichain/types/MessageData.sol";

/// @notice An application with a contract of this kind on each chain. Counts what it receives and remembers the last;
/// answers what it was told to, or reverts with it.
contract Counterpart is OmnichainEnabled {
    uint256 public count;
    Origin private _lastOrigin;
    bytes public lastMessage;

    bytes private _answer;
    bytes private _refusal;

    constructor(IOmnichainService omnichainService_) OmnichainEnabled(omnichainService_) {}

    receive() external payable {}

    function allow(uint256 fromChain, address from, bool allowed) external {
        _allowRemoteCaller(fromChain, from, allowed);
    }

    function answer(bytes calldata answer_) external {
        _answer = answer_;
    }

    /// @notice Nothing ends it.
    function refuse(bytes calldata refusal) external {
        _refusal = refusal;
    }

    function send(uint256 toChain, MessageData calldata message) external returns (bytes32) {
        return _sendMessage(toChain, message);
    }

    /// @notice What a message of type `Calldata` calls.
    function note(bytes calldata message) external onlyOmnichainService returns (bytes memory) {
        return _take(message);
    }

    function lastOrigin() external view returns (Origin memory) {
        return _lastOrigin;
    }

    function _receiveMessage(Origin memory origin, bytes calldata message) internal override returns (bytes memory) {
        _lastOrigin = origin;
        return _take(message);
    }

    function _take(bytes calldata message) private returns (bytes memory) {
        bytes memory refusal = _refusal;
        if (refusal.length != 0) {
            assembly ("memory-safe") {
                revert(add(refusal, 0x20), mload(refusal))
            }
        }
        ++count;
        lastMessage = message;
        return _answer;
    }
}
