import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const l1CrossDomainMessenger: MutatedSource = {
  source: 'contracts/L1/L1CrossDomainMessenger.sol',
  mutants: [
    {
      rule: 'a pause can be ended',
      find: '        _unpause();',
      replace: '',
      killedBy: 'L1/Roles.t.sol: test_APauseStopsRelayingAndLosesNothing',
    },
    {
      rule: 'the messenger owns nothing, itself included',
      find: 'PermanentlyOwned(initialOwner)',
      replace: 'PermanentlyOwned(address(this))',
      killedBy: 'peers/Spoofing.t.sol: test_TheMessengersHoldNoRole',
    },
  ],
};
