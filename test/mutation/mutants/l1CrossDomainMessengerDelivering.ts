import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const l1CrossDomainMessengerDelivering: MutatedSource = {
  source: 'contracts/L1/L1CrossDomainMessenger.sol',
  mutants: [
    {
      rule: 'a refused target in a batch is not called',
      find: '        if (_isRefusedHere(message.target)) {',
      replace: '        if (false) {',
      killedBy: 'L1/RelayMessages.t.sol: test_ARefusedTargetIsRecordedAsFailed',
    },
    {
      rule: 'a root follows from what L2 committed to',
      find: '_verifyTree(count, MessageTree.commitmentOf(count, peaks), proof);',
      replace: '',
      killedBy: 'L1/MessageRoot.t.sol: test_RevertWhen_APeakIsAnother',
    },
  ],
};
