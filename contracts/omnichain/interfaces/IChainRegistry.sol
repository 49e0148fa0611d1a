// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILightClient} from "./ILightClient.sol";

/// @title Chain registry
/// @notice What a service knows of other chains: the address of each one's service, and the light client of those whose
/// blocks it reads. The relay chain's service reads all of them, every other service the relay chain's alone.
///
/// The owner adds chains. What was added stays: a service's address for ever, as the ids of orders are made with it; a
/// light client until another one has been announced for `lightClientDelay` seconds. In that time whoever does not trust
/// the new one can leave.
interface IChainRegistry {
    /// @notice A chain was added.
    /// @param chainId Its chain id.
    /// @param service Its service's address, there.
    /// @param lightClient Its light client, here; zero where its blocks are not read.
    event ChainRegistered(uint256 indexed chainId, address service, address lightClient);

    /// @notice Another light client was announced; it takes the place of the one announced before, if there was one.
    /// @param chainId The chain's id.
    /// @param lightClient The light client.
    /// @param applicableFrom Seconds since 1970 from when on it can be put in place.
    event LightClientProposed(uint256 indexed chainId, address lightClient, uint256 applicableFrom);

    /// @notice What was announced was taken back.
    /// @param chainId The chain's id.
    /// @param lightClient The light client.
    event LightClientProposalCancelled(uint256 indexed chainId, address lightClient);

    /// @notice A light client was replaced.
    /// @param chainId The chain's id.
    /// @param lightClient The new one.
    event LightClientReplaced(uint256 indexed chainId, address lightClient);

    /// @notice Thrown when a chain is not registered.
    /// @param chainId Its chain id.
    error ChainRegistry_UnknownChain(uint256 chainId);

    /// @notice Thrown when a chain is added a second time, or is this one.
    /// @param chainId Its chain id.
    error ChainRegistry_AlreadyRegistered(uint256 chainId);

    /// @notice Thrown when a chain id or a service's address is zero.
    /// @param chainId The chain id.
    /// @param service The service's address.
    error ChainRegistry_ZeroChain(uint256 chainId, address service);

    /// @notice Thrown when a light client is of another chain than the one it was given for.
    /// @param expected Chain id of the chain.
    /// @param actual Chain id that the light client names.
    error ChainRegistry_WrongLightClient(uint256 expected, uint256 actual);

    /// @notice Thrown when the blocks of a chain are not read here: it has no light client, and cannot get one.
    /// @param chainId Its chain id.
    error ChainRegistry_NotRead(uint256 chainId);

    /// @notice Thrown when there is no announced light client.
    /// @param chainId The chain's id.
    error ChainRegistry_NothingProposed(uint256 chainId);

    /// @notice Thrown when an announced light client is to be put in place too early.
    /// @param timestamp Seconds since 1970, now.
    /// @param applicableFrom From when on it can be.
    error ChainRegistry_TooEarly(uint256 timestamp, uint256 applicableFrom);

    /// @notice Thrown at deployment when the delay is shorter than it must be, or longer than anybody means. Seconds.
    /// @param delay The delay.
    /// @param least `MIN_LIGHT_CLIENT_DELAY`.
    /// @param most `MAX_LIGHT_CLIENT_DELAY`.
    error ChainRegistry_DelayOutOfBounds(uint256 delay, uint256 least, uint256 most);

    /// @notice Adds a chain. Owner only; reverts with `ChainRegistry_ZeroChain`, `ChainRegistry_AlreadyRegistered`,
    /// `ChainRegistry_NotRead`, and `ChainRegistry_WrongLightClient`.
    /// @param chainId Its chain id.
    /// @param service Its service's address, there.
    /// @param lightClient Its light client, here; zero where its blocks are not read.
    function registerChain(uint256 chainId, address service, ILightClient lightClient) external;

    /// @notice Announces another light client of a chain. Owner only; reverts with `ChainRegistry_UnknownChain`,
    /// `ChainRegistry_NotRead`, and `ChainRegistry_WrongLightClient`.
    /// @param chainId The chain's id.
    /// @param lightClient The light client. Its delay starts now, also where it was announced before.
    function proposeLightClient(uint256 chainId, ILightClient lightClient) external;

    /// @notice Takes back what was announced. Owner only; reverts with `ChainRegistry_NothingProposed`.
    /// @param chainId The chain's id.
    function cancelLightClient(uint256 chainId) external;

    /// @notice Puts the announced light client in place. Owner only, once the delay has passed; reverts with
    /// `ChainRegistry_NothingProposed` and `ChainRegistry_TooEarly`.
    /// @param chainId The chain's id.
    function applyLightClient(uint256 chainId) external;

    /// @notice What is known of a chain.
    /// @param chainId Its chain id.
    /// @return service Its service's address, there; zero where the chain is not known.
    /// @return lightClient Its light client, here; zero where its blocks are not read.
    function chainOf(uint256 chainId) external view returns (address service, ILightClient lightClient);

    /// @notice What light client is announced for a chain.
    /// @param chainId The chain's id.
    /// @return lightClient The light client, zero if there is none.
    /// @return applicableFrom Seconds since 1970 from when on it can be put in place.
    function proposedLightClient(uint256 chainId)
        external
        view
        returns (ILightClient lightClient, uint256 applicableFrom);

    /// @notice How long a light client must have been announced.
    /// @return Seconds.
    function lightClientDelay() external view returns (uint256);

    /// @notice Shortest delay that a service can be deployed with.
    /// @return Seconds.
    function MIN_LIGHT_CLIENT_DELAY() external view returns (uint256);

    /// @notice Longest delay that a service can be deployed with: a frozen light client must be replaceable in the end.
    /// @return Seconds.
    function MAX_LIGHT_CLIENT_DELAY() external view returns (uint256);
}
