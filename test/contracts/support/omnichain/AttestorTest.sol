// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Creation} from "./Creation.sol";
import {IAttestorLightClient} from "xdm/contracts/omnichain/interfaces/IAttestorLightClient.sol";

/// @notice A light client whose signers the test plays: three of the first five must sign.
abstract contract AttestorTest is Test {
    uint256 internal constant SOURCE_CHAIN = 22_776;
    uint256 internal constant THRESHOLD = 3;

    IAttestorLightClient internal client;

    function setUp() public virtual {
        client = _create(_addresses(_signers(1, 5)), THRESHOLD);
    }

    function _create(address[] memory signers, uint256 threshold) internal returns (IAttestorLightClient) {
        return IAttestorLightClient(
            Creation.create(
                "AttestorLightClient.sol:AttestorLightClient",
                abi.encode(SOURCE_CHAIN, uint256(8191), signers, threshold)
            )
        );
    }

    /// @dev Keys numbered on from the first, in the ascending order of their addresses.
    function _signers(uint256 first, uint256 count) internal pure returns (uint256[] memory keys) {
        keys = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 key = 0xa77e57 + first + i;
            uint256 j = i;
            for (; j > 0 && vm.addr(keys[j - 1]) > vm.addr(key); --j) {
                keys[j] = keys[j - 1];
            }
            keys[j] = key;
        }
    }

    function _addresses(uint256[] memory keys) internal pure returns (address[] memory addresses) {
        addresses = new address[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            addresses[i] = vm.addr(keys[i]);
        }
    }

    /// @dev The first keys of a list.
    function _first(uint256[] memory keys, uint256 count) internal pure returns (uint256[] memory first) {
        first = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            first[i] = keys[i];
        }
    }

    function _attestation(uint256 epoch, uint64 number, bytes32 blockHash) internal view returns (bytes32) {
        return _digest(_attestationHash(SOURCE_CHAIN, epoch, number, blockHash), address(client));
    }

    function _attestationHash(uint256 sourceChain, uint256 epoch, uint64 number, bytes32 blockHash)
        internal
        pure
        returns (bytes32)
    {
        bytes32 typeHash = keccak256("Attestation(uint256 sourceChain,uint256 epoch,uint64 number,bytes32 blockHash)");
        return keccak256(abi.encode(typeHash, sourceChain, epoch, number, blockHash));
    }

    function _rotation(uint256 epoch, address[] memory signers, uint256 threshold) internal view returns (bytes32) {
        bytes memory elements;
        for (uint256 i = 0; i < signers.length; ++i) {
            elements = bytes.concat(elements, abi.encode(signers[i]));
        }
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Rotation(uint256 sourceChain,uint256 epoch,address[] signers,uint256 threshold)"),
                SOURCE_CHAIN,
                epoch,
                keccak256(elements),
                threshold
            )
        );
        return _digest(structHash, address(client));
    }

    /// @dev EIP-712, from its definition.
    function _digest(bytes32 structHash, address verifyingContract) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("AttestorLightClient"),
                keccak256("1"),
                block.chainid,
                verifyingContract
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _sign(bytes32 digest, uint256[] memory keys) internal pure returns (bytes memory signatures) {
        for (uint256 i = 0; i < keys.length; ++i) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[i], digest);
            signatures = abi.encodePacked(signatures, r, s, v);
        }
    }

    /// @dev Three of the first five signers attest a block.
    function _attest(uint64 number, bytes32 blockHash) internal {
        client.attest(number, blockHash, _sign(_attestation(1, number, blockHash), _first(_signers(1, 5), THRESHOLD)));
    }
}
