// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HeaderBuilder} from "../../support/omnichain/HeaderBuilder.sol";
import {SealedHeaderTest} from "../../support/omnichain/SealedHeaderTest.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {ISealedHeaderLightClient} from "xdm/contracts/omnichain/interfaces/ISealedHeaderLightClient.sol";
import {SealScheme, SealedHeader} from "xdm/contracts/omnichain/types/SealedHeader.sol";

/// @notice Which seals count, how many must, and what two of them over one height do.
contract SealsTest is SealedHeaderTest {
    /// @dev secp256k1's.
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    // -------------------------------------------------------------------------------------------------- how many

    function test_QuorumIsTwoThirdsRoundedUp() public {
        uint8[9] memory quorums = [1, 2, 2, 3, 4, 4, 5, 6, 6];
        for (uint256 i = 0; i < quorums.length; ++i) {
            ISealedHeaderLightClient.Configuration memory configuration = _configuration();
            configuration.validators = _addresses(_keys(1, i + 1));
            client = _create(configuration);
            _expectTooFew(
                _sealed(_template(HEAD + 1), configuration.validators, _keys(1, quorums[i] - 1), 0),
                quorums[i] - 1,
                quorums[i]
            );
            client.update(_sealed(_template(HEAD + 1), configuration.validators, _keys(1, quorums[i]), 0), "");
        }
    }

    function test_SealsComeInAnyOrder() public {
        uint256[] memory keys = _keys(1, 4);
        (keys[0], keys[1], keys[2], keys[3]) = (keys[3], keys[1], keys[0], keys[2]);
        client.update(_sealed(HEAD + 1, keys), "");
    }

    function test_RevertWhen_ThereIsNoSeal() public {
        _expectTooFew(_sealed(HEAD + 1, _keys(1, 0)), 0, 3);
    }

    function test_RevertWhen_AValidatorSealsTwice() public {
        uint256[] memory keys = _keys(1, 4);
        for (uint256 i = 1; i < keys.length; ++i) {
            uint256[] memory sealers = _keys(1, 4);
            sealers[i] = keys[0];
            _expectRevert(
                _sealed(HEAD + 1, sealers),
                abi.encodeWithSelector(
                    ISealedHeaderLightClient.SealedHeaderLightClient_DuplicateSeal.selector, vm.addr(keys[0])
                )
            );
        }
    }

    function test_RevertWhen_SomebodyElseSeals() public {
        uint256[] memory keys = _keys(1, 4);
        keys[3] = _keys(9, 1)[0];
        _expectRevert(
            _sealed(HEAD + 1, keys),
            abi.encodeWithSelector(
                ISealedHeaderLightClient.SealedHeaderLightClient_UnknownSigner.selector, vm.addr(keys[3])
            )
        );
    }

    function test_RevertWhen_TheSealsAreOverAnotherBlock() public {
        SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
        sealedHeader.seals = _sealed(HEAD + 2, _keys(1, 3)).seals;
        vm.expectPartialRevert(ISealedHeaderLightClient.SealedHeaderLightClient_UnknownSigner.selector);
        client.update(sealedHeader, "");
    }

    // ------------------------------------------------------------------------------------------------- their form

    function test_RevertWhen_SealsAreNotWhole() public {
        uint256[3] memory lengths = [uint256(1), 64, 66];
        for (uint256 i = 0; i < lengths.length; ++i) {
            SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
            sealedHeader.seals = bytes.concat(sealedHeader.seals, new bytes(lengths[i]));
            _expectRevert(
                sealedHeader,
                abi.encodeWithSelector(
                    ISealedHeaderLightClient.SealedHeaderLightClient_MalformedSeals.selector, 195 + lengths[i]
                )
            );
        }
    }

    function test_RevertWhen_TheParityIsNeitherZeroNorOne() public {
        uint8[4] memory parities = [2, 27, 28, 255];
        for (uint256 i = 0; i < parities.length; ++i) {
            SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
            sealedHeader.seals[2 * 65 - 1] = bytes1(parities[i]);
            _expectInvalid(sealedHeader, 1);
        }
    }

    /// @dev The same validator's second signature over the same digest, which anyone can compute.
    function test_RevertWhen_TheSealIsInTheUpperHalf() public {
        SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
        bytes memory seals = sealedHeader.seals;
        uint256 s;
        assembly {
            s := mload(add(seals, 0x40))
            mstore(add(seals, 0x40), sub(ORDER, s))
        }
        seals[64] ^= 0x01;
        assertLe(s, ORDER / 2);
        _expectInvalid(sealedHeader, 0);
    }

    function test_RevertWhen_TheSealIsNoSignature() public {
        SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
        sealedHeader.seals = bytes.concat(sealedHeader.seals, new bytes(65));
        _expectInvalid(sealedHeader, 3);
    }

    // ------------------------------------------------------------------------------------------------- conflicts

    function test_TwoSealedBlocksOfOneHeightFreeze() public {
        SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
        client.update(sealedHeader, "");
        client.update(_sealed(HEAD + 2, _keys(1, 3)), "");

        // Below the head, and after the trust has expired.
        vm.warp(HEAD_TIMESTAMP + 2 * TRUSTING_PERIOD);
        SealedHeader memory other = _other(HEAD + 1);
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(HEAD + 1, keccak256(sealedHeader.header), keccak256(other.header));
        client.reportConflict(other, "");
        assertTrue(client.isFrozen());
    }

    function test_RevertWhen_TheReportedBlockIsTheKnownOne() public {
        SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
        client.update(sealedHeader, "");
        _expectNoConflict(sealedHeader, HEAD + 1);
    }

    /// @dev The seals of another quorum make no other block.
    function test_RevertWhen_TheReportedBlockIsTheKnownOneBySealsOfOthers() public {
        client.update(_sealed(HEAD + 1, _keys(1, 3)), "");
        _expectNoConflict(_sealed(HEAD + 1, _keys(2, 3)), HEAD + 1);
        _expectNoConflict(_sealed(_template(HEAD + 1), _addresses(_keys(1, 4)), _keys(2, 3), 5), HEAD + 1);
    }

    function test_RevertWhen_NoBlockOfTheReportedHeightIsKnown() public {
        _expectNoConflict(_sealed(HEAD + 1, _keys(1, 3)), HEAD + 1);
        _expectNoConflict(_sealed(HEAD - 1, _keys(1, 3)), HEAD - 1);
    }

    function test_RevertWhen_TheReportedBlockHasTooFewSeals() public {
        SealedHeader memory other = _sealed(HEAD, _keys(1, 2));
        vm.expectRevert(
            abi.encodeWithSelector(ISealedHeaderLightClient.SealedHeaderLightClient_TooFewSeals.selector, 2, 3)
        );
        client.reportConflict(other, "");
    }

    function test_RevertWhen_AFrozenClientIsToldOfAConflict() public {
        client.reportConflict(_other(HEAD), "");
        SealedHeader memory other = _sealed(HEAD, _keys(1, 3));
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        client.reportConflict(other, "");
    }

    // --------------------------------------------------------------------------------------------------- helpers

    /// @dev Another block of the height, sealed as well.
    function _other(uint256 number) private view returns (SealedHeader memory) {
        HeaderBuilder.Template memory template = _template(number);
        template.stateRoot = keccak256("another state");
        return _sealed(template, _addresses(_keys(1, 4)), _keys(1, 3), 0);
    }

    function _expectTooFew(SealedHeader memory sealedHeader, uint256 count, uint256 required) private {
        _expectRevert(
            sealedHeader,
            abi.encodeWithSelector(
                ISealedHeaderLightClient.SealedHeaderLightClient_TooFewSeals.selector, count, required
            )
        );
    }

    function _expectInvalid(SealedHeader memory sealedHeader, uint256 index) private {
        _expectRevert(
            sealedHeader,
            abi.encodeWithSelector(ISealedHeaderLightClient.SealedHeaderLightClient_InvalidSeal.selector, index)
        );
    }

    function _expectNoConflict(SealedHeader memory sealedHeader, uint256 number) private {
        vm.expectRevert(
            abi.encodeWithSelector(ISealedHeaderLightClient.SealedHeaderLightClient_NoConflict.selector, number)
        );
        client.reportConflict(sealedHeader, "");
    }

    function _expectRevert(SealedHeader memory sealedHeader, bytes memory data) private {
        vm.expectRevert(data);
        client.update(sealedHeader, "");
    }
}
