// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILightClient} from "./ILightClient.sol";

/// @title Light client whose trust expires
/// @notice Those who vouched for a block can leave, and have nothing to lose then: keys of theirs that are sold or stolen
/// later could vouch for a past that never was. So a light client that has seen nothing new for too long takes no update
/// any more. What it knows it still tells; only the delayed replacement goes on from there.
interface IExpiringLightClient is ILightClient {
    /// @notice Thrown when an update comes after the trust has expired.
    /// @param trustedUntil When it expired, in seconds of this chain's clock.
    error ExpiringLightClient_Expired(uint256 trustedUntil);

    /// @notice Thrown at deployment when the trusting period is zero, or so long that it never ends.
    /// @param trustingPeriod The period, in seconds.
    error ExpiringLightClient_PeriodOutOfBounds(uint256 trustingPeriod);

    /// @notice How long the latest head is trusted.
    /// @return Seconds from the head's timestamp, more than zero.
    function trustingPeriod() external view returns (uint256);

    /// @notice The last moment at which an update is taken, unless one comes before.
    /// @return Seconds of this chain's clock.
    function trustedUntil() external view returns (uint256);
}
