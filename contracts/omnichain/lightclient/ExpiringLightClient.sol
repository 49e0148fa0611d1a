// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IExpiringLightClient} from "../interfaces/IExpiringLightClient.sol";
import {LightClient} from "./LightClient.sol";

/// @title Light client whose trust expires
/// @notice See {IExpiringLightClient}.
abstract contract ExpiringLightClient is LightClient, IExpiringLightClient {
    /// @dev A hundred years: more is a mistake, such as milliseconds.
    uint256 private constant LONGEST_PERIOD = 36_525 days;

    /// @inheritdoc IExpiringLightClient
    uint256 public immutable override trustingPeriod;

    modifier whenNotExpired() {
        uint256 end = trustedUntil();
        if (block.timestamp > end) revert ExpiringLightClient_Expired(end);
        _;
    }

    constructor(uint256 trustingPeriod_) {
        if (trustingPeriod_ == 0 || trustingPeriod_ > LONGEST_PERIOD) {
            revert ExpiringLightClient_PeriodOutOfBounds(trustingPeriod_);
        }
        trustingPeriod = trustingPeriod_;
    }

    /// @inheritdoc IExpiringLightClient
    function trustedUntil() public view override returns (uint256) {
        return _headTimestamp() + trustingPeriod;
    }

    /// @dev Remembers a block above all others, whose timestamp the trusting period counts from. The other chain's clock
    /// may be ahead; that does not make the period longer.
    function _trustHead(uint256 number, bytes32 blockHash, uint256 timestamp) internal {
        _recordHead(number, blockHash, timestamp < block.timestamp ? timestamp : block.timestamp);
    }
}
