// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OmnichainTest} from "../support/omnichain/OmnichainTest.sol";
import {IChainRegistry} from "xdm/contracts/omnichain/interfaces/IChainRegistry.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {EnvelopeCodec} from "xdm/contracts/omnichain/libraries/EnvelopeCodec.sol";
import {MessageDataCodec} from "xdm/contracts/omnichain/libraries/MessageDataCodec.sol";
import {MessageData} from "xdm/contracts/omnichain/types/MessageData.sol";

/// @notice What is refused though a service of a known chain has logged it: one that does not keep the rules speaks for nobody
/// but its own chain.
contract BrokenServicesTest is OmnichainTest {
    Leg private leg;

    function setUp() public override {
        super.setUp();
        leg = _send(A, RELAY, _message(RELAY, "hello"));
    }

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
}
