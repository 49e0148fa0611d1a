// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Lane deployer
/// @notice Deploys contracts at addresses that are known before, whatever is deployed and in whatever order: an address
/// depends on this contract's own and on a salt. Only its owner deploys, so nobody else can put code at an address that
/// others have been told to trust.
interface ILaneDeployer {
    /// @notice Thrown when anyone but the owner deploys.
    /// @param caller Account that called.
    error LaneDeployer_NotOwner(address caller);

    /// @notice Thrown when a contract was deployed with the salt before.
    /// @param salt The salt.
    /// @param deployed Address of that contract.
    error LaneDeployer_SaltUsed(bytes32 salt, address deployed);

    /// @notice Deploys a contract. Only the owner. ETH sent along goes to the contract's constructor. Reverts with what
    /// the constructor reverts with.
    /// @param salt Makes the address; each can be used once.
    /// @param creationCode The contract's creation code, followed by its encoded constructor arguments.
    /// @return deployed Address of the contract: what `addressOf(salt)` returns.
    function deploy(bytes32 salt, bytes calldata creationCode) external payable returns (address deployed);

    /// @notice The address of the contract that is deployed with a salt, whether it is there yet or not.
    /// @param salt The salt.
    /// @return The address on this chain.
    function addressOf(bytes32 salt) external view returns (address);

    /// @notice The account that may deploy.
    /// @return Address on this chain.
    function owner() external view returns (address);
}
