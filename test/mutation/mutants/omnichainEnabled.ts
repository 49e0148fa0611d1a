import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const omnichainEnabled: MutatedSource = {
  source: 'contracts/dapp/OmnichainEnabled.sol',
  mutants: [
    {
      rule: 'messages come from the service',
      find: 'external onlyOmnichainService returns',
      replace: 'external returns',
      killedBy: 'dapp/OmnichainEnabled.t.sol: test_RevertWhen_SomebodyElseHandsAMessageOver',
    },
    {
      rule: 'the guard guards',
      find: '        _checkOmnichainService();\n        _;',
      replace: '        _;',
      killedBy: 'dapp/OmnichainEnabled.t.sol: test_RevertWhen_SomebodyElseCallsWhatTheServiceMay',
    },
    {
      rule: 'only the service calls',
      find: 'if (msg.sender != address(omnichainService)) revert OmnichainEnabled_NotService(msg.sender);',
      replace: '',
      killedBy: 'dapp/OmnichainEnabled.t.sol: test_RevertWhen_SomebodyElseCallsWhatTheServiceMay',
    },
    {
      rule: 'whom an application hears it says to the service',
      find: '        omnichainService.addRemoteCaller(fromChain, abi.encodePacked(from), allowed);\n',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_TheRemoteCallerIsCheckedForMessages',
    },
  ],
};
