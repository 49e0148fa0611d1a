// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OmnichainEnabled} from "../dapp/OmnichainEnabled.sol";
import {IOmnichainService} from "../omnichain/interfaces/IOmnichainService.sol";

/// @title Example receiver
/// @notice What a local network has on each chain, for the first message to go to: it keeps the last words it has heard, from
/// accounts that are told to it when it is created. For local networks alone: the keys of those accounts are public.
contract ExampleReceiver is OmnichainEnabled {
    /// @notice The last words it has heard.
    /// @return Text, in UTF-8 if whoever sent it wrote that.
    string public greeting;

    /// @notice Emitted when it hears something.
    /// @param words What it hears.
    event Greeted(string words);

    /// @param omnichainService_ The service of its chain.
    /// @param chains Chain ids of those that it hears.
    /// @param callers Accounts that it hears, on each of these chains.
    constructor(IOmnichainService omnichainService_, uint256[] memory chains, address[] memory callers)
        OmnichainEnabled(omnichainService_)
    {
        for (uint256 i = 0; i < chains.length; ++i) {
            for (uint256 j = 0; j < callers.length; ++j) {
                _allowRemoteCaller(chains[i], callers[j], true);
            }
        }
    }

    /// @notice Hears a message of type `Calldata`.
    /// @param words What it is told.
    function greet(string calldata words) external onlyOmnichainService {
        _hear(words);
    }

    /// @inheritdoc OmnichainEnabled
    function _receiveMessage(Origin memory, bytes calldata message) internal override returns (bytes memory) {
        _hear(string(message));
        return "";
    }

    function _hear(string memory words) private {
        greeting = words;
        emit Greeted(words);
    }
}
