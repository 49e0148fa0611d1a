import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const expiringLightClient: MutatedSource = {
  source: 'contracts/omnichain/lightclient/ExpiringLightClient.sol',
  mutants: [
    {
      rule: 'trust expires',
      find: 'if (block.timestamp > end) revert ExpiringLightClient_Expired(end);',
      replace: 'end;',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_UpdatesAreTakenUntilTheTrustExpires',
    },
    {
      rule: 'trust lasts to the end of its period',
      find: 'if (block.timestamp > end)',
      replace: 'if (block.timestamp >= end)',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_UpdatesAreTakenUntilTheTrustExpires',
    },
    {
      rule: 'there is a trusting period',
      find: 'if (trustingPeriod_ == 0 || trusting',
      replace: 'if (trusting',
      killedBy:
        'omnichain/lightclient/SealedHeaders.t.sol: test_RevertWhen_DeployedWithoutATrustingPeriodOrWithOneThatNeverEnds',
    },
    {
      rule: 'the trusting period ends',
      find: ' || trustingPeriod_ > LONGEST_PERIOD) {',
      replace: ') {',
      killedBy:
        'omnichain/lightclient/SealedHeaders.t.sol: test_RevertWhen_DeployedWithoutATrustingPeriodOrWithOneThatNeverEnds',
    },
    {
      rule: 'the period counts from the head',
      find: 'return _headTimestamp() + trustingPeriod;',
      replace: 'return block.timestamp + trustingPeriod;',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_SealedBlockBecomesTheHead',
    },
    {
      rule: 'a clock that is ahead does not lengthen the trust',
      find: 'timestamp < block.timestamp ? timestamp : block.timestamp',
      replace: 'timestamp',
      killedBy: 'omnichain/lightclient/SealedHeaders.t.sol: test_ClockThatIsAheadDoesNotLengthenTheTrust',
    },
  ],
};
