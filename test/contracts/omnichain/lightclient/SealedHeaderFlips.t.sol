// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SealedHeaderTest} from "../../support/omnichain/SealedHeaderTest.sol";
import {SealScheme, SealedHeader} from "xdm/contracts/omnichain/types/SealedHeader.sol";

/// @notice No bit of a sealed header can be changed: of one that lists another set, so that every field is in use.
contract SealedHeaderFlipsTest is SealedHeaderTest {
    function test_RevertWhen_AnyFieldOfAQbftHeaderIsFlipped() public {
        _assertRefusedWithEachByteFlipped(SealScheme.Qbft);
    }

    function test_RevertWhen_AnyFieldOfAnIbft2HeaderIsFlipped() public {
        _assertRefusedWithEachByteFlipped(SealScheme.Ibft2);
    }

    function test_RevertWhen_AnyFieldOfAnIstanbulHeaderIsFlipped() public {
        _assertRefusedWithEachByteFlipped(SealScheme.Istanbul);
    }

    function _assertRefusedWithEachByteFlipped(SealScheme scheme_) private {
        _deploy(scheme_);
        SealedHeader memory sealedHeader = _sealed(_template(HEAD + 1), _addresses(_keys(1, 5)), _keys(1, 5), 0);
        bytes memory list = _rlp(_addresses(_keys(1, 4)));

        for (uint256 i = 0; i < 32; ++i) {
            sealedHeader.round ^= uint32(1 << i);
            assertFalse(_isTaken(sealedHeader, list), "round");
            sealedHeader.round ^= uint32(1 << i);
        }
        _flipEach(sealedHeader.header, sealedHeader, list);
        _flipEach(sealedHeader.seals, sealedHeader, list);
        _flipEach(list, sealedHeader, list);
        assertTrue(_isTaken(sealedHeader, list));
    }

    /// @dev A bit of each byte of a part, which is one of the other two.
    function _flipEach(bytes memory part, SealedHeader memory sealedHeader, bytes memory list) private {
        for (uint256 i = 0; i < part.length; ++i) {
            bytes1 flip = bytes1(uint8(1 << (i % 8)));
            part[i] ^= flip;
            assertFalse(_isTaken(sealedHeader, list), vm.toString(i));
            part[i] ^= flip;
        }
    }

    function _isTaken(SealedHeader memory sealedHeader, bytes memory list) private returns (bool success) {
        (success,) = address(client).call(abi.encodeCall(client.update, (sealedHeader, list)));
    }
}
