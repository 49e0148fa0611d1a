// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {CrosschainRemoteExecutor} from "@openzeppelin/contracts/crosschain/CrosschainRemoteExecutor.sol";
import {BridgeERC7802} from "@openzeppelin/contracts/crosschain/bridges/BridgeERC7802.sol";
import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Crosschain} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Crosschain.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Bridgeable} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC20Bridgeable.sol";

import {GatewayTest} from "../support/GatewayTest.sol";
import {CrosschainToken} from "../support/crosschain/CrosschainToken.sol";
import {PlainToken} from "../support/crosschain/PlainToken.sol";
import {TokenVault} from "../support/crosschain/TokenVault.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

/// @notice OpenZeppelin's cross-chain contracts over a pair of gateways, as they are published.
contract GatewayOpenZeppelinTest is GatewayTest {
    address private immutable bob = makeAddr("bob");

    PlainToken private token;
    TokenVault private vault;

    function setUp() public override {
        super.setUp();
        token = new PlainToken(alice, 1000);
    }

    function test_AnErc20CrossesByABridgeAndComesBack() public {
        CrosschainToken onL2 = _vaultAndToken();

        _transferFromL1(bob, 100);
        assertTrue(_relayOneToL2().success);
        assertEq(token.balanceOf(address(vault)), 100);
        assertEq(onL2.balanceOf(bob), 100);

        _enter(L2_CHAIN_ID, bob);
        bytes32 sendId = onL2.crosschainTransfer(_onL1(alice), 40);
        vm.stopPrank();
        assertTrue(relayToL1(sendId).success);
        assertEq(onL2.totalSupply(), 60);
        assertEq(token.balanceOf(alice), 940);
        assertEq(token.balanceOf(address(vault)), 60);
    }

    function test_ATransferThatCannotBePaidOutWaits() public {
        CrosschainToken onL2 = _vaultAndToken();
        _transferFromL1(bob, 100);
        relayToL2();
        // The vault is robbed.
        deal(address(token), address(vault), 0);
        _enter(L2_CHAIN_ID, bob);
        onL2.crosschainTransfer(_onL1(bob), 100);
        vm.stopPrank();

        Attempt memory attempt = _relayOneToL1();
        assertFalse(attempt.success);
        deal(address(token), address(vault), 100);

        assertTrue(replayOnL1(attempt.messageHash).success);
        assertEq(token.balanceOf(bob), 100);
    }

    function test_AnotherContractOnTheOtherChainCannotMint() public {
        CrosschainToken onL2 = _vaultAndToken();
        bytes memory payload = abi.encode(_onL1(alice), abi.encodePacked(alice), uint256(1_000_000));
        _sendFromL1(address(onL2), payload, 0);

        Attempt memory attempt = _relayOneToL2();
        assertFalse(attempt.success);
        assertEq(bytes4(attempt.reason), bytes4(keccak256("ERC7786RecipientUnauthorizedGateway(address,bytes)")));
        assertEq(onL2.totalSupply(), 0);
    }

    function test_AnErc20CrossesByABridgeOfErc7802() public {
        address second = _next(2);
        vault = new TokenVault(token, _links(address(l1Gateway), _onL2(second)));
        BridgeableToken onL2 = new BridgeableToken(second);
        MintingBridge bridge = new MintingBridge(onL2, _links(address(l2Gateway), _onL1(address(vault))));
        assertEq(address(bridge), second);

        _transferFromL1(bob, 100);
        assertTrue(_relayOneToL2().success);
        assertEq(onL2.balanceOf(bob), 100);

        _enter(L2_CHAIN_ID, bob);
        bridge.crosschainTransfer(_onL1(alice), 100);
        vm.stopPrank();
        assertTrue(_relayOneToL1().success);
        assertEq(token.balanceOf(alice), 1000);
    }

    function test_TenKindsOfErc1155TokensCrossAtOnce() public {
        address second = _next(1);
        Collection onL1 = new Collection(_links(address(l1Gateway), _onL2(second)));
        Collection onL2 = new Collection(_links(address(l2Gateway), _onL1(address(onL1))));
        (uint256[] memory ids, uint256[] memory values) = (new uint256[](10), new uint256[](10));
        for (uint256 i = 0; i < 10; ++i) {
            (ids[i], values[i]) = (i, i + 1);
        }
        onL1.mint(alice, ids, values);

        _enter(L1_CHAIN_ID, alice);
        onL1.crosschainTransferFrom(alice, _onL2(bob), ids, values, "");
        vm.stopPrank();

        assertTrue(_relayOneToL2().success);
        assertEq(onL2.balanceOf(bob, 9), 10);
    }

    function test_AControllerOnL1ActsOnL2ByItsExecutor() public {
        CrosschainRemoteExecutor executor = new CrosschainRemoteExecutor(address(l2Gateway), _onL1(alice));
        PlainToken treasury = new PlainToken(address(executor), 1000);
        bytes memory call = abi.encodePacked(treasury, uint256(0), abi.encodeCall(ERC20.transfer, (bob, 7)));
        // ERC-7579's mode zero: one call, which must not revert.
        bytes memory instruction = abi.encodePacked(bytes32(0), call);

        vm.prank(bob);
        l1Gateway.sendMessage(_onL2(address(executor)), instruction, noAttributes);
        assertFalse(_relayOneToL2().success);
        assertEq(treasury.balanceOf(bob), 0);

        _sendFromL1(address(executor), instruction, 0);
        assertTrue(_relayOneToL2().success);
        assertEq(treasury.balanceOf(bob), 7);
    }

    // ------------------------------------------------------------------------------------------------------- bridges

    /// @dev OpenZeppelin's contracts read the chain id.
    function _enter(uint256 chainId, address sender) private {
        vm.chainId(chainId);
        vm.startPrank(sender);
    }

    function _vaultAndToken() private returns (CrosschainToken onL2) {
        address second = _next(1);
        vault = new TokenVault(token, _links(address(l1Gateway), _onL2(second)));
        onL2 = new CrosschainToken(_links(address(l2Gateway), _onL1(address(vault))));
        assertEq(address(onL2), second);
    }

    function _transferFromL1(address to, uint256 amount) private {
        _enter(L1_CHAIN_ID, alice);
        token.approve(address(vault), amount);
        assertEq(vault.crosschainTransfer(_onL2(to), amount), 0);
        vm.stopPrank();
    }

    function _links(address gateway, bytes memory counterpart)
        private
        pure
        returns (CrosschainLinked.Link[] memory links)
    {
        links = new CrosschainLinked.Link[](1);
        links[0] = CrosschainLinked.Link(gateway, counterpart);
    }

    /// @dev Address of what this contract creates after so many others.
    function _next(uint256 others) private view returns (address) {
        return vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + others);
    }
}

contract BridgeableToken is ERC20Bridgeable {
    address private immutable BRIDGE;

    error NotBridge(address caller);

    constructor(address bridge) ERC20("Bridgeable token", "BRIDGE") {
        BRIDGE = bridge;
    }

    function _checkTokenBridge(address caller) internal view override {
        if (caller != BRIDGE) revert NotBridge(caller);
    }
}

contract MintingBridge is BridgeERC7802 {
    constructor(IERC7802 token_, Link[] memory links) BridgeERC7802(token_) CrosschainLinked(links) {}
}

contract Collection is ERC1155Crosschain {
    constructor(Link[] memory links) ERC1155("") CrosschainLinked(links) {}

    function mint(address to, uint256[] memory ids, uint256[] memory values) external {
        _mintBatch(to, ids, values, "");
    }
}
