// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";
import {IChainRegistry} from "xdm/contracts/omnichain/interfaces/IChainRegistry.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {ReceiptProof} from "xdm/contracts/omnichain/libraries/ReceiptProof.sol";

/// @notice Proofs of what did not happen, each refused by an error of its own.
contract ForgedProofsTest is OmnichainTest {
    Leg private leg;

    function setUp() public override {
        super.setUp();
        leg = _send(A, RELAY, _message(RELAY, "hello"));
    }

    // ------------------------------------------------------------------------------------------------------- blocks

    function test_RevertWhen_TheBlockIsNotKnown() public {
        leg = _unrecordedLeg(A, _messageLog(A, A, RELAY, leg));
        vm.expectRevert(abi.encodeWithSelector(ILightClient.LightClient_UnknownBlock.selector, leg.blockNumber));
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_TheHeaderIsAnotherOfTheSameNumber() public {
        Leg memory forged = _unrecordedLeg(A, _messageLog(A, A, RELAY, leg));
        _finalize(RELAY, A, forged.blockNumber, keccak256("final"));
        bytes32 actual = keccak256(forged.parts.header);
        vm.expectRevert(
            abi.encodeWithSelector(ILightClient.LightClient_HeaderMismatch.selector, keccak256("final"), actual)
        );
        _deliver(RELAY, forged);
    }

    function test_RevertWhen_TheHeaderIsAnotherChains() public {
        leg.chainId = B;
        vm.expectRevert(abi.encodeWithSelector(ILightClient.LightClient_UnknownBlock.selector, leg.blockNumber));
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_TheLightClientIsFrozen() public {
        _freeze(RELAY, A);
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_TheChainIsNotRegistered() public {
        leg.chainId = 9;
        vm.expectRevert(abi.encodeWithSelector(IChainRegistry.ChainRegistry_UnknownChain.selector, 9));
        _deliver(RELAY, leg);
    }

    /// @dev A and B do not read each other.
    function test_RevertWhen_TheChainIsNotRead() public {
        leg.chainId = A;
        vm.expectRevert(abi.encodeWithSelector(IChainRegistry.ChainRegistry_NotRead.selector, A));
        _deliver(B, leg);
    }

    // ----------------------------------------------------------------------------------------------------- receipts

    function test_RevertWhen_TheReceiptIsOfAnotherBlock() public {
        Leg memory other = _send(A, RELAY, _message(RELAY, "other"));
        leg.proof = bytes.concat(leg.parts.header, other.parts.key, other.parts.nodes);
        vm.expectPartialRevert(MerkleTrie.MerkleTrie_NodeMismatch.selector);
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_TheReceiptIsAnothersIndex() public {
        leg.proof = bytes.concat(leg.parts.header, hex"80", leg.parts.nodes);
        vm.expectPartialRevert(MerkleTrie.MerkleTrie_NodeMismatch.selector);
        _deliver(RELAY, leg);
    }

    /// @dev Header, index and nodes: nothing in a proof goes unauthenticated.
    function test_RevertWhen_AnyByteOfTheProofIsFlipped() public {
        vm.chainId(RELAY);
        bytes memory data = abi.encodeCall(IOmnichainService.transferIn, (A, leg.proof));
        // Behind the selector and the words for chain, offset and length.
        for (uint256 i = 4 + 96; i < 4 + 96 + leg.proof.length; ++i) {
            bytes1 flip = bytes1(uint8(1 << (i % 8)));
            data[i] ^= flip;
            (bool success,) = address(services[RELAY]).call(data);
            assertFalse(success, vm.toString(i));
            data[i] ^= flip;
        }
        (bool isTaken,) = address(services[RELAY]).call(data);
        assertTrue(isTaken);
    }

    function test_RevertWhen_TheTrieIsTruncated() public {
        leg.proof = bytes.concat(leg.parts.header, leg.parts.key);
        vm.expectRevert(MerkleTrie.MerkleTrie_ProofTooShort.selector);
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_TheLastNodeIsTruncated() public {
        bytes memory proof = leg.proof;
        assembly {
            mstore(proof, sub(mload(proof), 1))
        }
        leg.proof = proof;
        vm.expectPartialRevert(RLP.RLP_OutOfBounds.selector);
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_BytesFollowTheProof() public {
        leg.proof = bytes.concat(leg.proof, hex"00");
        vm.expectRevert(abi.encodeWithSelector(ReceiptProof.ReceiptProof_TrailingBytes.selector, 1));
        _deliver(RELAY, leg);
    }

    // --------------------------------------------------------------------------------------------------------- logs

    function test_RevertWhen_TheLogIsOfAnotherContract() public {
        Vm.Log[] memory logs = _messageLog(A, A, RELAY, leg);
        logs[0].emitter = alice;
        leg = _legOf(A, RELAY, logs);
        vm.expectRevert(
            abi.encodeWithSelector(IOmnichainService.OmnichainService_WrongEmitter.selector, services[A], alice)
        );
        _deliver(RELAY, leg);
        vm.expectRevert(IOmnichainService.OmnichainService_NothingToDeliver.selector);
        services[RELAY].transferIn(A, leg.proof);
    }

    function test_RevertWhen_TheLogIsOfAnotherChainsService() public {
        Vm.Log[] memory logs = _messageLog(B, A, RELAY, leg);
        leg = _legOf(A, RELAY, logs);
        vm.expectRevert(
            abi.encodeWithSelector(IOmnichainService.OmnichainService_WrongEmitter.selector, services[A], services[B])
        );
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_TheIndexIsAnothers() public {
        leg.logIndex += 1;
        vm.expectRevert(IOmnichainService.OmnichainService_NotAMessage.selector);
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_TheIndexIsBeyondTheLogs() public {
        leg.logIndex = 50;
        vm.expectRevert(abi.encodeWithSelector(ReceiptProof.ReceiptProof_NoSuchLog.selector, 50));
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_TheEventIsAnother() public {
        Vm.Log[] memory logs = _messageLog(A, A, RELAY, leg);
        logs[0].topics[0] = IOmnichainService.mapMessageIn.selector;
        leg = _legOf(A, RELAY, logs);
        vm.expectRevert(IOmnichainService.OmnichainService_NotAMessage.selector);
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_TheOrderIsOld() public {
        _deliver(RELAY, leg);
        vm.expectRevert(
            abi.encodeWithSelector(IOmnichainService.OmnichainService_AlreadyAttempted.selector, A, leg.orderId)
        );
        _deliver(RELAY, leg);
        vm.expectRevert(IOmnichainService.OmnichainService_NothingToDeliver.selector);
        services[RELAY].transferIn(A, leg.proof);
        assertEq(counterparts[RELAY].count(), 1);
    }

    /// @dev The same message in two logs of a receipt: a service that did that would be broken, and nothing comes of it.
    function test_AMessageThatIsLoggedTwiceIsDeliveredOnce() public {
        Vm.Log[] memory logs = new Vm.Log[](2);
        logs[0] = _messageLog(A, A, RELAY, leg)[0];
        logs[1] = logs[0];
        leg = _legOf(A, RELAY, logs);
        vm.chainId(RELAY);
        services[RELAY].transferIn(A, leg.proof);
        assertEq(counterparts[RELAY].count(), 1);
        leg.logIndex = 0;
        vm.expectPartialRevert(IOmnichainService.OmnichainService_AlreadyAttempted.selector);
        _deliver(RELAY, leg);
    }

    function test_AFailedOrderIsNotProvenAgain() public {
        counterparts[RELAY].refuse("no");
        _deliver(RELAY, leg);
        vm.expectPartialRevert(IOmnichainService.OmnichainService_AlreadyAttempted.selector);
        _deliver(RELAY, leg);
    }
}
