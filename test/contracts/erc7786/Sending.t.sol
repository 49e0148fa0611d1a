// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {GatewayTest} from "../support/GatewayTest.sol";
import {Inbox} from "../support/crosschain/Inbox.sol";
import {ICrossDomainGateway} from "xdm/contracts/interfaces/ICrossDomainGateway.sol";
import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IGatewayAttributes} from "xdm/contracts/interfaces/IGatewayAttributes.sol";

contract GatewaySendingTest is GatewayTest {
    Inbox private inbox;
    bytes[] private attributes;

    function setUp() public override {
        super.setUp();
        inbox = new Inbox();
    }

    // ------------------------------------------------------------------------------------------------------ events

    function test_AMessageFromL1NeedsNothingMore() public {
        vm.expectEmit(address(l1Gateway));
        emit IERC7786GatewaySource.MessageSent(0, _onL1(alice), _onL2(address(inbox)), "payload", 1 ether, noAttributes);
        assertEq(_sendFromL1(address(inbox), "payload", 1 ether), 0);

        relayToL2();
        assertEq(inbox.count(), 1);
    }

    function test_AMessageFromL2IsRelayedByItsSendId() public {
        bytes32 sendId = _sendFromL2(address(inbox), "payload", 0);

        assertTrue(relayToL1(sendId).success);
        assertEq(inbox.count(), 1);
    }

    function test_AnnouncesAMessageFromL2WithItsHash() public {
        attributes.push(_minGasLimit(70_000));
        uint256 state = vm.snapshotState();
        vm.prank(alice);
        bytes32 messageHash = l2Gateway.sendMessage(_onL1(address(inbox)), "payload", attributes);
        vm.revertToState(state);

        vm.expectEmit(address(l2Gateway));
        emit IERC7786GatewaySource.MessageSent(
            messageHash, _onL2(alice), _onL1(address(inbox)), "payload", 0, attributes
        );
        vm.prank(alice);
        l2Gateway.sendMessage(_onL1(address(inbox)), "payload", attributes);
    }

    // ------------------------------------------------------------------------------------------------- recipients

    function test_RevertWhen_TheRecipientIsOnAnotherChain() public {
        uint256[4] memory chainIds = [L1_CHAIN_ID, L2_CHAIN_ID + 1, 0, type(uint256).max];
        for (uint256 i = 0; i < chainIds.length; ++i) {
            _assertRefused(InteroperableAddress.formatEvmV1(chainIds[i], address(inbox)));
        }
    }

    function test_RevertWhen_TheRecipientHasNoAddressOrNoChain() public {
        _assertRefused("");
        _assertRefused(InteroperableAddress.formatEvmV1(L2_CHAIN_ID));
        _assertRefused(InteroperableAddress.formatEvmV1(address(inbox)));
        _assertRefused(InteroperableAddress.formatV1(0x0000, hex"0385", abi.encodePacked(address(inbox), hex"00")));
        _assertRefused(InteroperableAddress.formatV1(0x0000, hex"0385", abi.encode(address(inbox))));
    }

    function test_RevertWhen_TheRecipientIsNotOfAnEvmChain() public {
        _assertRefused(InteroperableAddress.formatV1(0x0002, hex"0385", abi.encodePacked(address(inbox))));
    }

    function test_RevertWhen_TheRecipientIsEncodedInAnotherWay() public {
        _assertRefused(bytes.concat(_onL2(address(inbox)), hex"00"));
        // A leading zero, and as many as fit.
        _assertRefused(InteroperableAddress.formatV1(0x0000, hex"000385", abi.encodePacked(address(inbox))));
        bytes memory padded = abi.encode(L2_CHAIN_ID);
        _assertRefused(InteroperableAddress.formatV1(0x0000, padded, abi.encodePacked(address(inbox))));
        bytes memory cut = _onL2(address(inbox));
        for (uint256 length = 0; length < cut.length; ++length) {
            bytes memory prefix = new bytes(length);
            for (uint256 i = 0; i < length; ++i) {
                prefix[i] = cut[i];
            }
            _assertRefused(prefix);
        }
        cut[1] = 0x02;
        _assertRefused(cut);
    }

    /// @dev Version, chain type, chain id and both lengths: all but the address.
    function testFuzz_RevertWhen_AnyByteBeforeTheAddressDiffers(uint256 index, bytes1 difference) public {
        vm.assume(difference != 0);
        bytes memory recipient = _onL2(address(inbox));
        recipient[bound(index, 0, recipient.length - 21)] ^= difference;
        _assertRefused(recipient);
    }

    function test_RevertWhen_TheRecipientIsTheOtherGatewayOrMessenger() public {
        _assertRefusedByName(address(l2Gateway), address(l1Gateway));
        _assertRefusedByName(address(l2Messenger), address(l1Messenger));
    }

    /// @dev It never has code, so that a message to it fails for ever, and keeps its value.
    function test_RevertWhen_TheRecipientIsTheZeroAddress() public {
        _assertRefusedByName(address(0), address(0));
    }

    // ------------------------------------------------------------------------------------------------- attributes

    function test_SupportsMinGasLimitAlone() public view {
        assertTrue(l1Gateway.supportsAttribute(bytes4(keccak256("minGasLimit(uint256)"))));
        assertFalse(l1Gateway.supportsAttribute(0));
        assertFalse(l1Gateway.supportsAttribute(bytes4(keccak256("minGasLimit(uint32)"))));
    }

    function test_RevertWhen_AnAttributeIsNotSupported() public {
        attributes.push(_minGasLimit(1));
        attributes.push(abi.encodeWithSignature("requestRefund(address)", alice));
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC7786GatewaySource.UnsupportedAttribute.selector, bytes4(keccak256("requestRefund(address)"))
            )
        );
        l1Gateway.sendMessage(_onL2(address(inbox)), "", attributes);
    }

    function test_RevertWhen_AnAttributeIsMalformed() public {
        bytes4 selector = IGatewayAttributes.minGasLimit.selector;
        bytes[6] memory malformed = [
            bytes(""),
            hex"39f87b",
            abi.encodePacked(selector),
            abi.encodePacked(selector, uint32(1)),
            abi.encodePacked(_minGasLimit(1), uint8(0)),
            _minGasLimit(uint256(type(uint32).max) + 1)
        ];
        attributes.push();
        for (uint256 i = 0; i < malformed.length; ++i) {
            attributes[0] = malformed[i];
            vm.expectRevert(
                abi.encodeWithSelector(ICrossDomainGateway.CrossDomainGateway_MalformedAttribute.selector, malformed[i])
            );
            l1Gateway.sendMessage(_onL2(address(inbox)), "", attributes);
        }
    }

    function test_RevertWhen_AnAttributeIsGivenTwice() public {
        attributes.push(_minGasLimit(1));
        attributes.push(_minGasLimit(1));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICrossDomainGateway.CrossDomainGateway_DuplicateAttribute.selector,
                IGatewayAttributes.minGasLimit.selector
            )
        );
        l1Gateway.sendMessage(_onL2(address(inbox)), "", attributes);
    }

    function test_RevertWhen_NoTransactionCanCarryTheGas() public {
        // With what comes on top, the second is 228 more than 32 bits hold.
        uint256[3] memory limits = [uint256(16_777_216), 4_227_837_000, type(uint32).max];
        attributes.push();
        for (uint256 i = 0; i < limits.length; ++i) {
            attributes[0] = _minGasLimit(limits[i]);
            vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_GasLimitTooHigh.selector);
            l1Gateway.sendMessage(_onL2(address(inbox)), "", attributes);
            vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_GasLimitTooHigh.selector);
            l2Gateway.sendMessage(_onL1(address(inbox)), "", attributes);
        }
    }

    function test_RevertWhen_ThePayloadIsLargerThanAMessage() public {
        bytes memory payload = new bytes(99_809);
        vm.expectPartialRevert(ICrossDomainMessenger.CrossDomainMessenger_DataTooLarge.selector);
        l1Gateway.sendMessage(_onL2(address(inbox)), payload, noAttributes);
    }

    // ------------------------------------------------------------------------------------------------------ wiring

    function test_KnowsMessengerAndCounterpart() public view {
        assertEq(address(l1Gateway.messenger()), address(l1Messenger));
        assertEq(l1Gateway.remoteGateway(), address(l2Gateway));
        assertEq(address(l2Gateway.messenger()), address(l2Messenger));
        assertEq(l2Gateway.remoteGateway(), address(l1Gateway));
    }

    function test_RevertWhen_DeployedOnAChainThatIsNotOfTheLane() public {
        vm.chainId(L2_CHAIN_ID + 1);
        _expectMiswired(address(l2Gateway));
        _createGateway(l1Messenger, address(l2Gateway));
    }

    function test_RevertWhen_DeployedWithoutACounterpart() public {
        vm.chainId(L1_CHAIN_ID);
        _expectMiswired(address(0));
        _createGateway(l1Messenger, address(0));
    }

    function _expectMiswired(address remoteGateway) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICrossDomainGateway.CrossDomainGateway_Miswired.selector, l1Messenger, remoteGateway)
        );
    }

    function _assertRefused(bytes memory recipient) private {
        vm.expectRevert(
            abi.encodeWithSelector(ICrossDomainGateway.CrossDomainGateway_InvalidRecipient.selector, recipient)
        );
        l1Gateway.sendMessage(recipient, "", noAttributes);
    }

    function _assertRefusedByName(address onL2, address onL1) private {
        bytes4 refused = ICrossDomainGateway.CrossDomainGateway_RecipientRefused.selector;
        vm.expectRevert(abi.encodeWithSelector(refused, onL2));
        l1Gateway.sendMessage(_onL2(onL2), "", noAttributes);
        vm.expectRevert(abi.encodeWithSelector(refused, onL1));
        l2Gateway.sendMessage(_onL1(onL1), "", noAttributes);
    }

    function _minGasLimit(uint256 gasLimit) private pure returns (bytes memory) {
        return abi.encodeCall(IGatewayAttributes.minGasLimit, (gasLimit));
    }
}
