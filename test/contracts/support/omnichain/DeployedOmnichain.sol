// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOwned} from "../Deployed.sol";
import {IAttestorLightClient} from "xdm/contracts/omnichain/interfaces/IAttestorLightClient.sol";
import {IChainRegistry} from "xdm/contracts/omnichain/interfaces/IChainRegistry.sol";
import {IFeeTable} from "xdm/contracts/omnichain/interfaces/IFeeTable.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {IOmnichainRelayService} from "xdm/contracts/omnichain/interfaces/IOmnichainRelayService.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";

// As in Deployed.sol: what is compiled through the IR is seen by its interfaces.

/// @dev Either service; only the relay chain's has the functions of the second interface.
interface IDeployedService is IOmnichainService, IOmnichainRelayService, IChainRegistry, IFeeTable, IOwned {}

interface IDeployedAttestorClient is ILightClient, IAttestorLightClient {}
