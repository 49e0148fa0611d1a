// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LightClientKind} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {LightClient} from "xdm/contracts/omnichain/lightclient/LightClient.sol";

/// @notice What all kinds of light clients have, where the test says which blocks are final.
contract LightClientHarness is LightClient {
    constructor(uint256 historyWindow_) LightClient(1, historyWindow_) {}

    function record(uint256 number, bytes32 blockHash) external {
        _record(number, blockHash);
    }

    function recordHead(uint256 number, bytes32 blockHash, uint256 timestamp) external {
        _recordHead(number, blockHash, timestamp);
    }

    function headTimestamp() external view returns (uint256) {
        return _headTimestamp();
    }

    function kind() external pure override returns (LightClientKind) {
        return LightClientKind.Attestor;
    }
}
