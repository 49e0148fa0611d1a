// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SyncCommitteeTest} from "../../support/omnichain/SyncCommitteeTest.sol";
import {SyncCommitteeUpdate} from "xdm/contracts/omnichain/types/SyncCommittee.sol";

/// @notice No word of an update can be changed: of one that names a committee and has absent keys, so that every field
/// is in use.
abstract contract SyncCommitteeFlipsTest is SyncCommitteeTest {
    uint64 private constant SLOT = 24;

    bytes private accepted;

    function setUp() public override {
        super.setUp();
        _warpToSlot(60);
        accepted = abi.encodeCall(client.update, (_build(_withAbsent(_withNext(_scenario(SLOT)), 2))));
    }

    function test_TheUpdateIsTakenAsItIs() public {
        assertTrue(_isTaken(accepted));
        assertEq(client.finalizedSlot(), SLOT);
        assertEq(client.newestPeriod(), 1);
    }

    function test_RevertWhen_TheLowestBitOfAnyWordIsFlipped() public {
        _assertRefusedWithEachWordFlipped(1);
    }

    function test_RevertWhen_TheHighestBitOfAnyWordIsFlipped() public {
        _assertRefusedWithEachWordFlipped(1 << 255);
    }

    /// @dev In words of calldata, offsets and lengths among them.
    function _assertRefusedWithEachWordFlipped(uint256 flip) private {
        bytes memory input = accepted;
        uint256 words = (input.length - 4) / 32;
        assertGt(words, 70);
        for (uint256 i = 0; i < words; ++i) {
            _flip(input, i, flip);
            assertFalse(_isTaken(input), string.concat("word ", vm.toString(i)));
            _flip(input, i, flip);
        }
        assertEq(input, accepted);
    }

    function _flip(bytes memory input, uint256 word, uint256 flip) private pure {
        assembly ("memory-safe") {
            let place := add(add(input, 36), mul(word, 32))
            mstore(place, xor(mload(place), flip))
        }
    }

    function _isTaken(bytes memory input) private returns (bool success) {
        (success,) = address(client).call{gas: 1_000_000}(input);
    }
}

contract FlipsOfA32KeyCommitteeTest is SyncCommitteeFlipsTest {
    function _size() internal pure override returns (uint64) {
        return 32;
    }
}

contract FlipsOfA512KeyCommitteeTest is SyncCommitteeFlipsTest {
    function _size() internal pure override returns (uint64) {
        return 512;
    }
}
