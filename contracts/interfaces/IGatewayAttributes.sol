// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Attributes of a message
/// @notice What a sender can ask of {ICrossDomainGateway} beside sending. No contract has these functions: an attribute
/// is the calldata of one of them, such as `abi.encodeCall(IGatewayAttributes.minGasLimit, (500_000))`.
interface IGatewayAttributes {
    /// @notice Gas the recipient's `receiveMessage` gets at least, on top of what the gateways take. The selector is
    /// the one that ERC-7786 gives as its example.
    /// @param gasLimit Gas, at most `type(uint32).max`; the messenger refuses what no transaction of the other chain
    /// can carry.
    function minGasLimit(uint256 gasLimit) external;
}
