import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const laneDeployer: MutatedSource = {
  source: 'contracts/deploy/LaneDeployer.sol',
  mutants: [
    {
      rule: 'only the owner deploys',
      find: 'if (msg.sender != owner) revert LaneDeployer_NotOwner(msg.sender);',
      replace: '',
      killedBy: 'deploy/LaneDeployer.t.sol: test_RevertWhen_AnyoneButTheOwnerDeploys',
    },
    {
      rule: 'a salt is used once',
      find: 'if (deployed.code.length != 0) revert LaneDeployer_SaltUsed(salt, deployed);',
      replace: '',
      killedBy: 'deploy/LaneDeployer.t.sol: test_RevertWhen_TheSaltWasUsed',
    },
    {
      rule: 'value goes to the constructor',
      find: 'Create3.deploy(msg.value, salt, creationCode)',
      replace: 'Create3.deploy(0, salt, creationCode)',
      killedBy: 'deploy/LaneDeployer.t.sol: test_ValueGoesToTheConstructor',
    },
  ],
};
