// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IChainRegistry} from "../omnichain/interfaces/IChainRegistry.sol";
import {IFeeTable} from "../omnichain/interfaces/IFeeTable.sol";
import {ILightClient} from "../omnichain/interfaces/ILightClient.sol";
import {IOmnichainService} from "../omnichain/interfaces/IOmnichainService.sol";
import {Chains} from "./Chains.sol";
import {OmnichainCreationCode} from "./OmnichainCreationCode.sol";
import {TestLightClient} from "./TestLightClient.sol";

/// @title Omnichain fixture
/// @notice The services of an omnichain lane, deployed in one EVM, and what stands for the light clients between them.
abstract contract OmnichainFixture is Chains {
    /// @notice Chain id of chain A.
    uint256 public constant CHAIN_A_ID = 1001;

    /// @notice Chain id of the relay chain.
    uint256 public constant RELAY_CHAIN_ID = 1002;

    /// @notice Chain id of chain B.
    uint256 public constant CHAIN_B_ID = 1003;

    /// @notice Wei that a message costs.
    uint128 public constant FEE_PER_MESSAGE = 1e12;

    /// @notice Wei that a unit of a message's gas limit costs.
    uint96 public constant FEE_PER_GAS = 1e9;

    uint256 private constant DELAY = 7 days;

    /// @notice Owner of the services: sets prices.
    /// @return Account.
    address public immutable owner;

    /// @notice Gets the fees.
    /// @return Account.
    address public immutable feeReceiver;

    /// @notice The service of a chain.
    /// @return Address.
    mapping(uint256 chainId => IOmnichainService) public serviceOf;

    /// @dev By the chain whose blocks it knows.
    mapping(uint256 chainId => TestLightClient) internal _lightClients;

    constructor() {
        owner = vm.addr(uint256(keccak256("owner of the omnichain lane")));
        feeReceiver = vm.addr(uint256(keccak256("fee receiver of the omnichain lane")));
        for (uint256 chainId = CHAIN_A_ID; chainId <= CHAIN_B_ID; ++chainId) {
            _enter(chainId);
            serviceOf[chainId] = IOmnichainService(_createService(chainId == RELAY_CHAIN_ID));
            _lightClients[chainId] = new TestLightClient(chainId);
            _leave();
        }
        for (uint256 chainId = CHAIN_A_ID; chainId <= CHAIN_B_ID; ++chainId) {
            _enter(chainId);
            for (uint256 other = CHAIN_A_ID; other <= CHAIN_B_ID; ++other) {
                if (other != chainId) _connect(chainId, other);
            }
            _leave();
        }
    }

    function _createService(bool isRelay) private returns (address) {
        return isRelay
            ? _create(OmnichainCreationCode.omnichainRelayService(), abi.encode(owner, feeReceiver, DELAY), 0)
            : _create(
                OmnichainCreationCode.omnichainService(), abi.encode(RELAY_CHAIN_ID, owner, feeReceiver, DELAY), 0
            );
    }

    /// @dev Makes a chain known to the service of another one. Only the relay chain reads all others.
    function _connect(uint256 onChain, uint256 ofChain) private {
        address service = address(serviceOf[onChain]);
        bool isRead = onChain == RELAY_CHAIN_ID || ofChain == RELAY_CHAIN_ID;
        ILightClient lightClient = isRead ? _lightClients[ofChain] : ILightClient(address(0));
        vm.startPrank(owner);
        IChainRegistry(service).registerChain(ofChain, address(serviceOf[ofChain]), lightClient);
        IFeeTable(service).setFee(ofChain, address(0), FEE_PER_MESSAGE, FEE_PER_GAS);
        vm.stopPrank();
    }
}
