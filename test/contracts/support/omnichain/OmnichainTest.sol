// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Vm} from "forge-std/Vm.sol";

import {Counterpart} from "./Counterpart.sol";
import {IDeployedAttestorClient, IDeployedService} from "./DeployedOmnichain.sol";
import {ReceiptBuilder} from "./ReceiptBuilder.sol";
import {ILightClient} from "xdm/contracts/omnichain/interfaces/ILightClient.sol";
import {IOmnichainService} from "xdm/contracts/omnichain/interfaces/IOmnichainService.sol";
import {MessageData, MessageType} from "xdm/contracts/omnichain/types/MessageData.sol";
import {DeliveryStatus} from "xdm/contracts/types/Delivery.sol";

/// @notice Chains A and B and the relay chain in one EVM, with their services, light clients whose attestor the test plays,
/// and the blocks that hold what the services log.
abstract contract OmnichainTest is Test {
    uint256 internal constant A = 1001;
    uint256 internal constant RELAY = 1002;
    uint256 internal constant B = 1003;

    uint256 internal constant GAS_LIMIT = 300_000;
    uint256 internal constant DELAY = 3 days;

    /// @notice What one service has logged, as another one is shown it.
    struct Leg {
        /// @dev Chain id of the chain where it was logged.
        uint256 chainId;
        uint256 blockNumber;
        /// @dev The proof, and its parts.
        bytes proof;
        ReceiptBuilder.Block parts;
        /// @dev Of the last message of the transaction.
        uint256 logIndex;
        bytes32 orderId;
        bytes fromAddress;
        bytes callData;
    }

    address internal immutable owner = makeAddr("owner");
    address internal immutable feeReceiver = makeAddr("fee receiver");
    address internal immutable alice = makeAddr("alice");
    address internal immutable relayer = makeAddr("relayer");

    mapping(uint256 chainId => IDeployedService service) internal services;
    mapping(uint256 onChain => mapping(uint256 ofChain => IDeployedAttestorClient client)) internal clients;
    mapping(uint256 chainId => Counterpart counterpart) internal counterparts;

    /// @dev Receipts of a block, the place of the one that is proven, and its type.
    uint256 internal blockSize = 3;
    uint256 internal place = 1;
    uint8 internal receiptType = 2;

    uint256 private constant ATTESTOR = 0xa77e57;

    uint256 private _nextNumber = 1_000_000;

    function setUp() public virtual {
        for (uint256 chainId = A; chainId <= B; ++chainId) {
            vm.chainId(chainId);
            services[chainId] = _deployService(chainId);
            counterparts[chainId] = new Counterpart(services[chainId]);
        }
        for (uint256 chainId = A; chainId <= B; ++chainId) {
            for (uint256 other = A; other <= B; ++other) {
                if (other != chainId) _connect(chainId, other);
            }
        }
    }

    // -------------------------------------------------------------------------------------------------- deployment

    function _deployService(uint256 chainId) internal returns (IDeployedService) {
        if (chainId == RELAY) return _create("OmnichainRelayService", abi.encode(owner, feeReceiver, DELAY));
        return _create("OmnichainService", abi.encode(RELAY, owner, feeReceiver, DELAY));
    }

    /// @dev Deploys the contract as it is compiled for deployment.
    function _create(string memory name, bytes memory arguments) internal returns (IDeployedService) {
        return IDeployedService(deployCode(string.concat(name, ".sol:", name), arguments));
    }

    function _newClient(uint256 ofChain) internal returns (IDeployedAttestorClient) {
        address[] memory signers = new address[](1);
        signers[0] = vm.addr(ATTESTOR);
        bytes memory arguments = abi.encode(ofChain, 0, signers, 1);
        return IDeployedAttestorClient(deployCode("AttestorLightClient.sol:AttestorLightClient", arguments));
    }

    /// @dev Makes a chain known on another one, at no fee, and lets the applications hear each other.
    function _connect(uint256 onChain, uint256 ofChain) internal {
        vm.chainId(onChain);
        if (onChain == RELAY || ofChain == RELAY) clients[onChain][ofChain] = _newClient(ofChain);
        vm.startPrank(owner);
        services[onChain].registerChain(ofChain, address(services[ofChain]), _client(onChain, ofChain));
        services[onChain].setFee(ofChain, address(0), 0, 0);
        vm.stopPrank();
        counterparts[onChain].allow(ofChain, address(counterparts[ofChain]), true);
    }

    function _client(uint256 onChain, uint256 ofChain) internal view returns (ILightClient) {
        return clients[onChain][ofChain];
    }

    // ---------------------------------------------------------------------------------------------------- finality

    /// @dev Makes a block known; the chain it is made known on is the current one afterwards.
    function _finalize(uint256 onChain, uint256 ofChain, uint256 number, bytes32 blockHash) internal {
        vm.chainId(onChain);
        IDeployedAttestorClient client = clients[onChain][ofChain];
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("AttestorLightClient"),
                keccak256("1"),
                onChain,
                client
            )
        );
        bytes32 attestation = keccak256(
            abi.encode(
                keccak256("Attestation(uint256 sourceChain,uint256 epoch,uint64 number,bytes32 blockHash)"),
                ofChain,
                1,
                number,
                blockHash
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, attestation));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ATTESTOR, digest);
        client.attest(uint64(number), blockHash, abi.encodePacked(r, s, v));
    }

    function _freeze(uint256 onChain, uint256 ofChain) internal {
        _finalize(onChain, ofChain, 1, keccak256("one"));
        _finalize(onChain, ofChain, 1, keccak256("another"));
        assertTrue(clients[onChain][ofChain].isFrozen());
    }

    // ----------------------------------------------------------------------------------------------------- sending

    /// @dev A message to the application on a chain, of which it counts the payload.
    function _message(uint256 atChain, bytes memory payload) internal view returns (MessageData memory) {
        return _messageTo(address(counterparts[atChain]), payload);
    }

    function _messageTo(address target, bytes memory payload) internal pure returns (MessageData memory) {
        return MessageData(false, MessageType.Message, abi.encodePacked(target), payload, GAS_LIMIT, 0);
    }

    /// @dev A call of the application on a chain.
    function _call(uint256 atChain, bytes memory payload) internal view returns (MessageData memory message) {
        message = _message(atChain, abi.encodeCall(Counterpart.note, (payload)));
        message.msgType = MessageType.Calldata;
    }

    /// @dev The application sends a message, and the block is final on the relay chain, or on the destination if the relay
    /// chain is where it was sent.
    function _send(uint256 fromChain, uint256 toChain, MessageData memory message) internal returns (Leg memory) {
        vm.chainId(fromChain);
        vm.recordLogs();
        bytes32 orderId = counterparts[fromChain].send(toChain, message);
        Leg memory leg = _leg(fromChain, fromChain == RELAY ? toChain : RELAY);
        assertEq(leg.orderId, orderId, "order id");
        return leg;
    }

    function _sendFrom(address sender, uint256 fromChain, uint256 toChain, MessageData memory message)
        internal
        returns (Leg memory)
    {
        vm.chainId(fromChain);
        vm.recordLogs();
        vm.prank(sender);
        services[fromChain].transferOut(toChain, abi.encode(message), address(0));
        return _leg(fromChain, fromChain == RELAY ? toChain : RELAY);
    }

    // ---------------------------------------------------------------------------------------------------- arriving

    /// @dev What was logged since `vm.recordLogs` is the receipt of a transaction in the next block of a chain, which is
    /// final on another chain.
    function _leg(uint256 chainId, uint256 onChain) internal returns (Leg memory) {
        return _legOf(chainId, onChain, vm.getRecordedLogs());
    }

    function _legOf(uint256 chainId, uint256 onChain, Vm.Log[] memory logs) internal returns (Leg memory leg) {
        leg = _unrecordedLeg(chainId, logs);
        _finalize(onChain, chainId, leg.blockNumber, keccak256(leg.parts.header));
    }

    function _unrecordedLeg(uint256 chainId, Vm.Log[] memory logs) internal returns (Leg memory leg) {
        leg = _unreadLeg(chainId, logs);
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics.length == 0 || logs[i].topics[0] != IOmnichainService.mapMessageOut.selector) continue;
            leg.logIndex = i;
            (leg.orderId, leg.fromAddress, leg.callData) = abi.decode(logs[i].data, (bytes32, bytes, bytes));
        }
    }

    /// @dev A leg of logs that may not be what a service emits.
    function _unreadLeg(uint256 chainId, Vm.Log[] memory logs) internal returns (Leg memory leg) {
        (leg.chainId, leg.blockNumber) = (chainId, _nextNumber++);
        bytes[] memory receipts = new bytes[](blockSize);
        for (uint256 i = 0; i < receipts.length; ++i) {
            receipts[i] = ReceiptBuilder.receipt(2, ReceiptBuilder.transfer(i));
        }
        receipts[place] = ReceiptBuilder.receipt(receiptType, logs);
        leg.parts = ReceiptBuilder.prove(leg.blockNumber, receipts, place);
        leg.proof = ReceiptBuilder.pack(leg.parts);
    }

    /// @dev Delivers a leg's message on a chain.
    function _deliver(uint256 onChain, Leg memory leg) internal {
        vm.chainId(onChain);
        vm.prank(relayer);
        services[onChain].transferInWithIndex(leg.chainId, leg.logIndex, leg.proof);
    }

    /// @dev Delivers on the relay chain what goes on to a chain, and shows it there.
    function _forward(Leg memory leg, uint256 toChain) internal returns (Leg memory) {
        vm.recordLogs();
        _deliver(RELAY, leg);
        return _leg(RELAY, toChain);
    }

    function _retry(uint256 onChain, uint256 fromChain, uint256 toChain, Leg memory leg) internal {
        vm.chainId(onChain);
        services[onChain].retryMessageIn(fromChain, toChain, leg.orderId, leg.fromAddress, leg.callData);
    }

    function _statusOn(uint256 onChain, uint256 fromChain, Leg memory leg) internal view returns (DeliveryStatus) {
        return services[onChain].delivery(fromChain, leg.orderId).status;
    }

    function _assertStatus(uint256 onChain, uint256 fromChain, Leg memory leg, DeliveryStatus expected) internal view {
        assertEq(uint8(_statusOn(onChain, fromChain, leg)), uint8(expected), "status");
    }

    // ----------------------------------------------------------------------------------------------------- forging

    /// @dev The log of a message that `leg` describes, as the service of `emitterChain` would emit it.
    function _messageLog(uint256 emitterChain, uint256 fromChain, uint256 toChain, Leg memory leg)
        internal
        view
        returns (Vm.Log[] memory logs)
    {
        logs = new Vm.Log[](1);
        logs[0].emitter = address(services[emitterChain]);
        logs[0].topics = new bytes32[](3);
        logs[0].topics[0] = IOmnichainService.mapMessageOut.selector;
        (logs[0].topics[1], logs[0].topics[2]) = (bytes32(fromChain), bytes32(toChain));
        logs[0].data = abi.encode(leg.orderId, leg.fromAddress, leg.callData);
    }

    /// @dev The same, in a final block.
    function _forge(uint256 emitterChain, uint256 fromChain, uint256 toChain, Leg memory leg)
        internal
        returns (Leg memory)
    {
        uint256 onChain = emitterChain == RELAY ? toChain : RELAY;
        return _legOf(emitterChain, onChain, _messageLog(emitterChain, fromChain, toChain, leg));
    }

    /// @dev A message that nobody sent, with the order id that it must have.
    function _describe(uint256 fromChain, uint256 toChain, MessageData memory message)
        internal
        view
        returns (Leg memory leg)
    {
        bytes memory data = abi.encode(message);
        leg.fromAddress = abi.encodePacked(address(counterparts[fromChain]));
        leg.callData = abi.encode(uint256(1), address(services[toChain]), uint256(77), data);
        leg.orderId = _orderId(fromChain, toChain, leg.fromAddress, keccak256(data));
    }

    /// @dev By the definition.
    function _orderId(uint256 fromChain, uint256 toChain, bytes memory sender, bytes32 dataHash)
        internal
        view
        returns (bytes32)
    {
        address source = address(services[fromChain]);
        address destination = address(services[toChain]);
        return keccak256(abi.encode(uint256(1), fromChain, source, toChain, destination, uint256(77), sender, dataHash));
    }
}
