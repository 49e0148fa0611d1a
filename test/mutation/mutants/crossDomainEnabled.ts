import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const crossDomainEnabled: MutatedSource = {
  source: 'contracts/dapp/CrossDomainEnabled.sol',
  mutants: [
    {
      rule: 'only the messenger calls',
      find: 'if (msg.sender != address(messenger)) revert CrossDomainEnabled_NotMessenger(msg.sender);',
      replace: '',
      killedBy: 'dapp/CrossDomainEnabled.t.sol: test_RevertWhen_TheCallerIsNotTheMessenger',
    },
    {
      rule: "only the counterpart's messages are taken",
      find: 'if (sender != counterpart) revert CrossDomainEnabled_NotCounterpart(sender, counterpart);',
      replace: '',
      killedBy: 'dapp/CrossDomainEnabled.t.sol: test_FailsWhen_TheSenderIsNotTheCounterpart',
    },
    {
      rule: 'the guard guards',
      find: '        _checkFromCrossDomainAccount(counterpart);\n        _;',
      replace: '        _;',
      killedBy: 'dapp/CrossDomainEnabled.t.sol: test_RevertWhen_TheCallerIsNotTheMessenger',
    },
    {
      rule: 'value is sent along',
      find: 'messenger.sendMessage{value: value}(',
      replace: 'messenger.sendMessage(',
      killedBy: 'dapp/CrossDomainEnabled.t.sol: test_CounterpartsReachEachOtherBothWays',
    },
  ],
};
