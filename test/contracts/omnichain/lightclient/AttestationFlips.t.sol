// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestorTest} from "../../support/omnichain/AttestorTest.sol";

/// @notice No bit of an attestation or of a rotation can be changed.
contract AttestationFlipsTest is AttestorTest {
    bytes32 private constant HASH = keccak256("block");

    function test_RevertWhen_AnyFieldOfAnAttestationIsFlipped() public {
        bytes memory signatures = _sign(_attestation(1, 7, HASH), _first(_signers(1, 5), THRESHOLD));
        for (uint256 i = 0; i < 256; ++i) {
            if (i < 64) _assertRefused(abi.encodeCall(client.attest, (7 ^ uint64(1 << i), HASH, signatures)));
            _assertRefused(abi.encodeCall(client.attest, (7, HASH ^ bytes32(1 << i), signatures)));
        }
        for (uint256 i = 0; i < 8 * signatures.length; ++i) {
            _assertRefused(abi.encodeCall(client.attest, (7, HASH, _flipped(signatures, i))));
        }
        client.attest(7, HASH, signatures);
        assertEq(client.finalizedBlockHash(7), HASH);
    }

    function test_RevertWhen_AnyFieldOfARotationIsFlipped() public {
        address[] memory signers = _addresses(_signers(7, 3));
        bytes memory signatures = _sign(_rotation(2, signers, 2), _first(_signers(1, 5), THRESHOLD));
        for (uint256 i = 0; i < 256; ++i) {
            _assertRefused(abi.encodeCall(client.rotate, (signers, 2 ^ (1 << i), signatures)));
            if (i >= 160) continue;
            signers[1] = address(uint160(signers[1]) ^ uint160(1 << i));
            _assertRefused(abi.encodeCall(client.rotate, (signers, 2, signatures)));
            signers[1] = address(uint160(signers[1]) ^ uint160(1 << i));
        }
        for (uint256 i = 0; i < 8 * signatures.length; ++i) {
            _assertRefused(abi.encodeCall(client.rotate, (signers, 2, _flipped(signatures, i))));
        }
        client.rotate(signers, 2, signatures);
        assertEq(client.epoch(), 2);
    }

    function _flipped(bytes memory data, uint256 bit) private pure returns (bytes memory flipped) {
        flipped = bytes.concat(data);
        flipped[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
    }

    function _assertRefused(bytes memory input) private {
        (bool success,) = address(client).call(input);
        assertFalse(success);
    }
}
