import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const syncCommitteeLightClientStarting: MutatedSource = {
  source: 'contracts/omnichain/lightclient/SyncCommitteeLightClient.sol',
  mutants: [
    {
      rule: 'it starts from the trusted block',
      find: 'if (root != trustedBlockRoot) revert SyncCommitteeLightClient_UntrustedBlock(trustedBlockRoot, root);',
      replace: 'root; trustedBlockRoot;',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheHeaderIsNotTheTrustedBlocks',
    },
    {
      rule: 'it starts from no block of the future',
      find: 'if (beginsAt > block.timestamp) revert SyncCommitteeLightClient_SlotInFuture(header.slot, beginsAt);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheTrustedBlocksSlotHasNotBegun',
    },
    {
      rule: "it starts from the trusted block's payload",
      find: '        _verifyExecution(header, bootstrap.execution);\n',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheExecutionBlockIsNotTheTrustedBlocksPayload',
    },
    {
      rule: 'a slot takes time',
      find: 'configuration.secondsPerSlot != 0 && ',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ALengthOfTimeIsZero',
    },
    {
      rule: 'an epoch has slots',
      find: 'configuration.slotsPerEpoch != 0\n            && configuration.epochs',
      replace: 'configuration.epochs',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ALengthOfTimeIsZero',
    },
    {
      rule: 'a committee has members',
      find: 'configuration.committeeSize != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheCommitteesSizeIsNoPowerOfTwo',
    },
    {
      rule: "a committee's size is a power of two",
      find: 'configuration.committeeSize & (configuration.committeeSize - 1) == 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheCommitteesSizeIsNoPowerOfTwo',
    },
    {
      rule: 'there is a fork',
      find: ' && table.length != 0',
      replace: ' ',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ThereIsNoFork',
    },
    {
      rule: 'the final root has a place',
      find: 'fork.finalizedRoot != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_AForkNamesNoPlace',
    },
    {
      rule: 'the current committee has a place',
      find: 'fork.currentCommittee != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_AForkNamesNoPlace',
    },
    {
      rule: 'the next committee has a place',
      find: 'fork.nextCommittee != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_AForkNamesNoPlace',
    },
    {
      rule: 'number and hash are two nodes',
      find: 'fork.blockNumber != fork.blockHash',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_NumberAndHashAreOneNode',
    },
    {
      rule: 'number and hash are of one height',
      find: 'SSZ.log2(fork.blockNumber) == SSZ.log2(fork.blockHash)',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_NumberAndHashAreNotOfOneHeight',
    },
    {
      rule: 'a configuration is looked at',
      find: '        _requireSound(configuration);\n',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_NumberAndHashAreNotOfOneHeight',
    },
    {
      rule: 'what is not sound is refused',
      find: 'if (!isSound) revert SyncCommitteeLightClient_Misconfigured();',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_NumberAndHashAreNotOfOneHeight',
    },
    {
      rule: "it starts from the trusted state's committee",
      find: '        _requireRoot(\n            header.stateRoot,\n            SSZ.rootOf(bootstrap.committee, _forkAt(header.slot).currentCommittee, bootstrap.committeeBranch)\n        );\n',
      replace: '',
      killedBy:
        'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_TheCommitteeIsNotInTheTrustedState',
    },
    {
      rule: 'the trusted block is announced',
      find: 'emit FinalityAdvanced(header.slot, bootstrap.execution.number);',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_TheTrustedBlocksAreEmitted',
    },
    {
      rule: 'a period has epochs',
      find: 'configuration.epochsPerPeriod != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ALengthOfTimeIsZero',
    },
    {
      rule: 'sound forks do not make up for the rest',
      find: 'isSound = isSound && (i',
      replace: 'isSound = (i',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ALengthOfTimeIsZero',
    },
    {
      rule: 'the second fork comes after the first',
      find: '(i == 0 || fork',
      replace: '(i <= 1 || fork',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ForksAreNotInOrder',
    },
    {
      rule: 'no two forks begin at once',
      find: 'fork.epoch > table[i - 1].epoch',
      replace: 'fork.epoch >= table[i - 1].epoch',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ForksAreNotInOrder',
    },
    {
      rule: 'the number has a place',
      find: 'fork.blockNumber != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_AForkNamesNoPlace',
    },
    {
      rule: 'the hash has a place',
      find: 'fork.blockHash != 0',
      replace: 'true',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_AForkNamesNoPlace',
    },
    {
      rule: 'each fork is kept',
      find: 'i < configuration.forks.length; ++i',
      replace: 'i < 1; ++i',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_TheConfigurationCanBeRead',
    },
    {
      rule: 'a fork is kept',
      find: '_forks.push(configuration.forks[i]);',
      replace: '_forks.push(configuration.forks[0]);',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_TheConfigurationCanBeRead',
    },
    {
      rule: 'it starts once it is deployed',
      find: '        _start(configuration.trustedBlockRoot, configuration.bootstrap);\n',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_TheTrustedBlocksAreEmitted',
    },
    {
      rule: 'the trusted block becomes the head',
      find: '        _trustHead(bootstrap.execution.number, bootstrap.execution.blockHash, beginsAt);\n',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheTrustedBlockIsKnown',
    },
    {
      rule: "the trusted block's committee is known",
      find: '        _learn(_periodOf(header.slot), bootstrap.committee);\n',
      replace: '',
      killedBy: 'omnichain/lightclient/SyncCommitteeUpdates.t.sol: test_TheTrustedBlockIsKnown',
    },
    {
      rule: 'each fork is looked at',
      find: 'i < table.length; ++i',
      replace: 'i < 1; ++i',
      killedBy: 'omnichain/lightclient/SyncCommitteeDeployment.t.sol: test_RevertWhen_ForksAreNotInOrder',
    },
  ],
};
