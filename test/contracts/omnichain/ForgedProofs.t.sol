// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {RawTarget} from "../support/omnichain/RawTarget.sol";
import {ReceiptBuilder} from "../support/omnichain/ReceiptBuilder.sol";
import {MerkleTrie} from "xdm/contracts/libraries/MerkleTrie.sol";
import {RLP} from "xdm/contracts/libraries/RLP.sol";
import {IChainRegistry} from "xdm/contracts/omnichain/interfaces/IChainRegistry.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {EnvelopeCodec} from "xdm/contracts/omnichain/libraries/EnvelopeCodec.sol";
import {MessageDataCodec} from "xdm/contracts/omnichain/libraries/MessageDataCodec.sol";
import {ReceiptProof} from "xdm/contracts/omnichain/libraries/ReceiptProof.sol";
import {MessageData} from "xdm/contracts/omnichain/types/MessageData.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";

/// @notice Proofs of what did not happen, each refused by an error of its own; and of what did happen, in odd company.
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

    function test_RevertWhen_AByteOfTheHeaderIsFlipped() public {
        bytes memory proof = leg.proof;
        for (uint256 i = 3; i < leg.parts.header.length; i += 7) {
            leg.proof = bytes.concat(proof);
            leg.proof[i] ^= 0x01;
            vm.chainId(RELAY);
            (bool success,) = address(services[RELAY])
                .call(abi.encodeCall(IOmnichainService.transferInWithIndex, (A, leg.logIndex, leg.proof)));
            assertFalse(success);
        }
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
        vm.expectRevert();
        _deliver(RELAY, leg);
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

    // ------------------------------------------------------------------------------- services that do not keep the rules

    function test_RevertWhen_AServiceSpeaksForAnotherChain() public {
        Leg memory forged = _describe(B, RELAY, _message(RELAY, "forged"));
        forged = _forge(A, B, RELAY, forged);
        vm.expectRevert(abi.encodeWithSelector(IOmnichainService.OmnichainService_WrongSource.selector, A, B));
        _deliver(RELAY, forged);
    }

    function test_RevertWhen_AServiceSpeaksForTheRelayChain() public {
        Leg memory forged = _describe(RELAY, B, _message(B, "forged"));
        forged = _forge(A, RELAY, B, forged);
        vm.expectRevert(abi.encodeWithSelector(IOmnichainService.OmnichainService_WrongSource.selector, A, RELAY));
        _deliver(RELAY, forged);
    }

    function test_RevertWhen_TheRelayChainSpeaksForTheDestination() public {
        Leg memory forged = _describe(A, B, _message(B, "forged"));
        forged = _forge(RELAY, B, B, forged);
        vm.expectRevert(abi.encodeWithSelector(IChainRegistry.ChainRegistry_UnknownChain.selector, B));
        _deliver(B, forged);
    }

    function test_RevertWhen_TheSourceIsNotKnownOnTheDestination() public {
        Leg memory forged = _forge(RELAY, 9, B, _describe(A, B, _message(B, "forged")));
        vm.expectRevert(abi.encodeWithSelector(IChainRegistry.ChainRegistry_UnknownChain.selector, 9));
        _deliver(B, forged);
    }

    function test_RevertWhen_TheDestinationIsTheSource() public {
        Leg memory forged = _forge(A, A, A, _describe(A, A, _message(A, "back")));
        vm.expectRevert(abi.encodeWithSelector(IOmnichainService.OmnichainService_WrongDestination.selector, A));
        _deliver(RELAY, forged);
    }

    function test_RevertWhen_TheDestinationIsAnotherChain() public {
        Leg memory onward = _forward(_send(A, B, _message(B, "hello")), B);
        _finalize(A, RELAY, onward.blockNumber, keccak256(onward.parts.header));
        vm.expectRevert(abi.encodeWithSelector(IOmnichainService.OmnichainService_WrongDestination.selector, B));
        _deliver(A, onward);
        vm.expectRevert(IOmnichainService.OmnichainService_NothingToDeliver.selector);
        services[A].transferIn(RELAY, onward.proof);
    }

    function test_RevertWhen_TheDestinationServiceIsAnother() public {
        uint256[2] memory to = [RELAY, B];
        for (uint256 i = 0; i < 2; ++i) {
            Leg memory forged = _describe(A, to[i], _message(to[i], "forged"));
            forged.callData = abi.encode(uint256(1), alice, uint256(77), abi.encode(_message(to[i], "forged")));
            bytes memory expected = abi.encodeWithSelector(
                IOmnichainService.OmnichainService_WrongDestinationService.selector, services[to[i]], alice
            );
            Leg memory shown = _forge(A, A, to[i], forged);
            vm.expectRevert(expected);
            _deliver(RELAY, shown);
        }
        Leg memory atB = _describe(A, B, _message(B, "forged"));
        atB.callData = abi.encode(uint256(1), alice, uint256(77), abi.encode(_message(B, "forged")));
        atB = _forge(RELAY, A, B, atB);
        vm.expectPartialRevert(IOmnichainService.OmnichainService_WrongDestinationService.selector);
        _deliver(B, atB);
    }

    function test_RevertWhen_AnAnswerComesFromAnotherChainThanTheRelayChain() public {
        Leg memory forged = _describe(A, RELAY, _message(RELAY, "question"));
        bytes memory answer = abi.encode(_message(RELAY, "answer"));
        bytes32 original = keccak256(abi.encode(_message(RELAY, "question")));
        forged.callData = abi.encode(2, address(services[RELAY]), 77, answer, original);
        forged = _forge(A, A, RELAY, forged);
        vm.expectRevert(abi.encodeWithSelector(IOmnichainService.OmnichainService_VersionRefused.selector, 2));
        _deliver(RELAY, forged);
    }

    function test_RevertWhen_AnAnswerIsToWhatTheRelayChainSent() public {
        Leg memory forged = _describe(RELAY, B, _message(B, "question"));
        bytes32 original = keccak256(abi.encode(_message(B, "question")));
        forged.callData = abi.encode(2, address(services[B]), 77, abi.encode(_message(B, "answer")), original);
        forged = _forge(RELAY, RELAY, B, forged);
        vm.expectRevert(abi.encodeWithSelector(IOmnichainService.OmnichainService_VersionRefused.selector, 2));
        _deliver(B, forged);
    }

    function test_RevertWhen_TheVersionIsUnknown() public {
        leg.callData[31] = 0x03;
        leg = _forge(A, A, RELAY, leg);
        vm.expectRevert(abi.encodeWithSelector(EnvelopeCodec.EnvelopeCodec_UnknownVersion.selector, 3));
        _deliver(RELAY, leg);
    }

    function test_RevertWhen_AMessageThatAsksForTheRelayChainComesToItsDestination() public {
        for (uint256 onChain = RELAY; onChain <= B; ++onChain) {
            MessageData memory message = _message(onChain, "question");
            message.relay = true;
            uint256 emitter = onChain == B ? RELAY : A;
            Leg memory forged = _forge(emitter, A, onChain, _describe(A, onChain, message));
            vm.expectRevert(abi.encodeWithSelector(IOmnichainService.OmnichainService_NoRelayBetween.selector, onChain));
            _deliver(onChain, forged);
        }
    }

    function test_RevertWhen_TheMessageDataIsMalformed() public {
        bytes memory data = abi.encode(false, uint8(1), abi.encodePacked(alice), "fields one by one", GAS_LIMIT, 0);
        for (uint256 toChain = RELAY; toChain <= B; ++toChain) {
            Leg memory forged = _describe(A, toChain, _message(toChain, ""));
            forged.callData = abi.encode(uint256(1), address(services[toChain]), uint256(77), data);
            forged.orderId = _orderId(A, toChain, forged.fromAddress, keccak256(data));
            forged = _forge(A, A, toChain, forged);
            vm.expectRevert(MessageDataCodec.MessageDataCodec_Malformed.selector);
            _deliver(RELAY, forged);
        }
    }

    // -------------------------------------------------------------------------------------------------- odd company

    function test_EveryTypeOfReceiptIsRead() public {
        uint8[6] memory types = [0, 1, 2, 3, 4, 0x7e];
        for (uint256 i = 0; i < types.length; ++i) {
            receiptType = types[i];
            leg = _send(A, RELAY, _message(RELAY, "hello"));
            _deliver(RELAY, leg);
        }
        assertEq(counterparts[RELAY].count(), types.length);
    }

    function test_RevertWhen_TheTypeOfTheReceiptIsUnknown() public {
        uint8[3] memory types = [5, 0x7d, 0x7f];
        for (uint256 i = 0; i < types.length; ++i) {
            receiptType = types[i];
            leg = _send(A, RELAY, _message(RELAY, "hello"));
            vm.expectRevert(abi.encodeWithSelector(ReceiptProof.ReceiptProof_UnknownType.selector, types[i]));
            _deliver(RELAY, leg);
        }
    }

    function test_AMessageIsReadAtEveryPlaceOfABlock() public {
        uint256[6] memory places = [uint256(0), 1, 127, 128, 129, 139];
        blockSize = 140;
        for (uint256 i = 0; i < places.length; ++i) {
            place = places[i];
            leg = _send(A, RELAY, _message(RELAY, "hello"));
            _deliver(RELAY, leg);
        }
        assertEq(counterparts[RELAY].count(), places.length);
    }

    function test_ATransactionAloneInItsBlockIsRead() public {
        (blockSize, place) = (1, 0);
        leg = _send(A, RELAY, _message(RELAY, "hello"));
        _deliver(RELAY, leg);
        assertEq(counterparts[RELAY].count(), 1);
    }

    function test_ManyLogsOfOthersDoNoHarm() public {
        Vm.Log[] memory logs = new Vm.Log[](300);
        for (uint256 i = 0; i < logs.length; ++i) {
            logs[i] = ReceiptBuilder.transfer(i)[0];
            if (i % 5 == 1) logs[i].topics = new bytes32[](i % 3);
            if (i % 5 == 2) logs[i].data = new bytes(i % 100);
        }
        logs[200] = _messageLog(A, A, RELAY, leg)[0];
        // What another contract says in the service's words.
        logs[100] = _messageLog(A, A, RELAY, leg)[0];
        logs[100].emitter = alice;
        leg = _legOf(A, RELAY, logs);
        vm.chainId(RELAY);
        services[RELAY].transferIn(A, leg.proof);
        assertEq(counterparts[RELAY].count(), 1);
    }

    function test_AReceiptAsLargeAsATransactionCarriesIsRead() public {
        Vm.Log[] memory logs = new Vm.Log[](2);
        logs[0] = ReceiptBuilder.transfer(0)[0];
        logs[0].data = new bytes(60_000);
        RawTarget target = new RawTarget();
        target.allow(services[RELAY], A, address(counterparts[A]));
        leg = _describe(A, RELAY, _messageTo(address(target), new bytes(65_536 - 0x140)));
        logs[1] = _messageLog(A, A, RELAY, leg)[0];
        leg = _legOf(A, RELAY, logs);
        _deliver(RELAY, leg);
        assertEq(target.count(), 1);
    }

    function test_AReceiptOfSeveralMessagesIsDeliveredAtOnce() public {
        Vm.Log[] memory logs = new Vm.Log[](3);
        logs[0] = _messageLog(A, A, RELAY, _describe(A, RELAY, _message(RELAY, "one")))[0];
        logs[1] = _messageLog(A, A, B, _describe(A, B, _message(B, "two")))[0];
        logs[2] = _messageLog(A, A, RELAY, _describe(A, RELAY, _message(RELAY, "three")))[0];
        leg = _legOf(A, RELAY, logs);
        leg.logIndex = 2;
        _deliver(RELAY, leg);
        services[RELAY].transferIn(A, leg.proof);
        assertEq(counterparts[RELAY].count(), 2);
        Leg memory second = _describe(A, B, _message(B, "two"));
        _assertStatus(RELAY, A, second, DeliveryStatus.Relayed);
    }

    function test_AReceiptWithMessagesToSeveralChainsIsDeliveredOnEach() public {
        Vm.Log[] memory logs = new Vm.Log[](2);
        logs[0] = _messageLog(RELAY, RELAY, A, _describe(RELAY, A, _message(A, "to A")))[0];
        logs[1] = _messageLog(RELAY, RELAY, B, _describe(RELAY, B, _message(B, "to B")))[0];
        leg = _legOf(RELAY, B, logs);
        _finalize(A, RELAY, leg.blockNumber, keccak256(leg.parts.header));
        for (uint256 chainId = A; chainId <= B; chainId += 2) {
            vm.chainId(chainId);
            services[chainId].transferIn(RELAY, leg.proof);
            assertEq(counterparts[chainId].count(), 1);
        }
    }

    function test_TheStateOfAnOrderIsAsked() public {
        (bool exists, bool verifiable, uint256 kind) = services[RELAY].getOrderStatus(A, leg.blockNumber, leg.orderId);
        assertFalse(exists);
        assertTrue(verifiable);
        assertEq(kind, uint256(clients[RELAY][A].kind()));
        (, verifiable,) = services[RELAY].getOrderStatus(A, leg.blockNumber + 1, leg.orderId);
        assertFalse(verifiable);

        // On B, a block of the relay chain shows what A sent.
        Leg memory onward = _forward(_send(A, B, _message(B, "hello")), B);
        _deliver(B, onward);
        (exists, verifiable,) = services[B].getOrderStatus(A, onward.blockNumber, onward.orderId);
        assertTrue(exists && verifiable);

        _freeze(RELAY, A);
        (, verifiable,) = services[RELAY].getOrderStatus(A, leg.blockNumber, leg.orderId);
        assertFalse(verifiable);
    }
}
