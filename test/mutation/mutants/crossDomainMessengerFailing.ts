import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const crossDomainMessengerFailing: MutatedSource = {
  source: 'contracts/CrossDomainMessenger.sol',
  mutants: [
    {
      rule: 'a failed call is told',
      find: '            _emitFailure(messageHash, reason);\n        }',
      replace: '        }',
      killedBy: 'L2/FirstDelivery.t.sol: test_RecordsAFailureWhenTheTargetReverts',
    },
    {
      rule: 'a failure without a call is told',
      find: 'attempted(DeliveryStatus.Failed);\n        _emitFailure(messageHash, reason);',
      replace: 'attempted(DeliveryStatus.Failed);\n        reason;',
      killedBy: 'L2/FirstDelivery.t.sol: test_RecordsAFailureWhenTheTargetIsRefused',
    },
  ],
};
