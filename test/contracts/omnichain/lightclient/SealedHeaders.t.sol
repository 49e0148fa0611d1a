// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HeaderBuilder} from "../../support/omnichain/HeaderBuilder.sol";
import {SealedHeaderBuilder} from "../../support/omnichain/SealedHeaderBuilder.sol";
import {SealedHeaderTest} from "../../support/omnichain/SealedHeaderTest.sol";
import {IExpiringLightClient} from "xdm/contracts/omnichain/interfaces/IExpiringLightClient.sol";
import {ILightClient, LightClientKind} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {ISealedHeaderLightClient} from "xdm/contracts/omnichain/interfaces/ISealedHeaderLightClient.sol";
import {HeaderLayout} from "xdm/contracts/omnichain/types/HeaderLayout.sol";
import {SealScheme, SealedHeader} from "xdm/contracts/omnichain/types/SealedHeader.sol";

/// @notice Which sealed headers become the head, and for how long.
contract SealedHeadersTest is SealedHeaderTest {
    SealScheme[3] private schemes = [SealScheme.Qbft, SealScheme.Ibft2, SealScheme.Istanbul];

    // ------------------------------------------------------------------------------------------------- deployment

    function test_ClientIsWhatItWasDeployedAs() public view {
        (uint256 number, bytes32 blockHash) = client.head();
        assertEq(number, HEAD);
        assertEq(blockHash, keccak256("head"));
        assertEq(client.chainId(), 1337);
        assertEq(client.historyWindow(), 8191);
        assertEq(client.trustingPeriod(), TRUSTING_PERIOD);
        assertEq(client.trustedUntil(), HEAD_TIMESTAMP + TRUSTING_PERIOD);
        assertEq(uint256(client.kind()), uint256(LightClientKind.SealedHeader));
        assertEq(uint256(client.scheme()), uint256(SealScheme.Qbft));
        assertEq(HeaderLayout.unwrap(client.headerLayout()), 0x0c0b080503);
        assertEq(client.validatorsHash(), keccak256(_rlp(_addresses(_keys(1, 4)))));
    }

    function test_RevertWhen_DeployedWithoutValidatorsOrWithTooMany() public {
        ISealedHeaderLightClient.Configuration memory configuration = _configuration();
        configuration.validators = new address[](256);
        _create(configuration);
        uint256[2] memory counts = [uint256(0), 257];
        uint256[2] memory lengths = [uint256(1), 257 * 21 + 3];
        for (uint256 i = 0; i < counts.length; ++i) {
            configuration.validators = new address[](counts[i]);
            vm.expectRevert(
                _error(ISealedHeaderLightClient.SealedHeaderLightClient_MalformedValidators.selector, lengths[i])
            );
            this.create(configuration);
        }
    }

    function test_RevertWhen_DeployedWithoutATrustingPeriodOrWithOneThatNeverEnds() public {
        ISealedHeaderLightClient.Configuration memory configuration = _configuration();
        configuration.trustingPeriod = 36_525 days;
        _create(configuration);
        uint256[2] memory periods = [uint256(0), 36_525 days + 1];
        for (uint256 i = 0; i < periods.length; ++i) {
            configuration.trustingPeriod = periods[i];
            vm.expectRevert(_error(IExpiringLightClient.ExpiringLightClient_PeriodOutOfBounds.selector, periods[i]));
            this.create(configuration);
        }
    }

    // ---------------------------------------------------------------------------------------------------- updates

    function test_SealedBlockBecomesTheHead() public {
        for (uint256 i = 0; i < schemes.length; ++i) {
            _deploy(schemes[i]);
            SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
            vm.expectEmit(address(client));
            emit ILightClient.BlockRecorded(HEAD + 1, keccak256(sealedHeader.header));
            client.update(sealedHeader, "");
            (uint256 number, bytes32 blockHash) = client.head();
            assertEq(number, HEAD + 1);
            assertEq(blockHash, keccak256(sealedHeader.header));
            assertEq(client.finalizedBlockHash(HEAD + 1), blockHash);
            assertEq(client.trustedUntil(), HEAD_TIMESTAMP + 1 + TRUSTING_PERIOD);
        }
    }

    function test_BlocksMayBeLeftOutAndReachedLater() public {
        HeaderBuilder.Template memory template = _template(HEAD + 2);
        template.extraData = SealedHeaderBuilder.extraData(scheme, _addresses(_keys(1, 4)));
        bytes[] memory headers = HeaderBuilder.chain(template, 2);
        (template.number, template.parentHash) = (HEAD + 2, keccak256(headers[1]));
        client.update(_sealed(template, _addresses(_keys(1, 4)), _keys(1, 3), 0), "");
        client.proveAncestorByHeaders(HEAD + 2, headers[0]);
        assertEq(client.finalizedBlockHash(HEAD + 1), keccak256(headers[1]));
    }

    function test_BlocksOfLaterRoundsAreAccepted() public {
        uint32[6] memory rounds = [uint32(1), 127, 128, 255, 256, type(uint32).max];
        for (uint256 i = 0; i < rounds.length; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                _deploy(schemes[j]);
                client.update(_sealed(_template(HEAD + 1), _addresses(_keys(1, 4)), _keys(1, 3), rounds[i]), "");
                (uint256 number,) = client.head();
                assertEq(number, HEAD + 1);
            }
        }
    }

    /// @dev The lengths before the extra data change with the round.
    function test_SetsOfAllSizesSeal() public {
        for (uint256 count = 1; count <= 16; ++count) {
            for (uint256 i = 0; i < schemes.length; ++i) {
                scheme = schemes[i];
                ISealedHeaderLightClient.Configuration memory configuration = _configuration();
                configuration.validators = _addresses(_keys(1, count));
                client = _create(configuration);
                uint32 round = scheme == SealScheme.Istanbul ? 0 : 300;
                client.update(
                    _sealed(_template(HEAD + 1), configuration.validators, _keys(1, (2 * count + 2) / 3), round), ""
                );
            }
        }
    }

    function test_RevertWhen_TheRoundIsAnother() public {
        for (uint256 i = 0; i < 2; ++i) {
            _deploy(schemes[i]);
            SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), _addresses(_keys(1, 4)), _keys(1, 3), 1);
            sealedHeader.round = 2;
            vm.expectPartialRevert(ISealedHeaderLightClient.SealedHeaderLightClient_UnknownSigner.selector);
            client.update(sealedHeader, "");
        }
    }

    function test_RevertWhen_ARoundIsGivenThatSealsDoNotCover() public {
        _deploy(SealScheme.Istanbul);
        SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
        sealedHeader.round = 1;
        vm.expectRevert(_error(ISealedHeaderLightClient.SealedHeaderLightClient_UnexpectedRound.selector, 1));
        client.update(sealedHeader, "");
    }

    function test_RevertWhen_TheBlockIsNotAboveTheHead() public {
        for (uint256 number = HEAD - 1; number <= HEAD; ++number) {
            SealedHeader memory sealedHeader = _sealed(number, _keys(1, 3));
            vm.expectRevert(
                abi.encodeWithSelector(ISealedHeaderLightClient.SealedHeaderLightClient_NotNewer.selector, number, HEAD)
            );
            client.update(sealedHeader, "");
        }
    }

    function test_RevertWhen_AFrozenClientIsUpdated() public {
        client.reportConflict(_sealed(HEAD, _keys(1, 3)), "");
        SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        client.update(sealedHeader, "");
    }

    // ----------------------------------------------------------------------------------------------------- expiry

    function test_UpdatesAreTakenUntilTheTrustExpires() public {
        SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
        vm.warp(HEAD_TIMESTAMP + TRUSTING_PERIOD + 1);
        vm.expectRevert(
            _error(IExpiringLightClient.ExpiringLightClient_Expired.selector, HEAD_TIMESTAMP + TRUSTING_PERIOD)
        );
        client.update(sealedHeader, "");
        vm.warp(HEAD_TIMESTAMP + TRUSTING_PERIOD);
        client.update(sealedHeader, "");
    }

    function test_ExpiredClientStillTellsWhatItKnows() public {
        HeaderBuilder.Template memory template = _template(HEAD + 2);
        template.extraData = SealedHeaderBuilder.extraData(scheme, _addresses(_keys(1, 4)));
        SealedHeader memory sealedHeader = _sealed(template, _addresses(_keys(1, 4)), _keys(1, 3), 0);
        client.update(sealedHeader, "");
        vm.warp(HEAD_TIMESTAMP + 2 * TRUSTING_PERIOD);
        client.proveAncestorByHeaders(HEAD + 2, sealedHeader.header);
        assertEq(client.finalizedBlockHash(HEAD + 1), template.parentHash);
    }

    function test_ClockThatIsAheadDoesNotLengthenTheTrust() public {
        HeaderBuilder.Template memory template = _template(HEAD + 1);
        template.timestamp = block.timestamp + 365 days;
        client.update(_sealed(template, _addresses(_keys(1, 4)), _keys(1, 3), 0), "");
        assertEq(client.trustedUntil(), block.timestamp + TRUSTING_PERIOD);
    }

    function create(ISealedHeaderLightClient.Configuration memory configuration) external {
        _create(configuration);
    }

    function _error(bytes4 selector, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, value);
    }
}
