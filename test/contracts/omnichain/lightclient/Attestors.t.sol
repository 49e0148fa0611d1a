// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestorTest} from "../../support/omnichain/AttestorTest.sol";
import {HeaderBuilder} from "../../support/omnichain/HeaderBuilder.sol";
import {IAttestorLightClient} from "xdm/contracts/omnichain/interfaces/IAttestorLightClient.sol";
import {ILightClient, LightClientKind} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";

contract AttestorsTest is AttestorTest {
    bytes32 private constant HASH = keccak256("block");
    bytes32 private constant OTHER = keccak256("other block");

    /// @dev secp256k1's.
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    // ------------------------------------------------------------------------------------------------- deployment

    function test_ClientIsWhatItWasDeployedAs() public view {
        assertEq(client.chainId(), SOURCE_CHAIN);
        assertEq(client.historyWindow(), 8191);
        assertEq(uint256(client.kind()), uint256(LightClientKind.Attestor));
        assertEq(client.epoch(), 1);
        assertEq(client.threshold(), THRESHOLD);
        assertEq(client.signers(), _addresses(_signers(1, 5)));
        (uint256 number, bytes32 blockHash) = client.head();
        assertEq(number, 0);
        assertEq(blockHash, 0);
    }

    function test_SignersAreAnnounced() public {
        address[] memory signers = _addresses(_signers(1, 4));
        vm.expectEmit();
        emit IAttestorLightClient.SignersChanged(1, signers, 4);
        _create(signers, 4);
    }

    function test_RevertWhen_TheThresholdIsNoMajorityOrAboveTheSigners() public {
        for (uint256 count = 0; count < 6; ++count) {
            address[] memory signers = _addresses(_signers(1, count));
            for (uint256 threshold = 0; threshold < 8; ++threshold) {
                if (2 * threshold > count && threshold <= count) {
                    this.create(signers, threshold);
                } else {
                    vm.expectRevert(
                        abi.encodeWithSelector(
                            IAttestorLightClient.AttestorLightClient_ThresholdOutOfBounds.selector, threshold, count
                        )
                    );
                    this.create(signers, threshold);
                }
            }
        }
    }

    function test_RevertWhen_SignersAreNotAscending() public {
        address[] memory signers = new address[](3);
        (signers[0], signers[1], signers[2]) = (address(1), address(3), address(2));
        _expectNotAscending(address(3), address(2));
        this.create(signers, 2);
        signers[2] = address(3);
        _expectNotAscending(address(3), address(3));
        this.create(signers, 2);
        (signers[0], signers[2]) = (address(0), address(4));
        _expectNotAscending(address(0), address(0));
        this.create(signers, 2);
    }

    // ------------------------------------------------------------------------------------------------ attestations

    function test_AttestedBlockIsKnown() public {
        vm.expectEmit(address(client));
        emit ILightClient.BlockRecorded(7, HASH);
        _attest(7, HASH);
        assertEq(client.finalizedBlockHash(7), HASH);
        (uint256 number, bytes32 blockHash) = client.head();
        assertEq(number, 7);
        assertEq(blockHash, HASH);
    }

    function test_OlderBlockIsAttestedToo() public {
        _attest(7, HASH);
        _attest(5, OTHER);
        _attest(0, keccak256("first"));
        assertEq(client.finalizedBlockHash(5), OTHER);
        assertEq(client.finalizedBlockHash(0), keccak256("first"));
        (uint256 number,) = client.head();
        assertEq(number, 7);
    }

    function test_MoreSignaturesThanMustBeAreFine() public {
        client.attest(7, HASH, _sign(_attestation(1, 7, HASH), _signers(1, 5)));
        assertEq(client.finalizedBlockHash(7), HASH);
    }

    function test_AncestorsOfAnAttestedBlockAreReached() public {
        HeaderBuilder.Template memory template;
        template.number = 7;
        bytes[] memory headers = HeaderBuilder.chain(template, 3);
        _attest(7, keccak256(headers[0]));
        client.proveAncestorByHeaders(7, bytes.concat(headers[0], headers[1]));
        assertEq(client.finalizedBlockHash(5), keccak256(headers[2]));
    }

    function test_RevertWhen_ThereAreTooFewSignatures() public {
        bytes memory signatures = _sign(_attestation(1, 7, HASH), _first(_signers(1, 5), 2));
        _expectRevert(
            signatures, abi.encodeWithSelector(IAttestorLightClient.AttestorLightClient_TooFewSignatures.selector, 2, 3)
        );
    }

    function test_RevertWhen_OneSignerSignsTwice() public {
        uint256[] memory keys = _first(_signers(1, 5), 3);
        keys[2] = keys[1];
        bytes memory signatures = _sign(_attestation(1, 7, HASH), keys);
        _expectNotAscending(vm.addr(keys[1]), vm.addr(keys[1]));
        client.attest(7, HASH, signatures);
    }

    function test_RevertWhen_SignaturesAreNotInOrder() public {
        uint256[] memory keys = _first(_signers(1, 5), 3);
        (keys[1], keys[2]) = (keys[2], keys[1]);
        bytes memory signatures = _sign(_attestation(1, 7, HASH), keys);
        _expectNotAscending(vm.addr(keys[1]), vm.addr(keys[2]));
        client.attest(7, HASH, signatures);
    }

    function test_RevertWhen_SomebodyElseSigns() public {
        bytes memory signatures = _sign(_attestation(1, 7, HASH), _first(_signers(4, 3), 3));
        vm.expectPartialRevert(IAttestorLightClient.AttestorLightClient_UnknownSigner.selector);
        client.attest(7, HASH, signatures);
    }

    function test_RevertWhen_SomethingElseIsSigned() public {
        uint256[] memory keys = _signers(1, 5);
        bytes32[5] memory digests = [
            _attestation(1, 8, HASH),
            _attestation(1, 7, OTHER),
            _attestation(2, 7, HASH),
            // Of another chain's block, and for another light client.
            _digest(_attestationHash(SOURCE_CHAIN + 1, 1, 7, HASH), address(client)),
            _digest(_attestationHash(SOURCE_CHAIN, 1, 7, HASH), address(0xdead))
        ];
        for (uint256 i = 0; i < digests.length; ++i) {
            bytes memory signatures = _sign(digests[i], keys);
            vm.expectPartialRevert(IAttestorLightClient.AttestorLightClient_UnknownSigner.selector);
            client.attest(7, HASH, signatures);
        }
    }

    function test_RevertWhen_SignaturesAreNotWhole() public {
        bytes memory signatures = bytes.concat(_sign(_attestation(1, 7, HASH), _signers(1, 5)), hex"00");
        _expectRevert(
            signatures,
            abi.encodeWithSelector(IAttestorLightClient.AttestorLightClient_MalformedSignatures.selector, 326)
        );
    }

    function test_RevertWhen_ASignatureIsNone() public {
        bytes memory signatures = _sign(_attestation(1, 7, HASH), _first(_signers(1, 5), 3));
        signatures[2 * 65 - 1] = 0x01;
        _expectRevert(
            signatures, abi.encodeWithSelector(IAttestorLightClient.AttestorLightClient_InvalidSignature.selector, 1)
        );
    }

    function test_RevertWhen_ASignatureIsInTheUpperHalf() public {
        bytes memory signatures = _sign(_attestation(1, 7, HASH), _first(_signers(1, 5), 3));
        assembly {
            mstore(add(signatures, 0x40), sub(ORDER, mload(add(signatures, 0x40))))
        }
        signatures[64] = signatures[64] == 0x1b ? bytes1(0x1c) : bytes1(0x1b);
        _expectRevert(
            signatures, abi.encodeWithSelector(IAttestorLightClient.AttestorLightClient_InvalidSignature.selector, 0)
        );
    }

    function test_RevertWhen_TheAttestedHashIsZero() public {
        bytes memory signatures = _sign(_attestation(1, 7, 0), _first(_signers(1, 5), 3));
        vm.expectRevert(abi.encodeWithSelector(IAttestorLightClient.AttestorLightClient_NoBlockHash.selector, 7));
        client.attest(7, 0, signatures);
    }

    // --------------------------------------------------------------------------------------------------- conflicts

    function test_TwoAttestedBlocksOfOneHeightFreeze() public {
        _attest(7, HASH);
        _attest(9, keccak256("later"));
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(7, HASH, OTHER);
        _attest(7, OTHER);
        assertTrue(client.isFrozen());
    }

    function test_TwoAttestedHeadsFreeze() public {
        _attest(7, HASH);
        _attest(7, OTHER);
        assertTrue(client.isFrozen());
    }

    function test_RevertWhen_AFrozenClientIsToldAnything() public {
        _attest(7, HASH);
        _attest(7, OTHER);
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        client.attest(8, HASH, "");
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        client.rotate(new address[](0), 0, "");
    }

    // ---------------------------------------------------------------------------------------------------- rotation

    function test_OtherSignersAreTrustedInTheNextEpoch() public {
        address[] memory signers = _addresses(_signers(5, 3));
        bytes memory signatures = _sign(_rotation(2, signers, 2), _first(_signers(1, 5), 3));
        vm.expectEmit(address(client));
        emit IAttestorLightClient.SignersChanged(2, signers, 2);
        client.rotate(signers, 2, signatures);
        assertEq(client.epoch(), 2);
        assertEq(client.threshold(), 2);
        assertEq(client.signers(), signers);
        client.attest(7, HASH, _sign(_attestation(2, 7, HASH), _first(_signers(5, 3), 2)));
        assertEq(client.finalizedBlockHash(7), HASH);
    }

    function test_RevertWhen_SignersOfAnEarlierEpochAttest() public {
        _rotate();
        bytes memory signatures = _sign(_attestation(2, 7, HASH), _first(_signers(1, 5), 3));
        vm.expectPartialRevert(IAttestorLightClient.AttestorLightClient_UnknownSigner.selector);
        client.attest(7, HASH, signatures);
    }

    /// @dev By signers who have stayed.
    function test_RevertWhen_AnAttestationIsOfAnEarlierEpoch() public {
        address[] memory signers = _addresses(_signers(1, 5));
        client.rotate(signers, 3, _sign(_rotation(2, signers, 3), _first(_signers(1, 5), 3)));
        bytes memory signatures = _sign(_attestation(1, 7, HASH), _first(_signers(1, 5), 3));
        vm.expectPartialRevert(IAttestorLightClient.AttestorLightClient_UnknownSigner.selector);
        client.attest(7, HASH, signatures);
    }

    function test_RevertWhen_ARotationIsRepeated() public {
        address[] memory signers = _addresses(_signers(1, 5));
        bytes memory signatures = _sign(_rotation(2, signers, 3), _first(_signers(1, 5), 3));
        client.rotate(signers, 3, signatures);
        vm.expectPartialRevert(IAttestorLightClient.AttestorLightClient_UnknownSigner.selector);
        client.rotate(signers, 3, signatures);
    }

    function test_RevertWhen_AnotherRotationIsSigned() public {
        address[] memory signers = _addresses(_signers(5, 3));
        bytes memory signatures = _sign(_rotation(2, signers, 3), _first(_signers(1, 5), 3));
        vm.expectPartialRevert(IAttestorLightClient.AttestorLightClient_UnknownSigner.selector);
        client.rotate(signers, 2, signatures);
        signatures = _sign(_rotation(2, _addresses(_signers(6, 3)), 2), _first(_signers(1, 5), 3));
        vm.expectPartialRevert(IAttestorLightClient.AttestorLightClient_UnknownSigner.selector);
        client.rotate(signers, 2, signatures);
    }

    function test_RevertWhen_TooFewSignARotation() public {
        address[] memory signers = _addresses(_signers(5, 3));
        bytes memory signatures = _sign(_rotation(2, signers, 2), _first(_signers(1, 5), 2));
        vm.expectRevert(
            abi.encodeWithSelector(IAttestorLightClient.AttestorLightClient_TooFewSignatures.selector, 2, 3)
        );
        client.rotate(signers, 2, signatures);
    }

    function create(address[] memory signers, uint256 threshold) external {
        _create(signers, threshold);
    }

    function _rotate() private {
        address[] memory signers = _addresses(_signers(6, 3));
        client.rotate(signers, 2, _sign(_rotation(2, signers, 2), _first(_signers(1, 5), 3)));
    }

    function _expectNotAscending(address previous, address signer) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestorLightClient.AttestorLightClient_SignersNotAscending.selector, previous, signer
            )
        );
    }

    function _expectRevert(bytes memory signatures, bytes memory data) private {
        vm.expectRevert(data);
        client.attest(7, HASH, signatures);
    }
}
