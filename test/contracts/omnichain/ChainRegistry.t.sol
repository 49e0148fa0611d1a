// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IDeployedAttestorClient, IDeployedService} from "../support/omnichain/DeployedOmnichain.sol";
import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {PermanentlyOwned} from "xdm/contracts/access/PermanentlyOwned.sol";
import {IChainRegistry} from "xdm/contracts/omnichain/interfaces/IChainRegistry.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";

/// @notice What the owner may do with the chains that a service knows, and when.
contract ChainRegistryTest is OmnichainTest {
    ILightClient private constant NONE = ILightClient(address(0));

    IDeployedAttestorClient private clientOfA;

    function setUp() public override {
        super.setUp();
        clientOfA = _newClient(A);
        vm.chainId(RELAY);
    }

    function test_AChainIsAdded() public {
        IDeployedAttestorClient client = _newClient(9);
        vm.expectEmit(address(services[RELAY]));
        emit IChainRegistry.ChainRegistered(9, alice, address(client));
        vm.prank(owner);
        services[RELAY].registerChain(9, alice, client);
        (address service, ILightClient inPlace) = services[RELAY].chainOf(9);
        assertEq(service, alice);
        assertEq(address(inPlace), address(client));
    }

    function test_RevertWhen_AnybodyElseDoesWhatTheOwnerDoes() public {
        bytes memory problem = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this));
        IDeployedService service = services[RELAY];
        vm.expectRevert(problem);
        service.registerChain(9, alice, clientOfA);
        vm.expectRevert(problem);
        service.proposeLightClient(A, clientOfA);
        vm.expectRevert(problem);
        service.cancelLightClient(A);
        vm.expectRevert(problem);
        service.applyLightClient(A);
        vm.expectRevert(problem);
        service.setFee(A, address(0), 0, 0);
        vm.expectRevert(problem);
        service.removeFee(A, address(0));
        vm.expectRevert(problem);
        service.setFeeReceiver(alice);
    }

    function test_OwnershipIsNotGivenUp() public {
        vm.prank(owner);
        vm.expectRevert(PermanentlyOwned.PermanentlyOwned_NotRenounceable.selector);
        services[RELAY].renounceOwnership();
    }

    function test_RevertWhen_AChainIsAddedAgain() public {
        bytes4 selector = IChainRegistry.ChainRegistry_AlreadyRegistered.selector;
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(selector, A));
        services[RELAY].registerChain(A, alice, clientOfA);
        vm.expectRevert(abi.encodeWithSelector(selector, RELAY));
        services[RELAY].registerChain(RELAY, alice, clientOfA);
    }

    function test_RevertWhen_AChainIsZero() public {
        bytes4 selector = IChainRegistry.ChainRegistry_ZeroChain.selector;
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, alice));
        services[RELAY].registerChain(0, alice, clientOfA);
        vm.expectRevert(abi.encodeWithSelector(selector, 9, address(0)));
        services[RELAY].registerChain(9, address(0), clientOfA);
    }

    function test_RevertWhen_ALightClientIsOfAnotherChain() public {
        bytes4 selector = IChainRegistry.ChainRegistry_WrongLightClient.selector;
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(selector, 9, A));
        services[RELAY].registerChain(9, alice, clientOfA);
        vm.expectRevert(abi.encodeWithSelector(selector, 9, 0));
        services[RELAY].registerChain(9, alice, NONE);
        vm.expectRevert(abi.encodeWithSelector(selector, 9, 0));
        services[RELAY].registerChain(9, alice, ILightClient(alice));
        vm.expectRevert(abi.encodeWithSelector(selector, B, A));
        services[RELAY].proposeLightClient(B, clientOfA);
    }

    /// @dev A light client of A on B would let messages past the relay chain.
    function test_RevertWhen_AServiceIsToReadAnotherChainThanTheRelayChain() public {
        IDeployedAttestorClient client = _newClient(9);
        vm.chainId(B);
        vm.startPrank(owner);
        bytes4 selector = IChainRegistry.ChainRegistry_NotRead.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 9));
        services[B].registerChain(9, alice, client);
        vm.expectRevert(abi.encodeWithSelector(selector, A));
        services[B].proposeLightClient(A, clientOfA);
    }

    function test_RevertWhen_TheChainIsNotKnown() public {
        IDeployedAttestorClient client = _newClient(9);
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IChainRegistry.ChainRegistry_UnknownChain.selector, 9));
        services[RELAY].proposeLightClient(9, client);
    }

    function test_AProposalIsSeenAndCancelled() public {
        vm.startPrank(owner);
        uint256 from = vm.getBlockTimestamp() + DELAY;
        vm.expectEmit(address(services[RELAY]));
        emit IChainRegistry.LightClientProposed(A, address(clientOfA), from);
        services[RELAY].proposeLightClient(A, clientOfA);
        (ILightClient proposed, uint256 applicableFrom) = services[RELAY].proposedLightClient(A);
        assertEq(address(proposed), address(clientOfA));
        assertEq(applicableFrom, from);

        vm.expectEmit(address(services[RELAY]));
        emit IChainRegistry.LightClientProposalCancelled(A, address(clientOfA));
        services[RELAY].cancelLightClient(A);
        vm.warp(from);
        bytes memory problem = abi.encodeWithSelector(IChainRegistry.ChainRegistry_NothingProposed.selector, A);
        vm.expectRevert(problem);
        services[RELAY].applyLightClient(A);
        vm.expectRevert(problem);
        services[RELAY].cancelLightClient(A);
    }

    function test_AnotherProposalStartsTheDelayAnew() public {
        vm.startPrank(owner);
        services[RELAY].proposeLightClient(A, clients[RELAY][A]);
        vm.warp(vm.getBlockTimestamp() + DELAY);
        services[RELAY].proposeLightClient(A, clientOfA);
        vm.expectPartialRevert(IChainRegistry.ChainRegistry_TooEarly.selector);
        services[RELAY].applyLightClient(A);
    }

    function test_AProposalIsAppliedOnce() public {
        vm.startPrank(owner);
        services[RELAY].proposeLightClient(A, clientOfA);
        vm.warp(vm.getBlockTimestamp() + DELAY);
        vm.expectEmit(address(services[RELAY]));
        emit IChainRegistry.LightClientReplaced(A, address(clientOfA));
        services[RELAY].applyLightClient(A);
        vm.expectRevert(abi.encodeWithSelector(IChainRegistry.ChainRegistry_NothingProposed.selector, A));
        services[RELAY].applyLightClient(A);
    }

    function test_AFrozenLightClientIsReplacedAndMessagesGoOn() public {
        Leg memory leg = _send(A, RELAY, _message(RELAY, "hello"));
        _freeze(RELAY, A);
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        _deliver(RELAY, leg);

        vm.startPrank(owner);
        services[RELAY].proposeLightClient(A, clientOfA);
        vm.warp(vm.getBlockTimestamp() + DELAY);
        services[RELAY].applyLightClient(A);
        vm.stopPrank();
        clients[RELAY][A] = clientOfA;
        _finalize(RELAY, A, leg.blockNumber, keccak256(leg.parts.header));
        _deliver(RELAY, leg);
        assertEq(counterparts[RELAY].count(), 1);
    }

    function test_RevertWhen_TheDelayIsOutOfBounds() public {
        uint256[2] memory delays = [uint256(1 days - 1), 90 days + 1];
        for (uint256 i = 0; i < delays.length; ++i) {
            try this.deploy("OmnichainRelayService", abi.encode(owner, feeReceiver, delays[i])) {
                fail();
            } catch {}
        }
        this.deploy("OmnichainRelayService", abi.encode(owner, feeReceiver, 1 days));
        IDeployedService service = this.deploy("OmnichainRelayService", abi.encode(owner, feeReceiver, 90 days));
        assertEq(service.lightClientDelay(), 90 days);
    }

    function test_RevertWhen_TheRelayChainIsThisOne() public {
        uint256[2] memory chainIds = [RELAY, 0];
        for (uint256 i = 0; i < chainIds.length; ++i) {
            try this.deploy("OmnichainService", abi.encode(chainIds[i], owner, feeReceiver, DELAY)) {
                fail();
            } catch {}
        }
    }

    function test_AServiceKnowsItsRelayChain() public view {
        for (uint256 chainId = A; chainId <= B; ++chainId) {
            assertEq(services[chainId].relayChainId(), RELAY);
        }
    }

    function deploy(string calldata name, bytes calldata arguments) external returns (IDeployedService) {
        return _create(name, arguments);
    }
}
