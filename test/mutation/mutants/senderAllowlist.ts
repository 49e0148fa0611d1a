import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const senderAllowlist: MutatedSource = {
  source: 'contracts/L2/SenderAllowlist.sol',
  mutants: [
    {
      rule: 'only the owner changes the allowlist',
      find: 'external onlyOwner {',
      replace: 'external {',
      killedBy: 'L2/Sending.t.sol: test_RevertWhen_AnyoneButTheOwnerChangesTheAllowlist',
    },
    {
      rule: 'a sender can be disallowed',
      find: 'isAllowed[sender] = allowed;',
      replace: 'isAllowed[sender] = true;',
      killedBy: 'L2/Sending.t.sol: test_WithAnAllowlistOnlyAllowedSendersMaySend',
    },
    {
      rule: 'who is allowed is told',
      find: '        emit SenderAllowed(sender, allowed);\n',
      replace: '',
      killedBy: 'L2/Sending.t.sol: test_WithAnAllowlistOnlyAllowedSendersMaySend',
    },
  ],
};
