import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const l1CrossDomainMessenger: MutatedSource = {
  source: 'contracts/L1/L1CrossDomainMessenger.sol',
  mutants: [
    {
      rule: "the L1 messenger stands at the lane's address",
      find: 'if (lane.l1Messenger != address(this) || lane',
      replace: 'if (lane',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheAddressIsAnother',
    },
    {
      rule: "the L1 messenger stands on the lane's chain",
      find: ' || lane.l1ChainId != block.chainid ||',
      replace: ' ||',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheChainIdIsAnother',
    },
    {
      rule: 'the contracts on L1 know each other',
      find: ' || !_isWired(lane)) {',
      replace: ') {',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheContractsOnL1AreNotWiredAsTheLaneSays',
    },
    {
      rule: 'the queue takes messages from this messenger',
      find: 'return queue.l1Messenger() == address(this) && queue',
      replace: 'return queue',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheContractsOnL1AreNotWiredAsTheLaneSays',
    },
    {
      rule: "the queue's messages go to the lane's L2 messenger",
      find: ' && queue.l2Messenger() == lane.l2Messenger',
      replace: '',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheContractsOnL1AreNotWiredAsTheLaneSays',
    },
    {
      rule: "the state-commitment chain uses the lane's batches",
      find: '            && IStateCommitmentChain(lane.stateCommitmentChain).batches() == lane.batches\n',
      replace: '',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheContractsOnL1AreNotWiredAsTheLaneSays',
    },
    {
      rule: 'the batches belong to the state-commitment chain',
      find: '\n            && IChainStorageContainer(lane.batches).owner() == lane.stateCommitmentChain;',
      replace: ';',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheContractsOnL1AreNotWiredAsTheLaneSays',
    },
    {
      rule: "the window is the state-commitment chain's",
      find: 'FRAUD_PROOF_WINDOW = IStateCommitmentChain(lane.stateCommitmentChain).FRAUD_PROOF_WINDOW();',
      replace: 'FRAUD_PROOF_WINDOW = 0;',
      killedBy: 'L1/Proof.t.sol: test_RevertWhen_TheBatchIsOneSecondInsideItsWindow',
    },
    {
      rule: 'only a sent message is enqueued again',
      find: 'if (!_sentMessages[messageHash]) revert L1CrossDomainMessenger_MessageNotSent(messageHash);',
      replace: '',
      killedBy: 'L1/Sending.t.sol: test_RevertWhen_AMessageIsReplayedThatWasNotSent',
    },
    {
      rule: 'a replay has the gas that its delivery takes',
      find: 'if (gasLimit < minimum) revert L1CrossDomainMessenger_ReplayGasTooLow(gasLimit, minimum);',
      replace: '',
      killedBy: 'L1/Sending.t.sol: test_RevertWhen_AReplayHasTooLittleGas',
    },
    {
      rule: 'a replay may have just the gas that its delivery takes',
      find: 'if (gasLimit < minimum) revert',
      replace: 'if (gasLimit <= minimum) revert',
      killedBy: 'L1/Sending.t.sol: test_RevertWhen_AReplayHasTooLittleGas',
    },
    {
      rule: 'a replay mints nothing',
      find: '_enqueue(0, message.value, gasLimit, encoded);',
      replace: '_enqueue(message.value, message.value, gasLimit, encoded);',
      killedBy: 'L1/Sending.t.sol: test_ReplayEnqueuesAgainWithoutMinting',
    },
    {
      rule: "a replay brings the message's value",
      find: '_enqueue(0, message.value, gasLimit, encoded);',
      replace: '_enqueue(0, 0, gasLimit, encoded);',
      killedBy: 'L1/Sending.t.sol: test_ReplayEnqueuesAgainWithoutMinting',
    },
    {
      rule: 'a sent message is remembered',
      find: '_sentMessages[messageHash] = true;',
      replace: '',
      killedBy: 'L1/Sending.t.sol: test_ReplayEnqueuesAgainWithoutMinting',
    },
    {
      rule: 'the value is minted on L2',
      find: '_enqueue(msg.value, msg.value, uint64(deliveryGas), encoded);',
      replace: '_enqueue(0, msg.value, uint64(deliveryGas), encoded);',
      killedBy: 'L1/Sending.t.sol: test_ItsDepositDeliversTheMessage',
    },
    {
      rule: 'the value goes to the L2 messenger',
      find: '_enqueue(msg.value, msg.value, uint64(deliveryGas), encoded);',
      replace: '_enqueue(msg.value, 0, uint64(deliveryGas), encoded);',
      killedBy: 'L1/Sending.t.sol: test_ItsDepositDeliversTheMessage',
    },
    {
      rule: 'only the guardian pauses',
      find: 'if (msg.sender != guardian) revert L1CrossDomainMessenger_NotGuardian(msg.sender);',
      replace: '',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_AnyoneButTheGuardianPauses',
    },
    {
      rule: 'only the owner ends a pause',
      find: 'function unpause() external onlyOwner {',
      replace: 'function unpause() external {',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_AnyoneButTheOwnerEndsAPause',
    },
    {
      rule: 'a pause can be ended',
      find: '        _unpause();',
      replace: '',
      killedBy: 'L1/Roles.t.sol: test_APauseStopsRelayingAndLosesNothing',
    },
    {
      rule: 'only the owner names the guardian',
      find: 'function setGuardian(address newGuardian) external onlyOwner {',
      replace: 'function setGuardian(address newGuardian) external {',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_AnyoneButTheOwnerNamesTheGuardian',
    },
    {
      rule: 'there is a guardian',
      find: 'if (newGuardian == address(0)) revert L1CrossDomainMessenger_ZeroGuardian();',
      replace: '',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheGuardianWouldBeNobody',
    },
    {
      rule: 'the messenger owns nothing, itself included',
      find: 'PermanentlyOwned(initialOwner)',
      replace: 'PermanentlyOwned(address(this))',
      killedBy: 'peers/Spoofing.t.sol: test_TheMessengersHoldNoRole',
    },
  ],
};
