// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Create3} from "@openzeppelin/contracts/utils/Create3.sol";

import {ILaneDeployer} from "../interfaces/ILaneDeployer.sol";

/// @title Lane deployer
/// @dev See {ILaneDeployer}.
contract LaneDeployer is ILaneDeployer {
    /// @inheritdoc ILaneDeployer
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    /// @inheritdoc ILaneDeployer
    function deploy(bytes32 salt, bytes calldata creationCode) external payable returns (address deployed) {
        if (msg.sender != owner) revert LaneDeployer_NotOwner(msg.sender);
        // Creation at an address in use fails without a reason, and with all the gas it was given.
        deployed = addressOf(salt);
        if (deployed.code.length != 0) revert LaneDeployer_SaltUsed(salt, deployed);

        return Create3.deploy(msg.value, salt, creationCode);
    }

    /// @inheritdoc ILaneDeployer
    function addressOf(bytes32 salt) public view returns (address) {
        return Create3.computeAddress(salt);
    }
}
