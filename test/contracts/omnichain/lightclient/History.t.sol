// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HeaderBuilder} from "../../support/omnichain/HeaderBuilder.sol";
import {HistoryBuilder} from "../../support/omnichain/HistoryBuilder.sol";
import {LightClientHarness} from "../../support/omnichain/LightClientHarness.sol";
import {LightClientTest} from "../../support/omnichain/LightClientTest.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";

/// @notice Older blocks, by what the chain's history contract has of them.
contract HistoryTest is LightClientTest {
    bytes32 private constant ANCESTOR = keccak256("ancestor");

    function test_BlocksOfTheWholeWindowBecomeKnown() public {
        uint256[4] memory distances = [uint256(1), 31, 8190, 8191];
        for (uint256 i = 0; i < distances.length; ++i) {
            uint256 number = NUMBER - distances[i];
            bytes32 blockHash = keccak256(abi.encode(number));
            client = new LightClientHarness(WINDOW);
            (bytes memory header, bytes memory nodes) = _knownHistory(NUMBER, number, blockHash);
            vm.expectEmit(address(client));
            emit ILightClient.BlockRecorded(number, blockHash);
            client.proveAncestorByHistory(NUMBER, header, number, nodes);
            assertEq(client.finalizedBlockHash(number), blockHash);
        }
    }

    function test_SeveralHopsLeadBeyondTheWindow() public {
        bytes[] memory headers = new bytes[](3);
        bytes[] memory nodes = new bytes[](3);
        bytes32 blockHash = ANCESTOR;
        for (uint256 i = 3; i > 0; --i) {
            uint256 number = 3 * WINDOW + 10 - (i - 1) * WINDOW;
            (headers[i - 1], nodes[i - 1]) = _history(number, number - WINDOW, blockHash);
            blockHash = keccak256(headers[i - 1]);
        }
        client.recordHead(3 * WINDOW + 10, blockHash, 1);
        for (uint256 i = 0; i < 3; ++i) {
            uint256 number = 3 * WINDOW + 10 - i * WINDOW;
            client.proveAncestorByHistory(number, headers[i], number - WINDOW, nodes[i]);
        }
        assertEq(client.finalizedBlockHash(10), ANCESTOR);
    }

    function test_HistoryOfAnAnvilChainIsRead() public {
        string memory json = vm.readFile("test/fixtures/anvil-history.json");
        uint256 number = vm.parseJsonUint(json, ".number");
        uint256 ancestor = vm.parseJsonUint(json, ".ancestor");
        bytes memory header = vm.parseJsonBytes(json, ".header");
        client.recordHead(number, keccak256(header), 1);
        client.proveAncestorByHistory(number, header, ancestor, vm.parseJsonBytes(json, ".nodes"));
        assertEq(client.finalizedBlockHash(ancestor), vm.parseJsonBytes32(json, ".ancestorHash"));
    }

    function test_ChainsMayKeepMoreBlocks() public {
        client = new LightClientHarness(393_168);
        (bytes32 stateRoot, bytes memory nodes) = HistoryBuilder.prove(HistoryBuilder.HISTORY, 300_000, ANCESTOR);
        bytes memory header = _knownHeader(600_000, stateRoot);
        client.proveAncestorByHistory(600_000, header, 300_000, nodes);
        assertEq(client.finalizedBlockHash(300_000), ANCESTOR);
    }

    function test_AnAncestorThatIsKnownToBeAnotherBlockFreezes() public {
        (bytes memory header, bytes memory nodes) = _knownHistory(NUMBER, NUMBER - 1, ANCESTOR);
        client.record(NUMBER - 1, keccak256("another"));
        client.proveAncestorByHistory(NUMBER, header, NUMBER - 1, nodes);
        assertTrue(client.isFrozen());
    }

    function test_RevertWhen_TheBlockIsOlderThanTheWindow() public {
        (bytes memory header, bytes memory nodes) = _knownHistory(NUMBER, NUMBER - WINDOW - 1, ANCESTOR);
        vm.expectRevert(_noAncestor(NUMBER - WINDOW - 1));
        client.proveAncestorByHistory(NUMBER, header, NUMBER - WINDOW - 1, nodes);
    }

    /// @dev The slot of the block itself has the hash of the one that is as far below as the window reaches.
    function test_RevertWhen_TheBlockIsNotOlder() public {
        (bytes memory header, bytes memory nodes) = _knownHistory(NUMBER, NUMBER - WINDOW, ANCESTOR);
        vm.expectRevert(_noAncestor(NUMBER));
        client.proveAncestorByHistory(NUMBER, header, NUMBER, nodes);
        vm.expectRevert(_noAncestor(NUMBER + WINDOW));
        client.proveAncestorByHistory(NUMBER, header, NUMBER + WINDOW, nodes);
    }

    function test_RevertWhen_TheChainKeepsNoHistory() public {
        client = new LightClientHarness(0);
        (bytes memory header, bytes memory nodes) = _knownHistory(NUMBER, NUMBER - 1, ANCESTOR);
        vm.expectRevert(_noAncestor(NUMBER - 1));
        client.proveAncestorByHistory(NUMBER, header, NUMBER - 1, nodes);
    }

    /// @dev A block whose slot is in the same corner of the trie.
    function test_RevertWhen_TheSlotIsAnotherBlocks() public {
        (bytes memory header, bytes memory nodes) = _knownHistory(NUMBER, NUMBER - 1, ANCESTOR);
        uint256 other = NUMBER - 2;
        while (_corner(abi.encode(other % WINDOW)) != _corner(abi.encode((NUMBER - 1) % WINDOW))) --other;
        assertGe(other, NUMBER - WINDOW);
        vm.expectRevert(MerkleTrie.MerkleTrie_KeyNotFound.selector);
        client.proveAncestorByHistory(NUMBER, header, other, nodes);
    }

    /// @dev A contract in the same corner of the trie.
    function test_RevertWhen_TheContractIsAnother() public {
        uint160 other = 0x2935;
        while (_corner(abi.encodePacked(other)) != _corner(abi.encodePacked(HistoryBuilder.HISTORY))) ++other;
        (bytes32 stateRoot, bytes memory nodes) = HistoryBuilder.prove(address(other), (NUMBER - 1) % WINDOW, ANCESTOR);
        bytes memory header = _knownHeader(NUMBER, stateRoot);
        vm.expectRevert(MerkleTrie.MerkleTrie_KeyNotFound.selector);
        client.proveAncestorByHistory(NUMBER, header, NUMBER - 1, nodes);
    }

    function test_RevertWhen_TheStateIsAnother() public {
        (bytes memory header,) = _knownHistory(NUMBER, NUMBER - 1, ANCESTOR);
        (bytes32 stateRoot, bytes memory forged) =
            HistoryBuilder.prove(HistoryBuilder.HISTORY, (NUMBER - 1) % WINDOW, keccak256("forged"));
        (bytes32 trusted,) = HistoryBuilder.prove(HistoryBuilder.HISTORY, (NUMBER - 1) % WINDOW, ANCESTOR);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.LightClient_StateMismatch.selector, trusted, stateRoot));
        client.proveAncestorByHistory(NUMBER, header, NUMBER - 1, forged);
    }

    function test_RevertWhen_TheHeaderIsAnother() public {
        (bytes memory header, bytes memory nodes) = _history(NUMBER, NUMBER - 1, ANCESTOR);
        client.recordHead(NUMBER, keccak256("block"), 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILightClient.LightClient_HeaderMismatch.selector, keccak256("block"), keccak256(header)
            )
        );
        client.proveAncestorByHistory(NUMBER, header, NUMBER - 1, nodes);
    }

    function test_RevertWhen_TheBlockIsNotKnown() public {
        (bytes memory header, bytes memory nodes) = _history(NUMBER, NUMBER - 1, ANCESTOR);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.LightClient_UnknownBlock.selector, NUMBER));
        client.proveAncestorByHistory(NUMBER, header, NUMBER - 1, nodes);
    }

    function test_RevertWhen_TheClientIsFrozen() public {
        (bytes memory header, bytes memory nodes) = _knownHistory(NUMBER, NUMBER - 1, ANCESTOR);
        _freeze();
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        client.proveAncestorByHistory(NUMBER, header, NUMBER - 1, nodes);
    }

    /// @dev A block whose state has an older one's hash, and is known.
    function _knownHistory(uint256 number, uint256 ancestor, bytes32 blockHash)
        private
        returns (bytes memory header, bytes memory nodes)
    {
        (header, nodes) = _history(number, ancestor, blockHash);
        client.recordHead(number, keccak256(header), 1);
    }

    function _history(uint256 number, uint256 ancestor, bytes32 blockHash)
        private
        pure
        returns (bytes memory header, bytes memory nodes)
    {
        HeaderBuilder.Template memory template = _template();
        template.number = number;
        (template.stateRoot, nodes) = HistoryBuilder.prove(HistoryBuilder.HISTORY, ancestor % WINDOW, blockHash);
        header = HeaderBuilder.encode(template);
    }

    function _knownHeader(uint256 number, bytes32 stateRoot) private returns (bytes memory header) {
        HeaderBuilder.Template memory template = _template();
        (template.number, template.stateRoot) = (number, stateRoot);
        header = HeaderBuilder.encode(template);
        client.recordHead(number, keccak256(header), 1);
    }

    /// @dev The first two nibbles of a hashed key.
    function _corner(bytes memory key) private pure returns (bytes1) {
        return bytes1(keccak256(key));
    }

    function _noAncestor(uint256 number) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILightClient.LightClient_NoAncestor.selector, number, NUMBER);
    }
}
