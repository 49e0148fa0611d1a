import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const remoteCallers: MutatedSource = {
  source: 'contracts/omnichain/RemoteCallers.sol',
  mutants: [
    {
      rule: 'a remote caller is an address',
      find: 'if (from.length != 20) revert OmnichainService_NotAnAddress(from.length);',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_RevertWhen_ARemoteCallerIsNotAnAddress',
    },
    {
      rule: 'a target forbids',
      find: '= allowed;',
      replace: '= true;',
      killedBy: 'omnichain/Sending.t.sol: test_ATargetAllowsAndForbids',
    },
    {
      rule: 'what is no address is not allowed',
      find: 'from.length == 20 && ',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_ATargetAllowsAndForbids',
    },
    {
      rule: 'a caller is one of a chain',
      find: 'return _allowed[target][fromChain][from];',
      replace:
        'return _allowed[target][fromChain][from] || _allowed[target][fromChain ^ 1][from] || _allowed[target][1003][from];',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_TheRemoteCallerIsCheckedForMessages',
    },
    {
      rule: 'who is heard is announced',
      find: '        emit RemoteCallerChanged(msg.sender, fromChain, from, allowed);\n',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_ATargetAllowsAndForbids',
    },
    {
      rule: 'nobody is allowed by default',
      find: ' && _isAllowed(target, fromChain, address(bytes20(from)))',
      replace: '',
      killedBy: 'omnichain/Sending.t.sol: test_ATargetAllowsAndForbids',
    },
  ],
};
