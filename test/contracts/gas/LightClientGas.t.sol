// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

import {TrieBuilder} from "../support/TrieBuilder.sol";
import {HeaderBuilder} from "../support/omnichain/HeaderBuilder.sol";
import {HistoryBuilder} from "../support/omnichain/HistoryBuilder.sol";
import {SealedHeaderBuilder} from "../support/omnichain/SealedHeaderBuilder.sol";
import {SealedHeaderTest} from "../support/omnichain/SealedHeaderTest.sol";
import {SealScheme, SealedHeader} from "xdm/contracts/omnichain/types/SealedHeader.sol";

/// @notice What keeping up with a chain of sealed headers costs, and reaching older blocks of it: whole transactions.
contract LightClientGasTest is SealedHeaderTest {
    function test_UpdateWithThreeSeals() public {
        string[3] memory names =
            ["sealed headers: 3 QBFT seals", "sealed headers: 3 IBFT 2.0 seals", "sealed headers: 3 Istanbul seals"];
        for (uint256 i = 0; i < names.length; ++i) {
            _deploy(SealScheme(i));
            SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
            client.update(sealedHeader, "");
            vm.snapshotGasLastCall("light clients", names[i]);
            assertLe(vm.lastCallGas().gasTotalUsed, 120_000);
        }
    }

    function test_UpdateInALaterRound() public {
        SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), _addresses(_keys(1, 4)), _keys(1, 3), 3);
        client.update(sealedHeader, "");
        vm.snapshotGasLastCall("light clients", "sealed headers: 3 QBFT seals of a later round");
        assertLe(vm.lastCallGas().gasTotalUsed, 120_000);
    }

    function test_UpdateWithOneValidatorMore() public {
        SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), _addresses(_keys(1, 5)), _keys(1, 4), 0);
        client.update(sealedHeader, _rlp(_addresses(_keys(1, 4))));
        vm.snapshotGasLastCall("light clients", "sealed headers: 4 QBFT seals, 1 validator more");
    }

    function test_AncestorByHeaders() public {
        HeaderBuilder.Template memory template = _template(HEAD + 40);
        template.rest = 8;
        template.extraData = SealedHeaderBuilder.extraData(scheme, _addresses(_keys(1, 4)));
        bytes[] memory headers = HeaderBuilder.chain(template, 32);
        (template.number, template.parentHash) = (HEAD + 40, keccak256(headers[1]));
        client.update(_sealed(template, _addresses(_keys(1, 4)), _keys(1, 3), 0), "");
        client.proveAncestorByHeaders(HEAD + 40, headers[0]);
        vm.snapshotGasLastCall("light clients", "ancestor: 1 header");
        bytes memory packed = HeaderBuilder.pack(headers);
        client.proveAncestorByHeaders(HEAD + 40, packed);
        vm.snapshotGasLastCall("light clients", "ancestor: 32 headers");
    }

    /// @dev As deep as mainnet's state and the contract's storage are, with every branch full.
    function test_AncestorByHistory() public {
        (bytes32 storageRoot, bytes memory storageNodes) =
            _deepProof(abi.encode(HEAD - 1), RLPEncoder.encode(keccak256("old")), 4);
        bytes[] memory account = new bytes[](4);
        (account[0], account[1]) = (hex"01", hex"80");
        (account[2], account[3]) = (RLPEncoder.encode(storageRoot), RLPEncoder.encode(keccak256("code")));
        HeaderBuilder.Template memory template = _template(HEAD + 1);
        bytes memory nodes;
        (template.stateRoot, nodes) =
            _deepProof(abi.encodePacked(HistoryBuilder.HISTORY), RLPEncoder.encode(account), 8);
        SealedHeader memory sealedHeader = _sealed(template, _addresses(_keys(1, 4)), _keys(1, 3), 0);
        client.update(sealedHeader, "");
        client.proveAncestorByHistory(HEAD + 1, sealedHeader.header, HEAD - 1, bytes.concat(nodes, storageNodes));
        vm.snapshotGasLastCall("light clients", "ancestor: storage proof as long as mainnet's");
        assertEq(client.finalizedBlockHash(HEAD - 1), keccak256("old"));
    }

    /// @dev A proof of the key under full branches, whose other children nobody has to know.
    function _deepProof(bytes memory key, bytes memory value, uint256 branches)
        private
        pure
        returns (bytes32 root, bytes memory nodes)
    {
        bytes memory path = TrieBuilder.toNibbles(abi.encodePacked(keccak256(key)));
        bytes[] memory leaf = new bytes[](2);
        bytes memory rest = hex"20";
        for (uint256 i = branches; i < path.length; i += 2) {
            rest = bytes.concat(rest, path[i] << 4 | path[i + 1]);
        }
        (leaf[0], leaf[1]) = (RLPEncoder.encode(rest), RLPEncoder.encode(value));
        nodes = RLPEncoder.encode(leaf);
        root = keccak256(nodes);
        for (uint256 depth = branches; depth > 0; --depth) {
            bytes[] memory items = new bytes[](17);
            for (uint256 i = 0; i < 16; ++i) {
                items[i] = RLPEncoder.encode(keccak256(abi.encode(depth, i)));
            }
            (items[uint8(path[depth - 1])], items[16]) = (RLPEncoder.encode(root), hex"80");
            bytes memory branch = RLPEncoder.encode(items);
            (root, nodes) = (keccak256(branch), bytes.concat(branch, nodes));
        }
    }
}
