// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneTest} from "../support/LaneTest.sol";
import {Recorder} from "../support/targets/Recorder.sol";
import {PermanentlyOwned} from "xdm/contracts/access/PermanentlyOwned.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {IStateCommitmentChain} from "xdm/contracts/interfaces/IStateCommitmentChain.sol";
import {Lane} from "xdm/contracts/types/Lane.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";

/// @notice Pause, roles and wiring of the messengers.
contract RolesTest is LaneTest {
    Recorder private recorder;

    function setUp() public override {
        super.setUp();
        recorder = new Recorder(l1Messenger);
    }

    // ------------------------------------------------------------------------------------------------------- pause

    function test_APauseStopsRelayingAndLosesNothing() public {
        Message memory message = _sendFromL2(alice, address(recorder), _record(), 200_000, 0);
        MessageProof memory proof = _finalizedProof(message);
        vm.prank(guardian);
        l1Messenger.pause();
        assertTrue(l1Messenger.paused());

        vm.expectRevert(abi.encodeWithSignature("EnforcedPause()"));
        l1Messenger.relayMessage(message, proof);
        assertFalse(l1Messenger.relayedMessages(message.hash()));

        vm.prank(owner);
        l1Messenger.unpause();
        assertTrue(l1Messenger.relayMessage(message, proof));
    }

    function test_APauseStopsNothingElse() public {
        vm.prank(guardian);
        l1Messenger.pause();

        Message memory message = _sendFromL1(alice, makeAddr("target"), "", 100_000, 1 ether);
        l1Messenger.replayMessage(message, 1_000_000);
        assertTrue(_deliverDeposit(message, _baseGas(message)));
        assertTrue(l2Messenger.successfulMessages(message.hash()));
        _sendFromL2(alice, makeAddr("target"), "", 0, 1 ether);
        ctc.enqueue(alice, 100_000, "");
        _append(keccak256("root"), 1);
    }

    function test_RevertWhen_AnyoneButTheGuardianPauses() public {
        address[3] memory callers = [owner, proposer, alice];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IL1CrossDomainMessenger.L1CrossDomainMessenger_NotGuardian.selector, callers[i])
            );
            l1Messenger.pause();
        }
    }

    function test_RevertWhen_AnyoneButTheOwnerEndsAPause() public {
        vm.prank(guardian);
        l1Messenger.pause();
        address[2] memory callers = [guardian, alice];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", callers[i]));
            l1Messenger.unpause();
        }
    }

    // ---------------------------------------------------------------------------------------------------- guardian

    function test_TheOwnerNamesTheGuardian() public {
        vm.expectEmit(address(l1Messenger));
        emit IL1CrossDomainMessenger.GuardianChanged(guardian, alice);
        vm.prank(owner);
        l1Messenger.setGuardian(alice);

        assertEq(l1Messenger.guardian(), alice);
        vm.prank(alice);
        l1Messenger.pause();
    }

    function test_RevertWhen_TheGuardianWouldBeNobody() public {
        vm.prank(owner);
        vm.expectRevert(IL1CrossDomainMessenger.L1CrossDomainMessenger_ZeroGuardian.selector);
        l1Messenger.setGuardian(address(0));
    }

    function test_RevertWhen_AnyoneButTheOwnerNamesTheGuardian() public {
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", guardian));
        l1Messenger.setGuardian(alice);
    }

    function test_RevertWhen_TheOwnerGivesUp() public {
        vm.prank(owner);
        vm.expectRevert(PermanentlyOwned.PermanentlyOwned_NotRenounceable.selector);
        l1Messenger.renounceOwnership();
        assertEq(l1Messenger.owner(), owner);
    }

    function test_OwnershipIsHandedOverInTwoSteps() public {
        vm.prank(owner);
        l1Messenger.transferOwnership(alice);
        assertEq(l1Messenger.owner(), owner);
        vm.prank(alice);
        l1Messenger.acceptOwnership();
        assertEq(l1Messenger.owner(), alice);
    }

    // ------------------------------------------------------------------------------------------------------ wiring

    function test_TheMessengersKnowTheLane() public view {
        assertEq(l1Messenger.otherMessenger(), address(l2Messenger));
        assertEq(l2Messenger.otherMessenger(), address(l1Messenger));
        assertEq(l1Messenger.canonicalTransactionChain(), address(ctc));
        assertEq(l1Messenger.stateCommitmentChain(), address(scc));
        assertEq(l1Messenger.messagePasser(), address(passer));
        assertEq(l2Messenger.messagePasser(), address(passer));
        assertEq(scc.batches(), address(container));
        assertEq(ctc.l1Messenger(), address(l1Messenger));
        assertEq(ctc.l2Messenger(), address(l2Messenger));
        assertEq(passer.messenger(), address(l2Messenger));
        assertEq(ctc.maxBlockGas(), MAX_BLOCK_GAS);
        assertEq(container.owner(), address(scc));
        assertEq(scc.startBlock(), START_BLOCK);
        assertEq(scc.FRAUD_PROOF_WINDOW(), FRAUD_PROOF_WINDOW);
        ICrossDomainMessenger[2] memory messengers = [ICrossDomainMessenger(l1Messenger), l2Messenger];
        for (uint256 i = 0; i < 2; ++i) {
            assertEq(messengers[i].l1ChainId(), L1_CHAIN_ID);
            assertEq(messengers[i].l2ChainId(), L2_CHAIN_ID);
            assertTrue(messengers[i].valueEnabled());
            assertEq(messengers[i].MESSAGE_VERSION(), 1);
            assertEq(messengers[i].messageNonce() >> 240, 1);
        }
    }

    function test_RevertWhen_TheChainIdIsAnother() public {
        Lane memory l1Lane = _wiredOnL1(5);
        vm.chainId(L2_CHAIN_ID);
        _expectWrongLane(l1Lane.l1Messenger, L2_CHAIN_ID);
        _create("L1CrossDomainMessenger", abi.encode(l1Lane, owner, guardian));

        Lane memory l2Lane = _wiredOnL2();
        vm.chainId(L1_CHAIN_ID);
        _expectWrongLane(l2Lane.l2Messenger, L1_CHAIN_ID);
        _create("L2CrossDomainMessenger", abi.encode(l2Lane, address(0)));
    }

    function test_RevertWhen_TheAddressIsAnother() public {
        Lane memory l1Lane = _wiredOnL1(5);
        l1Lane.l1Messenger = alice;
        vm.chainId(L1_CHAIN_ID);
        vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_WrongLane.selector);
        _create("L1CrossDomainMessenger", abi.encode(l1Lane, owner, guardian));

        Lane memory l2Lane = _wiredOnL2();
        l2Lane.l2Messenger = alice;
        vm.chainId(L2_CHAIN_ID);
        vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_WrongLane.selector);
        _create("L2CrossDomainMessenger", abi.encode(l2Lane, address(0)));
    }

    /// @dev With another owner of the container, whoever that is could store any batch.
    function test_RevertWhen_TheContractsOnL1AreNotWiredAsTheLaneSays() public {
        vm.chainId(L1_CHAIN_ID);
        for (uint256 wrong = 0; wrong < 4; ++wrong) {
            Lane memory miswired = _wiredOnL1(wrong);
            _expectWrongLane(miswired.l1Messenger, L1_CHAIN_ID);
            _create("L1CrossDomainMessenger", abi.encode(miswired, owner, guardian));
        }
    }

    function test_RevertWhen_ThePasserIsNotTheMessengers() public {
        vm.chainId(L2_CHAIN_ID);
        Lane memory wrong = lane;
        wrong.l2Messenger = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));

        vm.expectRevert(
            abi.encodeWithSelector(
                ICrossDomainMessenger.CrossDomainMessenger_WrongLane.selector, wrong.l2Messenger, L2_CHAIN_ID
            )
        );
        _create("L2CrossDomainMessenger", abi.encode(wrong, address(0)));
    }

    function test_TheVaultCanBeFilledAtDeploymentAndOnlyThen() public {
        vm.chainId(L1_CHAIN_ID);
        Lane memory filled = _wiredOnL1(5);

        address messenger = deployCode(
            "L1CrossDomainMessenger.sol:L1CrossDomainMessenger", abi.encode(filled, owner, guardian), 7 ether
        );

        assertEq(address(messenger).balance, 7 ether);
        (bool success,) = address(messenger).call{value: 1}("");
        assertFalse(success);
    }

    /// @dev The lane's contracts on L1 for a messenger that is deployed next, with one of them wired wrongly: the
    /// container's owner, the chain's container, the queue's L1 messenger, the queue's L2 messenger, or none.
    function _wiredOnL1(uint256 wrong) private returns (Lane memory wired) {
        uint256 nonce = vm.getNonce(address(this));
        address other = makeAddr("other");
        wired = lane;
        wired.l1Messenger = vm.computeCreateAddress(address(this), nonce + 3);
        wired.stateCommitmentChain = vm.computeCreateAddress(address(this), nonce + 1);
        wired.batches = _create("ChainStorageContainer", abi.encode(wrong == 0 ? other : wired.stateCommitmentChain));
        IStateCommitmentChain.Configuration memory configuration = IStateCommitmentChain.Configuration(
            owner, proposer, challenger, wrong == 1 ? address(container) : wired.batches, FRAUD_PROOF_WINDOW, 0
        );
        assertEq(_create("StateCommitmentChain", abi.encode(configuration)), wired.stateCommitmentChain);
        wired.canonicalTransactionChain = _create(
            "CanonicalTransactionChain",
            abi.encode(wrong == 2 ? other : wired.l1Messenger, wrong == 3 ? other : wired.l2Messenger, MAX_BLOCK_GAS)
        );
    }

    function _wiredOnL2() private returns (Lane memory wired) {
        wired = lane;
        wired.l2Messenger = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        wired.messagePasser = _create("L2ToL1MessagePasser", abi.encode(wired.l2Messenger));
    }

    function _expectWrongLane(address self, uint256 chainId) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICrossDomainMessenger.CrossDomainMessenger_WrongLane.selector, self, chainId)
        );
    }

    function _record() private pure returns (bytes memory) {
        return abi.encodeCall(Recorder.record, ("a", "b", "c", "d"));
    }
}
