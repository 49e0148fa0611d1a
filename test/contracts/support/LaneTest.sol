// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP as RLPEncoder} from "@openzeppelin/contracts/utils/RLP.sol";
import {Test} from "forge-std/Test.sol";

import {IDeployedL1Messenger, IDeployedStateCommitmentChain} from "./Deployed.sol";
import {StateBatchBuilder} from "./StateBatchBuilder.sol";
import {TrieBuilder} from "./TrieBuilder.sol";
import {ICanonicalTransactionChain} from "xdm/contracts/interfaces/ICanonicalTransactionChain.sol";
import {IChainStorageContainer} from "xdm/contracts/interfaces/IChainStorageContainer.sol";
import {IL2CrossDomainMessenger} from "xdm/contracts/interfaces/IL2CrossDomainMessenger.sol";
import {IL2ToL1MessagePasser} from "xdm/contracts/interfaces/IL2ToL1MessagePasser.sol";
import {IStateCommitmentChain} from "xdm/contracts/interfaces/IStateCommitmentChain.sol";
import {AddressAlias} from "xdm/contracts/libraries/AddressAlias.sol";
import {MessageTree} from "xdm/contracts/libraries/MessageTree.sol";
import {Lane} from "xdm/contracts/types/Lane.sol";
import {Message} from "xdm/contracts/types/Message.sol";
import {MessageProof} from "xdm/contracts/types/MessageProof.sol";
import {StateBatch, StateRootProof} from "xdm/contracts/types/StateBatch.sol";

