// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {PermanentlyOwned} from "xdm/contracts/access/PermanentlyOwned.sol";
import {IChainStorageContainer} from "xdm/contracts/interfaces/IChainStorageContainer.sol";
import {IStateCommitmentChain} from "xdm/contracts/interfaces/IStateCommitmentChain.sol";
import {StateBatchTree} from "xdm/contracts/libraries/StateBatchTree.sol";
import {StateCommitment} from "xdm/contracts/libraries/StateCommitment.sol";
import {StateBatch, StateRootProof} from "xdm/contracts/types/StateBatch.sol";

contract StateCommitmentChainTest is LaneTest {
    bytes32 private constant ROOT = keccak256("batch root");

    // -------------------------------------------------------------------------------------------------- committing

    function test_AppendsBatches() public {
        vm.warp(1000);
        vm.expectEmit(address(scc));
        emit IStateCommitmentChain.StateBatchAppended(0, ROOT, 16, 0, 1000);
        _append(ROOT, 16);
        assertEq(container.get(0), keccak256(abi.encode(ROOT, 16, 0, 1000)));

        vm.warp(2000);
        vm.expectEmit(address(scc));
        emit IStateCommitmentChain.StateBatchAppended(1, ROOT, 65_536, 16, 2000);
        _append(ROOT, 65_536);

        assertEq(scc.getTotalBatches(), 2);
        assertEq(scc.getTotalElements(), 65_552);
        assertEq(container.get(1), keccak256(abi.encode(ROOT, 65_536, 16, 2000)));
    }

    function test_RevertWhen_AnyoneButTheProposerAppends() public {
        address[4] memory callers = [owner, challenger, guardian, alice];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IStateCommitmentChain.StateCommitmentChain_NotProposer.selector, callers[i])
            );
            scc.appendStateBatch(ROOT, 1, 0);
        }
    }

    function test_RevertWhen_TheRootIsZero() public {
        vm.prank(proposer);
        vm.expectRevert(IStateCommitmentChain.StateCommitmentChain_ZeroRoot.selector);
        scc.appendStateBatch(0, 1, 0);
    }

    function test_RevertWhen_TheSizeIsOutOfBounds() public {
        uint256[3] memory sizes = [uint256(0), 65_537, type(uint256).max];
        for (uint256 i = 0; i < sizes.length; ++i) {
            vm.prank(proposer);
            vm.expectRevert(abi.encodeWithSelector(StateBatchTree.StateBatchTree_SizeOutOfBounds.selector, sizes[i]));
            scc.appendStateBatch(ROOT, sizes[i], 0);
        }
    }

    function test_RevertWhen_TheBatchDoesNotStartWhereTheLastEnded() public {
        _append(ROOT, 16);
        uint256[4] memory starts = [uint256(0), 15, 17, type(uint256).max];
        for (uint256 i = 0; i < starts.length; ++i) {
            vm.prank(proposer);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IStateCommitmentChain.StateCommitmentChain_UnexpectedStart.selector, starts[i], 16
                )
            );
            scc.appendStateBatch(ROOT, 1, starts[i]);
        }
    }

    // ---------------------------------------------------------------------------------------------------- deleting

    function test_DeletesABatchAndAllLaterOnes() public {
        _append(ROOT, 10);
        StateBatch memory second = _append(ROOT, 20);
        _append(ROOT, 30);
        _append(ROOT, 40);

        vm.expectEmit(address(scc));
        emit IStateCommitmentChain.StateBatchDeleted(1, ROOT);
        vm.prank(challenger);
        scc.deleteStateBatch(second);

        assertEq(scc.getTotalBatches(), 1);
        assertEq(scc.getTotalElements(), 10);
        vm.expectRevert(
            abi.encodeWithSelector(IChainStorageContainer.ChainStorageContainer_IndexOutOfBounds.selector, 1, 1)
        );
        container.get(1);
        assertEq(_append(keccak256("again"), 5).prevTotalElements, 10);
    }

    function test_DeletesUntilTheLastSecondOfTheWindow() public {
        StateBatch memory batch = _append(ROOT, 10);
        vm.warp(batch.timestamp + FRAUD_PROOF_WINDOW - 1);
        assertTrue(scc.insideFraudProofWindow(batch));
        vm.prank(challenger);
        scc.deleteStateBatch(batch);
        assertEq(scc.getTotalBatches(), 0);
    }

    function test_RevertWhen_AFinalizedBatchIsDeleted() public {
        StateBatch memory batch = _append(ROOT, 10);
        uint256 endedAt = batch.timestamp + FRAUD_PROOF_WINDOW;
        vm.warp(endedAt);
        assertFalse(scc.insideFraudProofWindow(batch));

        address[4] memory callers = [challenger, owner, proposer, guardian];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                callers[i] == challenger
                    ? abi.encodeWithSelector(
                        IStateCommitmentChain.StateCommitmentChain_OutsideFraudProofWindow.selector, 0, endedAt
                    )
                    : abi.encodeWithSelector(
                        IStateCommitmentChain.StateCommitmentChain_NotChallenger.selector, callers[i]
                    )
            );
            scc.deleteStateBatch(batch);
        }
        assertEq(scc.getTotalBatches(), 1);
    }

    function test_RevertWhen_AnyoneButTheChallengerDeletes() public {
        StateBatch memory batch = _append(ROOT, 10);
        address[3] memory callers = [owner, proposer, alice];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IStateCommitmentChain.StateCommitmentChain_NotChallenger.selector, callers[i])
            );
            scc.deleteStateBatch(batch);
        }
    }

    /// @dev A batch that claims a later timestamp would be deletable after its window.
    function test_RevertWhen_ABatchThatIsNotStoredIsDeleted() public {
        StateBatch memory batch = _append(ROOT, 10);
        for (uint256 i = 0; i < 4; ++i) {
            StateBatch memory changed =
                StateBatch(0, batch.batchRoot, batch.batchSize, batch.prevTotalElements, batch.timestamp);
            if (i == 0) changed.batchRoot = keccak256("other");
            if (i == 1) changed.batchSize = 11;
            if (i == 2) changed.prevTotalElements = 1;
            if (i == 3) changed.timestamp += 1;

            vm.prank(challenger);
            vm.expectRevert(
                abi.encodeWithSelector(
                    StateCommitment.StateCommitmentChain_BatchMismatch.selector, 0, batch.hash(), changed.hash()
                )
            );
            scc.deleteStateBatch(changed);
        }
        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        scc.insideFraudProofWindow(StateBatch(0, ROOT, 11, 0, batch.timestamp));
    }

    // --------------------------------------------------------------------------------------------------- verifying

    function test_VerifiesAStateRootFromTheSecondTheWindowEnds() public {
        bytes32 stateRoot = keccak256("state root");
        StateRootProof memory proof = _commit(stateRoot, 3, 7);
        uint256 endsAt = proof.timestamp + FRAUD_PROOF_WINDOW;
        vm.warp(endsAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(StateCommitment.StateCommitmentChain_InsideFraudProofWindow.selector, 0, endsAt)
        );
        scc.verifyStateCommitment(stateRoot, proof);

        vm.warp(endsAt);
        scc.verifyStateCommitment(stateRoot, proof);
        vm.expectPartialRevert(StateCommitment.StateCommitmentChain_BatchMismatch.selector);
        scc.verifyStateCommitment(keccak256("another"), proof);
    }

    // ------------------------------------------------------------------------------------------------------- roles

    function test_TheOwnerNamesProposerAndChallenger() public {
        vm.expectEmit(address(scc));
        emit IStateCommitmentChain.ProposerChanged(proposer, alice);
        vm.prank(owner);
        scc.setProposer(alice);
        vm.expectEmit(address(scc));
        emit IStateCommitmentChain.ChallengerChanged(challenger, alice);
        vm.prank(owner);
        scc.setChallenger(alice);

        assertEq(scc.proposer(), alice);
        assertEq(scc.challenger(), alice);
        vm.prank(alice);
        scc.appendStateBatch(ROOT, 1, 0);
    }

    function test_ANewProposerKeepsTheCount() public {
        _append(ROOT, 16);
        vm.prank(owner);
        scc.setProposer(alice);
        assertEq(scc.getTotalElements(), 16);
    }

    function test_RevertWhen_AnyoneButTheOwnerNamesRoles() public {
        address[3] memory callers = [proposer, challenger, alice];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.startPrank(callers[i]);
            vm.expectRevert(abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", callers[i]));
            scc.setProposer(alice);
            vm.expectRevert(abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", callers[i]));
            scc.setChallenger(alice);
            vm.stopPrank();
        }
    }

    function test_RevertWhen_ARoleWouldBeNobodys() public {
        vm.startPrank(owner);
        vm.expectRevert(IStateCommitmentChain.StateCommitmentChain_ZeroRole.selector);
        scc.setProposer(address(0));
        vm.expectRevert(IStateCommitmentChain.StateCommitmentChain_ZeroRole.selector);
        scc.setChallenger(address(0));
        vm.expectRevert(PermanentlyOwned.PermanentlyOwned_NotRenounceable.selector);
        scc.renounceOwnership();
        vm.stopPrank();
        assertEq(scc.owner(), owner);
    }

    function test_OwnershipIsHandedOverInTwoSteps() public {
        vm.prank(owner);
        scc.transferOwnership(alice);
        assertEq(scc.owner(), owner);
        vm.prank(alice);
        scc.acceptOwnership();
        assertEq(scc.owner(), alice);
    }

    // -------------------------------------------------------------------------------------------------- deployment

    function test_TheWindowIsBounded() public {
        uint256[3] memory wrong = [uint256(0), 365 days + 1, type(uint256).max];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IStateCommitmentChain.StateCommitmentChain_WindowOutOfBounds.selector, wrong[i], 365 days
                )
            );
            _deployWithWindow(wrong[i]);
        }
        assertEq(_deployWithWindow(1).FRAUD_PROOF_WINDOW(), 1);
        assertEq(_deployWithWindow(365 days).FRAUD_PROOF_WINDOW(), 365 days);
    }

    function test_TheContainerIsWrittenByItsOwnerAlone() public {
        assertEq(container.owner(), address(scc));
        address[3] memory callers = [owner, proposer, address(l1Messenger)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.startPrank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IChainStorageContainer.ChainStorageContainer_NotOwner.selector, callers[i])
            );
            container.push(ROOT);
            vm.expectRevert(
                abi.encodeWithSelector(IChainStorageContainer.ChainStorageContainer_NotOwner.selector, callers[i])
            );
            container.deleteElementsAfterInclusive(0);
            vm.stopPrank();
        }
    }

    function test_TheContainerCutsOffAndGoesOn() public {
        IChainStorageContainer own = IChainStorageContainer(_create("ChainStorageContainer", abi.encode(address(this))));
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(own.push(bytes32(i + 1)), i);
        }
        own.deleteElementsAfterInclusive(2);
        assertEq(own.length(), 2);
        assertEq(own.get(1), bytes32(uint256(2)));
        vm.expectRevert(
            abi.encodeWithSelector(IChainStorageContainer.ChainStorageContainer_IndexOutOfBounds.selector, 2, 2)
        );
        own.get(2);
        vm.expectRevert(
            abi.encodeWithSelector(IChainStorageContainer.ChainStorageContainer_IndexOutOfBounds.selector, 2, 2)
        );
        own.deleteElementsAfterInclusive(2);
        assertEq(own.push(bytes32(uint256(9))), 2);
        assertEq(own.get(2), bytes32(uint256(9)));
    }

    function _deployWithWindow(uint256 window) private returns (IStateCommitmentChain) {
        bytes memory configuration =
            abi.encode(IStateCommitmentChain.Configuration(owner, proposer, challenger, address(container), window, 0));
        return IStateCommitmentChain(_create("StateCommitmentChain", configuration));
    }
}
