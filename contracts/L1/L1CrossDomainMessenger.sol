// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {CrossDomainMessenger} from "../CrossDomainMessenger.sol";
import {PermanentlyOwned} from "../access/PermanentlyOwned.sol";
import {ICanonicalTransactionChain} from "../interfaces/ICanonicalTransactionChain.sol";
import {IChainStorageContainer} from "../interfaces/IChainStorageContainer.sol";
import {ICrossDomainMessenger} from "../interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "../interfaces/IL1CrossDomainMessenger.sol";
import {IStateCommitmentChain} from "../interfaces/IStateCommitmentChain.sol";
import {MessageGas} from "../libraries/MessageGas.sol";
import {MessageTree} from "../libraries/MessageTree.sol";
import {CallOutcome} from "../libraries/SafeCall.sol";
import {StateCommitment} from "../libraries/StateCommitment.sol";
import {StorageProof} from "../libraries/StorageProof.sol";
import {DeliveryStatus, PackedDelivery} from "../types/Delivery.sol";
import {Lane} from "../types/Lane.sol";
import {Message} from "../types/Message.sol";
import {MessageProof} from "../types/MessageProof.sol";
import {StateBatch, StateRootProof} from "../types/StateBatch.sol";

/// @title L1 cross-domain messenger
/// @dev See {IL1CrossDomainMessenger}. Holds the lane's ETH, and neither a role nor an allowance anywhere: it calls any
/// target with any data.
contract L1CrossDomainMessenger is IL1CrossDomainMessenger, CrossDomainMessenger, PermanentlyOwned, Pausable {
    /// @dev Storage slot of `sentMessages` in the passer.
    bytes32 private constant SENT_MESSAGES_SLOT = 0;

    /// @dev Storage slot of the message tree's commitment of level 0 in the passer; the other levels' follow.
    uint256 private constant TREE_COMMITMENTS_SLOT = 2;

    /// @dev The state-commitment chain's, which cannot change either.
    uint256 private immutable FRAUD_PROOF_WINDOW;

    /// @inheritdoc IL1CrossDomainMessenger
    address public guardian;

    mapping(bytes32 messageHash => bool sent) private _sentMessages;

    /// @inheritdoc IL1CrossDomainMessenger
    mapping(uint256 count => bytes32 root) public messageRoots;

    /// @param lane The lane; its L1 messenger must be this contract's address.
    /// @param initialOwner May name the guardian and end a pause.
    /// @param initialGuardian May pause.
    /// @dev ETH sent along covers what L2 holds from its genesis.
    constructor(Lane memory lane, address initialOwner, address initialGuardian)
        payable
        CrossDomainMessenger(lane)
        PermanentlyOwned(initialOwner)
    {
        if (lane.l1Messenger != address(this) || lane.l1ChainId != block.chainid || !_isWired(lane)) {
            revert CrossDomainMessenger_WrongLane(address(this), block.chainid);
        }
        FRAUD_PROOF_WINDOW = IStateCommitmentChain(lane.stateCommitmentChain).FRAUD_PROOF_WINDOW();
        _setGuardian(initialGuardian);
    }

    // -------------------------------------------------------------------------------------------------- delivering

    /// @inheritdoc IL1CrossDomainMessenger
    function relayMessage(Message calldata message, MessageProof calldata proof)
        external
        whenNotPaused
        returns (bool success)
    {
        bytes32 messageHash = message.hashCalldata();

        _verifyPassed(messageHash, proof);

        return _deliver(messageHash, message, _recordOf(messageHash));
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function relayMessageByPath(Message calldata message, uint256 count, bytes32[] calldata siblings)
        external
        whenNotPaused
        returns (bool success)
    {
        bytes32 messageHash = message.hashCalldata();

        bytes32 leaf = MessageTree.leafOf(messageKey(messageHash));
        _verifyMessageRoot(count, MessageTree.rootByPath(leaf, message.counter(), count, siblings));

        return _deliver(messageHash, message, _recordOf(messageHash));
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function relayMessages(Message[] calldata messages, uint256 count, bytes32[] calldata siblings)
        external
        whenNotPaused
        nonReentrant
        returns (uint256 done)
    {
        bytes32[] memory hashes = _verifyBatch(messages, count, siblings);

        bool isAnyAttempted;
        for (; done < messages.length; ++done) {
            if (gasleft() < MessageGas.BATCH_LOOK) break;
            (Message calldata message, bytes32 messageHash) = (messages[done], hashes[done]);
            PackedDelivery record = _recordOf(messageHash);
            if (record.status() == DeliveryStatus.Relayed) continue;
            if (!MessageGas.canStart(message)) break;

            _deliverItem(messageHash, message, record);
            isAnyAttempted = true;
        }

        if (done == messages.length) return done;
        if (!isAnyAttempted) revert CrossDomainMessenger_InsufficientGas(gasleft(), messages[done].gasLimit);
        emit BatchStopped(done, messages.length);
    }

    /// @dev Delivers a message of a batch with exactly its gas limit. One that cannot be delivered is recorded as failed:
    /// it must not hold up the others.
    function _deliverItem(bytes32 messageHash, Message calldata message, PackedDelivery record) private {
        Memory.Pointer free = Memory.getFreeMemoryPointer();
        if (_isRefusedHere(message.target)) {
            bytes memory reason = abi.encodeWithSelector(CrossDomainMessenger_TargetRefused.selector, message.target);
            _fail(messageHash, record, reason);
        } else if (_execute(messageHash, message, record, message.gasLimit) == CallOutcome.NotStarted) {
            // There was enough when the item started, unless a fork has made something on the way dearer.
            revert CrossDomainMessenger_InsufficientGas(gasleft(), message.gasLimit);
        }
        // Nothing of the item is used any more, and memory that grew with each would cost more with each.
        Memory.unsafeSetFreeMemoryPointer(free);
    }

    // --------------------------------------------------------------------------------------------------- verifying

    /// @inheritdoc IL1CrossDomainMessenger
    function proveMessageRoot(uint256 count, bytes32[] calldata peaks, MessageProof calldata proof)
        external
        whenNotPaused
        returns (bytes32 root)
    {
        root = messageRoots[count];
        if (root != 0) return root;
        _verifyTree(count, MessageTree.commitmentOf(count, peaks), proof);

        root = MessageTree.rootOf(peaks);
        messageRoots[count] = root;

        emit MessageRootProven(count, root);
    }

    /// @dev Reverts unless the passer committed to the tree under a state root that can be trusted.
    function _verifyTree(uint256 count, bytes32 commitment, MessageProof calldata proof) private view {
        bytes32 slot = bytes32(TREE_COMMITMENTS_SLOT + MessageTree.commitmentLevel(count));
        (bytes32 stateRoot, uint256 value) = StorageProof.read(proof.nodes, MESSAGE_PASSER, slot);
        if (bytes32(value) != commitment) {
            revert L1CrossDomainMessenger_TreeMismatch(count, bytes32(value), commitment);
        }
        _verifyFinalized(stateRoot, proof.stateRootProof);
    }

    /// @dev Reverts unless the passer recorded the message under a state root that can be trusted.
    function _verifyPassed(bytes32 messageHash, MessageProof calldata proof) private view {
        bytes32 slot = Hashes.efficientKeccak256(messageKey(messageHash), SENT_MESSAGES_SLOT);
        (bytes32 stateRoot, uint256 value) = StorageProof.read(proof.nodes, MESSAGE_PASSER, slot);
        if (value != 1) revert L1CrossDomainMessenger_MessageNotPassed(messageHash, value);
        _verifyFinalized(stateRoot, proof.stateRootProof);
    }

    function _verifyFinalized(bytes32 stateRoot, StateRootProof calldata proof) private view {
        StateBatch memory batch = StateCommitment.batchOf(stateRoot, proof);
        StateCommitment.verifyFinalized(batch, IChainStorageContainer(BATCHES), FRAUD_PROOF_WINDOW);
    }

    /// @dev Reverts unless all the messages are in a tree whose root was proven.
    function _verifyBatch(Message[] calldata messages, uint256 count, bytes32[] calldata siblings)
        private
        view
        returns (bytes32[] memory hashes)
    {
        if (messages.length == 0) revert L1CrossDomainMessenger_EmptyBatch();
        hashes = new bytes32[](messages.length);
        bytes32[] memory leaves = new bytes32[](messages.length);
        uint256[] memory indices = new uint256[](messages.length);
        for (uint256 i = 0; i < messages.length; ++i) {
            Memory.Pointer free = Memory.getFreeMemoryPointer();
            Message calldata message = messages[i];
            bytes32 messageHash = message.hashCalldata();
            (hashes[i], leaves[i]) = (messageHash, MessageTree.leafOf(messageKey(messageHash)));
            indices[i] = message.counter();
            // What the key is made of is not used any more, either.
            Memory.unsafeSetFreeMemoryPointer(free);
        }
        _verifyMessageRoot(count, MessageTree.rootByMultiproof(leaves, indices, count, siblings));
    }

    /// @dev Reverts unless a tree of `count` leaves was proven to have the root. No root is zero.
    function _verifyMessageRoot(uint256 count, bytes32 root) private view {
        bytes32 proven = messageRoots[count];
        if (proven == 0) revert L1CrossDomainMessenger_MessageRootNotProven(count);
        if (root != proven) revert L1CrossDomainMessenger_MessageRootMismatch(count, proven, root);
    }

    // ---------------------------------------------------------------------------------------------------- sending

    /// @inheritdoc IL1CrossDomainMessenger
    function replayMessage(Message calldata message, uint64 gasLimit) external {
        bytes memory encoded = message.encode();
        bytes32 messageHash = keccak256(encoded);
        if (!_sentMessages[messageHash]) revert L1CrossDomainMessenger_MessageNotSent(messageHash);
        uint256 minimum = MessageGas.deliveryGas(message.data.length, message.gasLimit);
        if (gasLimit < minimum) revert L1CrossDomainMessenger_ReplayGasTooLow(gasLimit, minimum);

        _enqueue(0, message.value, gasLimit, encoded);
    }

    /// @inheritdoc ICrossDomainMessenger
    function sentMessages(bytes32 messageHash) external view returns (bool) {
        return _sentMessages[messageHash];
    }

    function _dispatch(bytes32 messageHash, bytes memory encoded, uint256 deliveryGas) internal override {
        _sentMessages[messageHash] = true;

        _enqueue(msg.value, msg.value, uint64(deliveryGas), encoded);
    }

    function _enqueue(uint256 mint, uint256 value, uint64 gasLimit, bytes memory encoded) private {
        ICanonicalTransactionChain(CANONICAL_TRANSACTION_CHAIN).enqueueMessage(mint, value, gasLimit, encoded);
    }

    /// @dev The queue's length: a message's counter is its index in the queue.
    function _messageCounter() internal view override returns (uint256) {
        return ICanonicalTransactionChain(CANONICAL_TRANSACTION_CHAIN).getQueueLength();
    }

    function _maxDeliveryGas() internal pure override returns (uint256) {
        return MessageGas.MAX_TRANSACTION;
    }

    // ------------------------------------------------------------------------------------------------------- roles

    /// @inheritdoc IL1CrossDomainMessenger
    function pause() external {
        if (msg.sender != guardian) revert L1CrossDomainMessenger_NotGuardian(msg.sender);
        _pause();
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function unpause() external onlyOwner {
        _unpause();
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function setGuardian(address newGuardian) external onlyOwner {
        _setGuardian(newGuardian);
    }

    function _setGuardian(address newGuardian) private {
        if (newGuardian == address(0)) revert L1CrossDomainMessenger_ZeroGuardian();
        emit GuardianChanged(guardian, newGuardian);
        guardian = newGuardian;
    }

    // ------------------------------------------------------------------------------------------------------ wiring

    /// @inheritdoc ICrossDomainMessenger
    function otherMessenger() external view returns (address) {
        return L2_MESSENGER;
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function canonicalTransactionChain() external view returns (address) {
        return CANONICAL_TRANSACTION_CHAIN;
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function stateCommitmentChain() external view returns (address) {
        return STATE_COMMITMENT_CHAIN;
    }

    /// @inheritdoc IL1CrossDomainMessenger
    function messagePasser() external view returns (address) {
        return MESSAGE_PASSER;
    }

    /// @dev Whether the other contracts on L1 know each other and this one as the lane says.
    function _isWired(Lane memory lane) private view returns (bool) {
        ICanonicalTransactionChain queue = ICanonicalTransactionChain(lane.canonicalTransactionChain);
        return queue.l1Messenger() == address(this) && queue.l2Messenger() == lane.l2Messenger
            && IStateCommitmentChain(lane.stateCommitmentChain).batches() == lane.batches
            && IChainStorageContainer(lane.batches).owner() == lane.stateCommitmentChain;
    }

    function _isRefusedHere(address target) internal view override returns (bool) {
        return _isRefusedOnL1(target);
    }

    function _isRefusedThere(address target) internal view override returns (bool) {
        return _isRefusedOnL2(target);
    }
}
