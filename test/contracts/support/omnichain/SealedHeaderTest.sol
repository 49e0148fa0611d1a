// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Creation} from "./Creation.sol";
import {HeaderBuilder} from "./HeaderBuilder.sol";
import {SealedHeaderBuilder} from "./SealedHeaderBuilder.sol";
import {ISealedHeaderLightClient} from "xdm/contracts/omnichain/interfaces/ISealedHeaderLightClient.sol";
import {ETHEREUM_HEADER} from "xdm/contracts/omnichain/types/HeaderLayout.sol";
import {SealScheme, SealedHeader} from "xdm/contracts/omnichain/types/SealedHeader.sol";

/// @notice A chain whose validators the test plays, and a light client of it.
abstract contract SealedHeaderTest is Test {
    uint256 internal constant HEAD = 1000;
    uint256 internal constant HEAD_TIMESTAMP = 1_700_000_000;
    uint256 internal constant TRUSTING_PERIOD = 7 days;

    ISealedHeaderLightClient internal client;
    SealScheme internal scheme;

    function setUp() public virtual {
        vm.warp(HEAD_TIMESTAMP + 60);
        _deploy(SealScheme.Qbft);
    }

    function _deploy(SealScheme scheme_) internal {
        scheme = scheme_;
        client = _create(_configuration());
    }

    function _create(ISealedHeaderLightClient.Configuration memory configuration)
        internal
        returns (ISealedHeaderLightClient)
    {
        return ISealedHeaderLightClient(
            Creation.create("SealedHeaderLightClient.sol:SealedHeaderLightClient", abi.encode(configuration))
        );
    }

    function _configuration() internal view returns (ISealedHeaderLightClient.Configuration memory configuration) {
        configuration.chainId = 1337;
        configuration.historyWindow = 8191;
        configuration.trustingPeriod = TRUSTING_PERIOD;
        configuration.scheme = scheme;
        configuration.headerLayout = ETHEREUM_HEADER;
        configuration.number = HEAD;
        configuration.blockHash = keccak256("head");
        configuration.timestamp = HEAD_TIMESTAMP;
        configuration.validators = _addresses(_keys(1, 4));
    }

    /// @dev Keys of `count` validators, numbered on from the first.
    function _keys(uint256 first, uint256 count) internal pure returns (uint256[] memory keys) {
        keys = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            keys[i] = 0xa11ce + first + i;
        }
    }

    function _addresses(uint256[] memory keys) internal pure returns (address[] memory addresses) {
        addresses = new address[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            addresses[i] = vm.addr(keys[i]);
        }
    }

    function _template(uint256 number) internal pure returns (HeaderBuilder.Template memory template) {
        template.number = number;
        template.timestamp = HEAD_TIMESTAMP + number - HEAD;
        template.parentHash = keccak256(abi.encode(number - 1));
        template.rest = 3;
    }

    /// @dev The block of a height, sealed in round 0 by some of the first four validators.
    function _sealed(uint256 number, uint256[] memory sealers) internal view returns (SealedHeader memory) {
        return _sealed(_template(number), _addresses(_keys(1, 4)), sealers, 0);
    }

    function _sealed(
        HeaderBuilder.Template memory template,
        address[] memory validators,
        uint256[] memory sealers,
        uint32 round
    ) internal view returns (SealedHeader memory sealedHeader) {
        bytes32 digest = SealedHeaderBuilder.digest(template, scheme, validators, round);
        sealedHeader.header = HeaderBuilder.encode(template);
        sealedHeader.round = round;
        for (uint256 i = 0; i < sealers.length; ++i) {
            sealedHeader.seals = bytes.concat(sealedHeader.seals, _seal(digest, sealers[i]));
        }
    }

    function _seal(bytes32 digest, uint256 key) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v - 27);
    }

    function _rlp(address[] memory validators) internal pure returns (bytes memory list) {
        for (uint256 i = 0; i < validators.length; ++i) {
            list = bytes.concat(list, hex"94", bytes20(validators[i]));
        }
        list = bytes.concat(
            list.length < 56
                ? abi.encodePacked(uint8(0xc0 + list.length))
                : abi.encodePacked(hex"f8", uint8(list.length)),
            list
        );
    }
}
