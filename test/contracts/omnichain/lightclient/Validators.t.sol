// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";

import {HeaderBuilder} from "../../support/omnichain/HeaderBuilder.sol";
import {SealedHeaderBuilder} from "../../support/omnichain/SealedHeaderBuilder.sol";
import {SealedHeaderTest} from "../../support/omnichain/SealedHeaderTest.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";
import {ISealedHeaderLightClient} from "xdm/contracts/omnichain/interfaces/ISealedHeaderLightClient.sol";
import {SealScheme, SealedHeader} from "xdm/contracts/omnichain/types/SealedHeader.sol";

/// @notice How the validators whose word is taken change, and what a header's extra data must be.
contract ValidatorsTest is SealedHeaderTest {
    bytes private trusted;

    function setUp() public override {
        super.setUp();
        trusted = _rlp(_addresses(_keys(1, 4)));
    }

    // ---------------------------------------------------------------------------------------------------- changes

    function test_ListedValidatorsAreTrustedOnceBothQuorumsHaveSealed() public {
        address[] memory validators = _addresses(_keys(1, 5));
        SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), validators, _keys(2, 4), 0);
        vm.expectEmit(address(client));
        emit ISealedHeaderLightClient.ValidatorsChanged(HEAD + 1, keccak256(_rlp(validators)));
        client.update(sealedHeader, trusted);
        assertEq(client.validatorsHash(), keccak256(_rlp(validators)));

        // From now on the new ones' seals count, without the old list.
        client.update(_sealed(_template(HEAD + 2), validators, _keys(2, 4), 0), "");
    }

    function test_ValidatorsCanLeave() public {
        client.update(_sealed(_template(HEAD + 1), _addresses(_keys(2, 3)), _keys(2, 3), 0), trusted);
        client.update(_sealed(_template(HEAD + 2), _addresses(_keys(2, 3)), _keys(3, 2), 0), "");
    }

    function test_ListThatIsNotNeededIsNotRead() public {
        client.update(_sealed(HEAD + 1, _keys(1, 3)), "anything");
        assertEq(client.validatorsHash(), keccak256(trusted));
    }

    function test_UnchangedValidatorsAreNotAnnounced() public {
        SealedHeader memory sealedHeader = _sealed(HEAD + 1, _keys(1, 3));
        vm.recordLogs();
        client.update(sealedHeader, "");
        assertEq(vm.getRecordedLogs().length, 1);
    }

    /// @dev A report is no update.
    function test_ConflictLeavesTheValidatorsAlone() public {
        client.reportConflict(_sealed(_template(HEAD), _addresses(_keys(1, 5)), _keys(1, 4), 0), trusted);
        assertTrue(client.isFrozen());
        assertEq(client.validatorsHash(), keccak256(trusted));
    }

    function test_RevertWhen_TheTrustedValidatorsHaveNotSealedAnother() public {
        // Two of the old ones are enough for the new list, which has three.
        SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), _addresses(_keys(3, 3)), _keys(3, 3), 0);
        vm.expectRevert(
            abi.encodeWithSelector(ISealedHeaderLightClient.SealedHeaderLightClient_TooFewTrustedSeals.selector, 2, 3)
        );
        client.update(sealedHeader, trusted);
    }

    function test_RevertWhen_AListThatNobodyTrustsSealsItself() public {
        SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), _addresses(_keys(10, 4)), _keys(10, 4), 0);
        vm.expectRevert(
            abi.encodeWithSelector(ISealedHeaderLightClient.SealedHeaderLightClient_TooFewTrustedSeals.selector, 0, 3)
        );
        client.update(sealedHeader, trusted);
    }

    function test_RevertWhen_TheListedValidatorsHaveNotSealed() public {
        SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), _addresses(_keys(1, 5)), _keys(1, 3), 0);
        vm.expectRevert(
            abi.encodeWithSelector(ISealedHeaderLightClient.SealedHeaderLightClient_TooFewSeals.selector, 3, 4)
        );
        client.update(sealedHeader, trusted);
    }

    function test_RevertWhen_AValidatorThatHasLeftSeals() public {
        SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), _addresses(_keys(1, 3)), _keys(1, 4), 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISealedHeaderLightClient.SealedHeaderLightClient_UnknownSigner.selector, vm.addr(_keys(4, 1)[0])
            )
        );
        client.update(sealedHeader, trusted);
    }

    function test_RevertWhen_TheTrustedListIsMissingOrAnother() public {
        address[] memory validators = _addresses(_keys(1, 5));
        SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), validators, _keys(1, 5), 0);
        bytes[2] memory lists = [bytes(""), _rlp(validators)];
        for (uint256 i = 0; i < lists.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    ISealedHeaderLightClient.SealedHeaderLightClient_NotTrustedValidators.selector,
                    keccak256(trusted),
                    keccak256(lists[i])
                )
            );
            client.update(sealedHeader, lists[i]);
        }
    }

    // ------------------------------------------------------------------------------------------------- their list

    function test_RevertWhen_TheListIsNotOfAddresses() public {
        bytes[6] memory lists = [
            bytes(hex"c0"),
            abi.encodePacked(hex"d694", bytes20("and more"), hex"94"),
            abi.encodePacked(hex"d4", bytes20("short")),
            abi.encodePacked(hex"d595", bytes20("not canonical")),
            abi.encodePacked(hex"d6a0", bytes21("long")),
            abi.encodePacked(hex"ea94", bytes20("an address"), hex"95", bytes20("and none"))
        ];
        for (uint256 i = 0; i < lists.length; ++i) {
            _expectRefused(
                _besuData(lists[i], hex"c080c0"),
                abi.encodeWithSelector(
                    ISealedHeaderLightClient.SealedHeaderLightClient_MalformedValidators.selector, lists[i].length
                )
            );
        }
    }

    function test_RevertWhen_AChainHasMoreValidatorsThanCanBeCounted() public {
        bytes memory items;
        for (uint256 i = 0; i < 257; ++i) {
            items = bytes.concat(items, hex"94", bytes20(keccak256(abi.encode(i))));
        }
        bytes memory list = bytes.concat(hex"f9", bytes2(uint16(items.length)), items);
        _expectRefused(
            _besuData(list, hex"c080c0"),
            abi.encodeWithSelector(
                ISealedHeaderLightClient.SealedHeaderLightClient_MalformedValidators.selector, list.length
            )
        );
    }

    // ------------------------------------------------------------------------------------------------- extra data

    /// @dev What seals cover hashes to something that is no block's hash, and would pass for a second block.
    function test_RevertWhen_TheHeaderIsInTheFormThatSealsCover() public {
        SealScheme[2] memory schemes = [SealScheme.Qbft, SealScheme.Ibft2];
        for (uint256 i = 0; i < schemes.length; ++i) {
            _deploy(schemes[i]);
            address[] memory validators = _addresses(_keys(1, 4));
            SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), validators, _keys(1, 3), 1);
            bytes memory round = scheme == SealScheme.Qbft ? bytes(hex"c001c0") : bytes(hex"808400000001");
            HeaderBuilder.Template memory template = _template(HEAD + 1);
            template.extraData = _besuData(_rlp(validators), round);
            sealedHeader.header = HeaderBuilder.encode(template);
            assertEq(
                keccak256(sealedHeader.header), SealedHeaderBuilder.digest(_template(HEAD + 1), scheme, validators, 1)
            );
            _expectMalformed(sealedHeader.header);
        }
    }

    function test_RevertWhen_TheHeaderHasItsSeals() public {
        _expectMalformed(_headerWith(_besuData(trusted, hex"c080c20102")));
        _deploy(SealScheme.Ibft2);
        _expectMalformed(_headerWith(_besuData(trusted, hex"808400000000c0")));
        _deploy(SealScheme.Istanbul);
        bytes[] memory items = new bytes[](3);
        bytes[2] memory seals = [bytes(hex"c101"), hex"01"];
        for (uint256 i = 0; i < seals.length; ++i) {
            (items[0], items[1], items[2]) = (trusted, hex"80", seals[i]);
            _expectMalformed(_headerWith(bytes.concat(bytes32("geth"), RLPEncoder.encode(items))));
        }
    }

    function test_RevertWhen_TheListIsShorterOrLonger() public {
        _expectMalformed(_headerWith(_besuData(trusted, hex"c080")));
        _expectMalformed(_headerWith(_besuData(trusted, hex"c080c080")));
        _deploy(SealScheme.Istanbul);
        bytes[] memory items = new bytes[](4);
        (items[0], items[1], items[2], items[3]) = (trusted, hex"80", hex"c0", hex"c0");
        _expectMalformed(_headerWith(bytes.concat(bytes32("geth"), RLPEncoder.encode(items))));
    }

    function test_RevertWhen_BytesFollowTheList() public {
        _expectMalformed(_headerWith(bytes.concat(_besuData(trusted, hex"c080c0"), hex"00")));
        // The list ends where it should, its items before.
        bytes memory data = _besuData(trusted, hex"c080c0");
        data[1] = bytes1(uint8(data[1]) - 1);
        _expectMalformed(_headerWith(data));
    }

    function test_RevertWhen_IstanbulsExtraDataIsVanityOnly() public {
        _deploy(SealScheme.Istanbul);
        _expectMalformed(_headerWith(""));
        _expectMalformed(_headerWith(new bytes(32)));
    }

    function test_RevertWhen_TheExtraDataIsNoList() public {
        _expectRefused(new bytes(33), abi.encodeWithSelector(RLP.RLP_UnexpectedType.selector, 0));
        _expectMalformed(_headerWith(""));
    }

    // --------------------------------------------------------------------------------------------------- helpers

    /// @param rest The encoded items after the validators.
    function _besuData(bytes memory validators, bytes memory rest) private pure returns (bytes memory) {
        bytes[] memory items = new bytes[](1);
        items[0] = bytes.concat(RLPEncoder.encode(bytes32("besu")), validators, rest);
        return RLPEncoder.encode(items);
    }

    function _headerWith(bytes memory extraData) private pure returns (bytes memory) {
        HeaderBuilder.Template memory template = _template(HEAD + 1);
        template.extraData = extraData;
        return HeaderBuilder.encode(template);
    }

    function _expectRefused(bytes memory extraData, bytes memory reason) private {
        SealedHeader memory sealedHeader = SealedHeader(_headerWith(extraData), 0, "");
        vm.expectRevert(reason);
        client.update(sealedHeader, trusted);
    }

    function _expectMalformed(bytes memory header) private {
        vm.expectRevert(ISealedHeaderLightClient.SealedHeaderLightClient_MalformedExtraData.selector);
        client.update(SealedHeader(header, 0, ""), "");
    }
}
