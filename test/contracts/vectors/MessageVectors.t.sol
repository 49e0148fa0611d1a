// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VectorTest} from "../support/VectorTest.sol";
import {AddressAlias} from "xdm/contracts/libraries/AddressAlias.sol";
import {Message} from "xdm/contracts/types/Message.sol";

/// @notice Optimism's encodings and hashes of messages, and its aliases. Version 0 is not ours.
contract MessageVectorsTest is VectorTest {
    function test_Encodings() public {
        string memory json = _readVectors("messages/xdomain-hash-vectors.json");
        uint256 compared;
        for (uint256 i = 0; vm.keyExistsJson(json, _at("encode", i, "")); ++i) {
            if (vm.parseJsonUint(json, _at("encode", i, ".version")) != 1) continue;
            assertEq(_message(json, "encode", i).encode(), vm.parseJsonBytes(json, _at("encode", i, ".encoded")));
            ++compared;
        }
        assertEq(compared, 1);
    }

    function test_Hashes() public {
        string memory json = _readVectors("messages/xdomain-hash-vectors.json");
        uint256 compared;
        for (uint256 i = 0; vm.keyExistsJson(json, _at("hash", i, "")); ++i) {
            if (vm.parseJsonUint(json, _at("hash", i, ".version")) != 1) continue;
            assertEq(_message(json, "hash", i).hash(), vm.parseJsonBytes32(json, _at("hash", i, ".hash")));
            ++compared;
        }
        assertEq(compared, 1);
    }

    function test_Aliases() public {
        string memory json = _readVectors("messages/xdomain-hash-vectors.json");
        uint256 compared;
        for (; vm.keyExistsJson(json, _at("alias", compared, "")); ++compared) {
            address l1 = vm.parseJsonAddress(json, _at("alias", compared, ".l1"));
            address l2 = vm.parseJsonAddress(json, _at("alias", compared, ".l2"));
            assertEq(AddressAlias.applyL1ToL2Alias(l1), l2);
            assertEq(AddressAlias.undoL1ToL2Alias(l2), l1);
        }
        assertEq(compared, 6);
    }

    function _message(string memory json, string memory list, uint256 i) private pure returns (Message memory) {
        return Message({
            nonce: 1 << 240 | vm.parseJsonUint(json, _at(list, i, ".nonce_counter")),
            sender: vm.parseJsonAddress(json, _at(list, i, ".sender")),
            target: vm.parseJsonAddress(json, _at(list, i, ".target")),
            value: vm.parseJsonUint(json, _at(list, i, ".value")),
            gasLimit: vm.parseJsonUint(json, _at(list, i, ".gasLimit")),
            data: vm.parseJsonBytes(json, _at(list, i, ".data"))
        });
    }

    function _at(string memory list, uint256 i, string memory part) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "]", part);
    }
}
