// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

import {VectorTest} from "../support/VectorTest.sol";
import {SealedHeaderBuilder} from "../support/omnichain/SealedHeaderBuilder.sol";
import {ISealedHeaderLightClient} from "xdm/contracts/omnichain/interfaces/ISealedHeaderLightClient.sol";
import {ETHEREUM_HEADER, KLAYTN_HEADER} from "xdm/contracts/omnichain/types/HeaderLayout.sol";
import {SealScheme, SealedHeader} from "xdm/contracts/omnichain/types/SealedHeader.sol";

/// @notice Headers of live chains: two of a Besu chain with QBFT, three of Klaytn's.
contract SealedHeaderVectorsTest is VectorTest {
    uint256 private constant TRUSTED_TIMESTAMP = 1_600_000_000;

    function test_BesuHeadersAreAccepted() public {
        string memory json = _readVectors("lightclient/qbft/besu-headers.json");
        ISealedHeaderLightClient client = _besuClient(json);
        string[2] memory keys = [".h27", ".h28"];
        for (uint256 i = 0; i < keys.length; ++i) {
            bytes memory raw = vm.parseJsonBytes(json, keys[i]);
            SealedHeader memory sealedHeader = SealedHeaderBuilder.take(raw, SealScheme.Qbft, 12);
            assertEq(sealedHeader.seals.length, 3 * 65);
            client.update(sealedHeader, "");
            assertLe(vm.lastCallGas().gasTotalUsed, 120_000);
            assertEq(client.finalizedBlockHash(27 + i), keccak256(sealedHeader.header));
        }
    }

    /// @dev The later block names the earlier one by the hash that the light client has found for it.
    function test_BesuHeadersAreLinked() public {
        string memory json = _readVectors("lightclient/qbft/besu-headers.json");
        ISealedHeaderLightClient client = _besuClient(json);
        bytes memory raw = vm.parseJsonBytes(json, ".h28");
        SealedHeader memory later = SealedHeaderBuilder.take(raw, SealScheme.Qbft, 12);
        client.update(later, "");
        client.proveAncestorByHeaders(28, later.header);
        raw = vm.parseJsonBytes(json, ".h27");
        assertEq(client.finalizedBlockHash(27), keccak256(SealedHeaderBuilder.take(raw, SealScheme.Qbft, 12).header));
    }

    function test_KlaytnHeadersAreAccepted() public {
        string memory json = _readVectors("lightclient/ibft/klaytn-headers.json");
        string[] memory names = vm.parseJsonKeys(json, ".items");
        assertEq(names.length, 3);
        for (uint256 i = 0; i < names.length; ++i) {
            string memory path = string.concat(".items.", names[i]);
            bytes memory raw = _klaytnHeader(json, string.concat(path, ".header"));
            SealedHeader memory sealedHeader = SealedHeaderBuilder.take(raw, SealScheme.Istanbul, 11);
            address[] memory validators = vm.parseJsonAddressArray(json, string.concat(path, ".istanbul.validators"));
            ISealedHeaderLightClient client = _client(SealScheme.Istanbul, validators);
            client.update(sealedHeader, "");
            uint256 number = vm.parseJsonUint(json, string.concat(path, ".header.number"));
            assertEq(client.finalizedBlockHash(number), keccak256(sealedHeader.header));
            (uint256 head,) = client.head();
            assertEq(head, number);
        }
    }

    /// @dev Not a byte of header and seals can be changed.
    function test_BesuHeaderWithAnyByteChangedIsRefused() public {
        string memory json = _readVectors("lightclient/qbft/besu-headers.json");
        ISealedHeaderLightClient client = _besuClient(json);
        bytes memory raw = vm.parseJsonBytes(json, ".h28");
        SealedHeader memory sealedHeader = SealedHeaderBuilder.take(raw, SealScheme.Qbft, 12);
        _assertEachByteCounts(client, sealedHeader, sealedHeader.header);
        _assertEachByteCounts(client, sealedHeader, sealedHeader.seals);
        sealedHeader.round = 1;
        assertFalse(_isAccepted(client, sealedHeader));
        sealedHeader.round = 0;
        assertTrue(_isAccepted(client, sealedHeader));
    }

    /// @param part The header or the seals, by reference.
    function _assertEachByteCounts(ISealedHeaderLightClient client, SealedHeader memory sealedHeader, bytes memory part)
        private
    {
        for (uint256 i = 0; i < part.length; ++i) {
            part[i] ^= 0x01;
            assertFalse(_isAccepted(client, sealedHeader));
            part[i] ^= 0x01;
        }
    }

    function _isAccepted(ISealedHeaderLightClient client, SealedHeader memory sealedHeader)
        private
        returns (bool accepted)
    {
        (accepted,) = address(client).call(abi.encodeCall(client.update, (sealedHeader, "")));
    }

    function _besuClient(string memory json) private returns (ISealedHeaderLightClient) {
        return _client(SealScheme.Qbft, vm.parseJsonAddressArray(json, ".validators"));
    }

    function _client(SealScheme scheme, address[] memory validators) private returns (ISealedHeaderLightClient) {
        vm.warp(TRUSTED_TIMESTAMP);
        ISealedHeaderLightClient.Configuration memory configuration = ISealedHeaderLightClient.Configuration({
            chainId: 1337,
            historyWindow: 8191,
            trustingPeriod: 1 days,
            scheme: scheme,
            headerLayout: scheme == SealScheme.Istanbul ? KLAYTN_HEADER : ETHEREUM_HEADER,
            number: 1,
            blockHash: keccak256("trusted"),
            timestamp: TRUSTED_TIMESTAMP,
            validators: validators
        });
        return ISealedHeaderLightClient(
            deployCode("SealedHeaderLightClient.sol:SealedHeaderLightClient", abi.encode(configuration))
        );
    }

    function _klaytnHeader(string memory json, string memory path) private pure returns (bytes memory) {
        bytes[] memory fields = new bytes[](15);
        string[5] memory hashes = [".parentHash", "", ".stateRoot", ".transactionsRoot", ".receiptsRoot"];
        for (uint256 i = 0; i < hashes.length; ++i) {
            if (i != 1) fields[i] = RLPEncoder.encode(vm.parseJsonBytes32(json, string.concat(path, hashes[i])));
        }
        fields[1] = RLPEncoder.encode(vm.parseJsonAddress(json, string.concat(path, ".reward")));
        fields[5] = RLPEncoder.encode(vm.parseJsonBytes(json, string.concat(path, ".logsBloom")));
        string[5] memory numbers = [".blockScore", ".number", ".gasUsed", ".timestamp", ".timestampFoS"];
        for (uint256 i = 0; i < numbers.length; ++i) {
            fields[6 + i] = RLPEncoder.encode(vm.parseJsonUint(json, string.concat(path, numbers[i])));
        }
        string[3] memory data = [".extraData", ".governanceData", ".voteData"];
        for (uint256 i = 0; i < data.length; ++i) {
            fields[11 + i] = RLPEncoder.encode(vm.parseJsonBytes(json, string.concat(path, data[i])));
        }
        fields[14] = RLPEncoder.encode(vm.parseJsonUint(json, string.concat(path, ".baseFee")));
        return RLPEncoder.encode(fields);
    }
}
