// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Records who sent it what, and how often. Gas is measured with it as target, so it is compiled like what is
/// deployed, and tests know it by this interface.
interface IRecorder {
    function record(bytes32 a, bytes32 b, bytes32 c, bytes32 d) external payable;
    function sender() external view returns (address);
    function dataHash() external view returns (bytes32);
    function count() external view returns (uint256);
}
