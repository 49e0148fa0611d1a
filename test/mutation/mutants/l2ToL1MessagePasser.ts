import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const l2ToL1MessagePasser: MutatedSource = {
  source: 'contracts/L2/L2ToL1MessagePasser.sol',
  mutants: [
    {
      rule: 'only the messenger passes messages',
      find: 'if (msg.sender != messenger) revert L2ToL1MessagePasser_NotMessenger(msg.sender);',
      replace: '',
      killedBy: 'L2/Sending.t.sol: test_RevertWhen_AnyoneElsePassesAMessage',
    },
    {
      rule: 'a message is recorded',
      find: 'sentMessages[key] = true;',
      replace: '',
      killedBy: 'L2/Sending.t.sol: test_RecordsTheMessageWithThePasser',
    },
    {
      rule: 'messages are counted',
      find: 'messageCount = index + 1;',
      replace: 'messageCount = index;',
      killedBy: 'L2/Sending.t.sol: test_EqualMessagesHaveDifferentHashes',
    },
    {
      rule: 'a message is a leaf of the tree',
      find: '_tree.append(index, key);',
      replace: '',
      killedBy: 'L2/MessageTree.t.sol: test_TheCommitmentStandsInItsSlot',
    },
    {
      rule: 'a leaf is the key',
      find: '_tree.append(index, key);',
      replace: '_tree.append(index, bytes32(index));',
      killedBy: 'L2/MessageTree.t.sol: test_TheCommitmentStandsInItsSlot',
    },
  ],
};
