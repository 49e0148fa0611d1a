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
      rule: 'an application is told that it holds too little for the fee',
      find: 'if (fee > address(this).balance) revert OmnichainEnabled_FeeNotCovered(address(this).balance, fee);',
      replace: '',
      killedBy: 'dapp/OmnichainEnabled.t.sol: test_RevertWhen_TheFeeIsMoreThanTheContractHolds',
    },
    {
      rule: 'all that an application holds can be the fee',
      find: 'if (fee > address(this).balance)',
      replace: 'if (fee >= address(this).balance)',
      killedBy: 'dapp/OmnichainEnabled.t.sol: test_TheFeeCanBeAllThatTheContractHolds',
    },
    {
      rule: 'whom an application hears it says to the service',
      find: '        omnichainService.addRemoteCaller(fromChain, abi.encodePacked(from), allowed);\n',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_TheRemoteCallerIsCheckedForMessages',
    },
  ],
};