/// @notice Both ends of a lane in one EVM, and the parts of the two chains between them: L2's state with its tries,
/// the proposer, and the deposits.
abstract contract LaneTest is Test {
    uint256 internal constant L1_CHAIN_ID = 900;
    uint256 internal constant L2_CHAIN_ID = 901;
    uint256 internal constant FRAUD_PROOF_WINDOW = 600;
    uint256 internal constant START_BLOCK = 7;
    uint256 internal constant MAX_BLOCK_GAS = 20_000_000;

    // Slots of the passer.
    uint256 internal constant COUNT_SLOT = 1;
    uint256 internal constant COMMITMENTS_SLOT = 2;
    uint256 internal constant PEAKS_SLOT = COMMITMENTS_SLOT + MessageTree.MAX_HEIGHT;

    address internal immutable owner = makeAddr("owner");
    address internal immutable proposer = makeAddr("proposer");
    address internal immutable challenger = makeAddr("challenger");
    address internal immutable guardian = makeAddr("guardian");
    address internal immutable alice = makeAddr("alice");

    Lane internal lane;
    ICanonicalTransactionChain internal ctc;
    IChainStorageContainer internal container;
    IDeployedStateCommitmentChain internal scc;
    IDeployedL1Messenger internal l1Messenger;
    IL2ToL1MessagePasser internal passer;
    IL2CrossDomainMessenger internal l2Messenger;

    /// @dev Entries of the passer's storage trie, that is, the messages sent from L2 so far.
    TrieBuilder.Entry[] internal passerStorage;

    /// @dev Their keys, of which the leaves of the message tree are the hashes.
    bytes32[] internal treeKeys;

    function setUp() public virtual {
        _deploy(true, address(0));
    }

    /// @dev The compiler takes `block.number` for a constant within a call, so tests do not use it with `vm.roll`.
    function _nextBlock() internal {
        vm.roll(vm.getBlockNumber() + 1);
    }

    // -------------------------------------------------------------------------------------------------- deployment

    function _deploy(bool valueEnabled, address allowlist) internal {
        uint256 nonce = vm.getNonce(address(this));
        lane = Lane({
            l1ChainId: L1_CHAIN_ID,
            l2ChainId: L2_CHAIN_ID,
            batches: vm.computeCreateAddress(address(this), nonce),
            stateCommitmentChain: vm.computeCreateAddress(address(this), nonce + 1),
            canonicalTransactionChain: vm.computeCreateAddress(address(this), nonce + 2),
            l1Messenger: vm.computeCreateAddress(address(this), nonce + 3),
            messagePasser: vm.computeCreateAddress(address(this), nonce + 4),
            l2Messenger: vm.computeCreateAddress(address(this), nonce + 5),
            valueEnabled: valueEnabled
        });
        vm.chainId(L1_CHAIN_ID);
        container = IChainStorageContainer(_create("ChainStorageContainer", abi.encode(lane.stateCommitmentChain)));
        IStateCommitmentChain.Configuration memory configuration = IStateCommitmentChain.Configuration({
            owner: owner,
            proposer: proposer,
            challenger: challenger,
            batches: lane.batches,
            fraudProofWindow: FRAUD_PROOF_WINDOW,
            startBlock: START_BLOCK
        });
        scc = IDeployedStateCommitmentChain(_create("StateCommitmentChain", abi.encode(configuration)));
        bytes memory queueArguments = abi.encode(lane.l1Messenger, lane.l2Messenger, MAX_BLOCK_GAS);
        ctc = ICanonicalTransactionChain(_create("CanonicalTransactionChain", queueArguments));
        l1Messenger = IDeployedL1Messenger(_create("L1CrossDomainMessenger", abi.encode(lane, owner, guardian)));
        vm.chainId(L2_CHAIN_ID);
        passer = IL2ToL1MessagePasser(_create("L2ToL1MessagePasser", abi.encode(lane.l2Messenger)));
        l2Messenger = IL2CrossDomainMessenger(_create("L2CrossDomainMessenger", abi.encode(lane, allowlist)));
    }

    /// @dev Deploys the contract as it is compiled for deployment, see {Deployed}.
    function _create(string memory name, bytes memory arguments) internal returns (address) {
        return deployCode(string.concat(name, ".sol:", name), arguments);
    }

    // ----------------------------------------------------------------------------------------------------- sending

    function _sendFromL1(address sender, address target, bytes memory data, uint32 gasLimit, uint256 value)
        internal
        returns (Message memory message)
    {
        message = Message(l1Messenger.messageNonce(), sender, target, value, gasLimit, data);
        hoax(sender, value);
        bytes32 messageHash = l1Messenger.sendMessage{value: value}(target, data, gasLimit);
        assertEq(messageHash, message.hash(), "message hash");
    }

    function _sendFromL2(address sender, address target, bytes memory data, uint32 gasLimit, uint256 value)
        internal
        returns (Message memory message)
    {
        message = Message(l2Messenger.messageNonce(), sender, target, value, gasLimit, data);
        hoax(sender, value);
        bytes32 messageHash = l2Messenger.sendMessage{value: value}(target, data, gasLimit);
        assertEq(messageHash, message.hash(), "message hash");
        _recordPassed(messageHash);
    }

    function _recordPassed(bytes32 messageHash) internal {
        bytes32 slot = _passerSlot(messageHash);
        assertEq(uint256(vm.load(address(passer), slot)), 1, "passer's slot");
        passerStorage.push(TrieBuilder.hashedEntry(abi.encode(slot), hex"01"));
        treeKeys.push(l2Messenger.messageKey(messageHash));
    }

    function _passerSlot(bytes32 messageHash) internal view returns (bytes32) {
        return keccak256(abi.encode(l2Messenger.messageKey(messageHash), uint256(0)));
    }

    // --------------------------------------------------------------------------------------------------- L1 to L2

    /// @dev Executes a message's deposit as L2 does: minted, from the aliased messenger, with the gas limit as the
    /// whole transaction's.
    function _deliverDeposit(Message memory message, uint256 gasLimit) internal returns (bool succeeded) {
        address from = _aliasedL1Messenger();
        vm.deal(from, from.balance + message.value);
        return _executeDeposit(message, gasLimit, message.value);
    }

    function _executeDeposit(Message memory message, uint256 gasLimit, uint256 value)
        internal
        returns (bool succeeded)
    {
        address from = _aliasedL1Messenger();
        bytes memory data = message.encode();
        vm.prank(from, from);
        // forge adds the 21,000 that each transaction costs to the gas of the call.
        (succeeded,) = address(l2Messenger).call{gas: gasLimit - 21_000, value: value}(data);
    }

    /// @dev Relays on L2 as the caller that was pranked.
    function _relay(Message memory message) internal {
        _relayWithValue(message, 0);
    }

    function _relayWithValue(Message memory message, uint256 value) internal {
        l2Messenger.relayMessage{value: value}(
            message.nonce, message.sender, message.target, message.value, message.gasLimit, message.data
        );
    }

    /// @dev Gas limit of the message's deposit.
    function _baseGas(Message memory message) internal view returns (uint64) {
        return l2Messenger.baseGas(message.data, uint32(message.gasLimit));
    }

    function _aliasedL1Messenger() internal view returns (address) {
        return AddressAlias.applyL1ToL2Alias(address(l1Messenger));
    }

    // --------------------------------------------------------------------------------------------------- L2 to L1

    /// @dev A proof of a message from L2 that can be relayed at once.
    function _finalizedProof(Message memory message) internal returns (MessageProof memory proof) {
        proof = _proofInWindow(message);
        vm.warp(proof.stateRootProof.timestamp + FRAUD_PROOF_WINDOW);
    }

    /// @dev A proof of a message from L2 whose batch was committed just now.
    function _proofInWindow(Message memory message) internal returns (MessageProof memory proof) {
        (bytes32 stateRoot, bytes memory nodes) = _proveSlot(_passerSlot(message.hash()));
        return MessageProof(_commit(stateRoot, 2, 5), nodes);
    }

    /// @dev L2's state root, and the packed nodes that prove a slot of the passer.
    function _proveSlot(bytes32 slot) internal view returns (bytes32 stateRoot, bytes memory nodes) {
        TrieBuilder.Proof memory storageProof =
            TrieBuilder.prove(_passerStorage(), abi.encode(keccak256(abi.encode(slot))));
        TrieBuilder.Proof memory accountProof =
            TrieBuilder.prove(_accounts(storageProof.root), abi.encode(keccak256(abi.encodePacked(address(passer)))));
        stateRoot = accountProof.root;
        nodes = bytes.concat(
            TrieBuilder.pack(accountProof.nodes), TrieBuilder.pack(TrieBuilder.withoutInlined(storageProof.nodes))
        );
    }

    function _passerStorage() internal view virtual returns (TrieBuilder.Entry[] memory entries) {
        uint256 levels = _treeLevels();
        uint256 length = passerStorage.length;
        entries = new TrieBuilder.Entry[](length + 1 + 2 * levels);
        for (uint256 i = 0; i < length; ++i) {
            entries[i] = passerStorage[i];
        }
        entries[length] = _slotEntry(COUNT_SLOT);
        for (uint256 level = 0; level < levels; ++level) {
            entries[length + 1 + 2 * level] = _slotEntry(COMMITMENTS_SLOT + level);
            entries[length + 2 + 2 * level] = _slotEntry(PEAKS_SLOT + level);
        }
    }

    /// @dev Levels of the passer's tree that have a peak.
    function _treeLevels() private view returns (uint256 levels) {
        while (vm.load(address(passer), bytes32(PEAKS_SLOT + levels)) != 0) ++levels;
    }

    function _slotEntry(uint256 slot) private view returns (TrieBuilder.Entry memory) {
        uint256 value = uint256(vm.load(address(passer), bytes32(slot)));
        return TrieBuilder.hashedEntry(abi.encode(slot), RLPEncoder.encode(value));
    }

    /// @dev The passer among other accounts of L2.
    function _accounts(bytes32 passerStorageRoot) internal view virtual returns (TrieBuilder.Entry[] memory entries) {
        entries = new TrieBuilder.Entry[](20);
        entries[0] = TrieBuilder.hashedEntry(
            abi.encodePacked(address(passer)), _account(1, address(passer).balance, passerStorageRoot)
        );
        for (uint256 i = 1; i < entries.length; ++i) {
            entries[i] = TrieBuilder.hashedEntry(
                abi.encodePacked(address(uint160(i))), _account(i, i * 1 ether, keccak256(hex"80"))
            );
        }
    }

    function _account(uint256 nonce, uint256 balance, bytes32 storageRoot) internal pure returns (bytes memory) {
        bytes[] memory fields = new bytes[](4);
        fields[0] = RLPEncoder.encode(nonce);
        fields[1] = RLPEncoder.encode(balance);
        fields[2] = RLPEncoder.encode(storageRoot);
        fields[3] = RLPEncoder.encode(keccak256(""));
        return RLPEncoder.encode(fields);
    }

    /// @dev Commits a batch that holds the state root among others.
    function _commit(bytes32 stateRoot, uint256 index, uint256 size) internal returns (StateRootProof memory) {
        bytes32[] memory leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = i == index ? stateRoot : keccak256(abi.encode("state root", scc.getTotalElements() + i));
        }
        StateBatch memory batch = _append(StateBatchBuilder.rootOf(leaves), size);
        return StateRootProof(
            batch.batchIndex,
            size,
            batch.prevTotalElements,
            batch.timestamp,
            index,
            StateBatchBuilder.siblingsOf(leaves, index)
        );
    }

    function _append(bytes32 batchRoot, uint256 size) internal returns (StateBatch memory batch) {
        batch = StateBatch(scc.getTotalBatches(), batchRoot, size, scc.getTotalElements(), vm.getBlockTimestamp());
        vm.prank(proposer);
        scc.appendStateBatch(batchRoot, size, batch.prevTotalElements);
    }
}
