// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PermanentlyOwned} from "../access/PermanentlyOwned.sol";
import {IChainRegistry} from "./interfaces/IChainRegistry.sol";
import {ILightClient} from "./interfaces/ILightClient.sol";

/// @title Chain registry
/// @dev See {IChainRegistry}.
abstract contract ChainRegistry is IChainRegistry, PermanentlyOwned {
    struct Chain {
        address service;
        ILightClient lightClient;
        ILightClient proposed;
        uint64 applicableFrom;
    }

    /// @inheritdoc IChainRegistry
    uint256 public constant MIN_LIGHT_CLIENT_DELAY = 1 days;

    /// @inheritdoc IChainRegistry
    uint256 public constant MAX_LIGHT_CLIENT_DELAY = 90 days;

    /// @inheritdoc IChainRegistry
    uint256 public immutable lightClientDelay;

    mapping(uint256 chainId => Chain chain) private _chains;

    constructor(uint256 delay) {
        if (delay < MIN_LIGHT_CLIENT_DELAY || delay > MAX_LIGHT_CLIENT_DELAY) {
            revert ChainRegistry_DelayOutOfBounds(delay, MIN_LIGHT_CLIENT_DELAY, MAX_LIGHT_CLIENT_DELAY);
        }
        lightClientDelay = delay;
    }

    /// @inheritdoc IChainRegistry
    function registerChain(uint256 chainId, address service, ILightClient lightClient) external onlyOwner {
        if (chainId == 0 || service == address(0)) revert ChainRegistry_ZeroChain(chainId, service);
        Chain storage chain = _chains[chainId];
        if (chainId == block.chainid || chain.service != address(0)) revert ChainRegistry_AlreadyRegistered(chainId);
        if (_isRead(chainId)) _checkLightClient(chainId, lightClient);
        else if (address(lightClient) != address(0)) revert ChainRegistry_NotRead(chainId);

        (chain.service, chain.lightClient) = (service, lightClient);

        emit ChainRegistered(chainId, service, address(lightClient));
    }

    /// @inheritdoc IChainRegistry
    function proposeLightClient(uint256 chainId, ILightClient lightClient) external onlyOwner {
        _serviceOf(chainId);
        if (!_isRead(chainId)) revert ChainRegistry_NotRead(chainId);
        _checkLightClient(chainId, lightClient);

        Chain storage chain = _chains[chainId];
        uint256 applicableFrom = block.timestamp + lightClientDelay;
        (chain.proposed, chain.applicableFrom) = (lightClient, uint64(applicableFrom));

        emit LightClientProposed(chainId, address(lightClient), applicableFrom);
    }

    /// @inheritdoc IChainRegistry
    function cancelLightClient(uint256 chainId) external onlyOwner {
        emit LightClientProposalCancelled(chainId, address(_takeProposal(chainId)));
    }

    /// @inheritdoc IChainRegistry
    function applyLightClient(uint256 chainId) external onlyOwner {
        uint256 applicableFrom = _chains[chainId].applicableFrom;
        ILightClient lightClient = _takeProposal(chainId);
        if (block.timestamp < applicableFrom) revert ChainRegistry_TooEarly(block.timestamp, applicableFrom);

        _chains[chainId].lightClient = lightClient;

        emit LightClientReplaced(chainId, address(lightClient));
    }

    /// @inheritdoc IChainRegistry
    function chainOf(uint256 chainId) external view returns (address service, ILightClient lightClient) {
        Chain storage chain = _chains[chainId];
        return (chain.service, chain.lightClient);
    }

    /// @inheritdoc IChainRegistry
    function proposedLightClient(uint256 chainId)
        external
        view
        returns (ILightClient lightClient, uint256 applicableFrom)
    {
        Chain storage chain = _chains[chainId];
        return (chain.proposed, chain.applicableFrom);
    }

    /// @dev Whether blocks of the chain are read here.
    function _isRead(uint256 chainId) internal view virtual returns (bool);

    /// @dev Never zero.
    function _serviceOf(uint256 chainId) internal view returns (address service) {
        service = _chains[chainId].service;
        if (service == address(0)) revert ChainRegistry_UnknownChain(chainId);
    }

    /// @dev Never zero.
    function _lightClientOf(uint256 chainId) internal view returns (ILightClient lightClient) {
        lightClient = _chains[chainId].lightClient;
        if (address(lightClient) == address(0)) revert ChainRegistry_NotRead(chainId);
    }

    function _takeProposal(uint256 chainId) private returns (ILightClient lightClient) {
        Chain storage chain = _chains[chainId];
        lightClient = chain.proposed;
        if (address(lightClient) == address(0)) revert ChainRegistry_NothingProposed(chainId);
        (chain.proposed, chain.applicableFrom) = (ILightClient(address(0)), 0);
    }

    /// @dev An address without code is refused as well: there is nothing that would answer.
    function _checkLightClient(uint256 chainId, ILightClient lightClient) private view {
        uint256 actual = address(lightClient).code.length == 0 ? 0 : lightClient.chainId();
        if (actual != chainId) revert ChainRegistry_WrongLightClient(chainId, actual);
    }
}
