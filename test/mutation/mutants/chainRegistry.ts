import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const chainRegistry: MutatedSource = {
  source: 'contracts/omnichain/ChainRegistry.sol',
  within: 'OmnichainRelayService',
  mutants: [
    {
      rule: 'the delay is not too short',
      find: 'delay < MIN_LIGHT_CLIENT_DELAY || ',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_TheDelayIsOutOfBounds',
    },
    {
      rule: 'the delay is not too long',
      find: ' || delay > MAX_LIGHT_CLIENT_DELAY',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_TheDelayIsOutOfBounds',
    },
    {
      rule: 'the owner alone adds chains',
      find: 'registerChain(uint256 chainId, address service, ILightClient lightClient) external onlyOwner',
      replace: 'registerChain(uint256 chainId, address service, ILightClient lightClient) external',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AnybodyElseDoesWhatTheOwnerDoes',
    },
    {
      rule: 'the owner alone announces',
      find: 'proposeLightClient(uint256 chainId, ILightClient lightClient) external onlyOwner',
      replace: 'proposeLightClient(uint256 chainId, ILightClient lightClient) external',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AnybodyElseDoesWhatTheOwnerDoes',
    },
    {
      rule: 'the owner alone takes back',
      find: 'cancelLightClient(uint256 chainId) external onlyOwner',
      replace: 'cancelLightClient(uint256 chainId) external',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AnybodyElseDoesWhatTheOwnerDoes',
    },
    {
      rule: 'the owner alone replaces',
      find: 'applyLightClient(uint256 chainId) external onlyOwner',
      replace: 'applyLightClient(uint256 chainId) external',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AnybodyElseDoesWhatTheOwnerDoes',
    },
    {
      rule: 'a chain is not zero',
      find: 'chainId == 0 || service == address(0)',
      replace: 'service == address(0)',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AChainIsZero',
    },
    {
      rule: 'a service is not zero',
      find: 'chainId == 0 || service == address(0)',
      replace: 'chainId == 0',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AChainIsZero',
    },
    {
      rule: 'this chain is not added',
      find: 'chainId == block.chainid || chain.service != address(0)',
      replace: 'chain.service != address(0)',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AChainIsAddedAgain',
    },
    {
      rule: 'a chain is added once',
      find: 'chainId == block.chainid || chain.service != address(0)',
      replace: 'chainId == block.chainid',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AChainIsAddedAgain',
    },
    {
      rule: 'a light client is of its chain',
      find: 'if (_isRead(chainId)) _checkLightClient(chainId, lightClient);\n        else ',
      replace: 'if (!_isRead(chainId)) ',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_ALightClientIsOfAnotherChain',
    },
    {
      rule: 'only a known chain gets another light client',
      find: '        _serviceOf(chainId);\n',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_TheChainIsNotKnown',
    },
    {
      rule: 'an announced light client is of its chain',
      find: '        _checkLightClient(chainId, lightClient);\n\n',
      replace: '\n',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_ALightClientIsOfAnotherChain',
    },
    {
      rule: 'the delay is waited for',
      find: 'if (block.timestamp < applicableFrom)',
      replace: 'if (applicableFrom == 0)',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_ReplacingALightClientTakesTwoStepsAndTheDelay',
    },
    {
      rule: 'the delay counts from the announcement',
      find: 'block.timestamp + lightClientDelay',
      replace: 'block.timestamp',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_ReplacingALightClientTakesTwoStepsAndTheDelay',
    },
    {
      rule: 'a light client is announced first',
      find: 'if (address(lightClient) == address(0)) revert ChainRegistry_NothingProposed(chainId);',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_ReplacingALightClientTakesTwoStepsAndTheDelay',
    },
    {
      rule: 'an announcement is used once',
      find: '        (chain.proposed, chain.applicableFrom) = (ILightClient(address(0)), 0);\n',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_AProposalIsAppliedOnce',
    },
    {
      rule: 'an account without code is no light client',
      find: 'address(lightClient).code.length == 0 ? 0 : ',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_ALightClientIsOfAnotherChain',
    },
    {
      rule: 'a new chain is announced',
      find: '        emit ChainRegistered(chainId, service, address(lightClient));\n',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_AChainIsAdded',
    },
    {
      rule: 'a proposal is announced',
      find: '        emit LightClientProposed(chainId, address(lightClient), applicableFrom);\n',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_AProposalIsSeenAndCancelled',
    },
    {
      rule: 'what was taken back is announced',
      find: 'emit LightClientProposalCancelled(chainId, address(_takeProposal(chainId)));',
      replace: '_takeProposal(chainId);',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_AProposalIsSeenAndCancelled',
    },
    {
      rule: 'a replacement takes the place',
      find: '        _chains[chainId].lightClient = lightClient;\n',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_ReplacingALightClientTakesTwoStepsAndTheDelay',
    },
    {
      rule: 'a replacement is announced',
      find: '        emit LightClientReplaced(chainId, address(lightClient));\n',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_AProposalIsAppliedOnce',
    },
    {
      rule: "a light client's chain is compared",
      find: 'if (actual != chainId) revert ChainRegistry_WrongLightClient(chainId, actual);',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_ALightClientIsOfAnotherChain',
    },
    {
      rule: 'a new chain is known from then on',
      find: '        (chain.service, chain.lightClient) = (service, lightClient);\n',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_AChainIsAdded',
    },
    {
      rule: 'a proposal is known from then on',
      find: '        (chain.proposed, chain.applicableFrom) = (lightClient, uint64(applicableFrom));\n',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_AProposalIsSeenAndCancelled',
    },
  ],
};

/** What the service of a chain that is not the relay chain refuses. */
export const chainRegistryOfAChain: MutatedSource = {
  source: 'contracts/omnichain/ChainRegistry.sol',
  within: 'OmnichainService',
  mutants: [
    {
      rule: 'what is not read has no light client',
      find: 'else if (address(lightClient) != address(0)) revert ChainRegistry_NotRead(chainId);',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AServiceIsToReadAnotherChainThanTheRelayChain',
    },
    {
      rule: 'what is not read gets no light client',
      find: 'if (!_isRead(chainId)) revert ChainRegistry_NotRead(chainId);',
      replace: '',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AServiceIsToReadAnotherChainThanTheRelayChain',
    },
    {
      rule: 'an unknown chain has no service',
      find: 'if (service == address(0)) revert ChainRegistry_UnknownChain(chainId);',
      replace: '',
      killedBy: 'omnichain/ShippedFaults.t.sol: test_AnUnknownDestinationIsRefused',
    },
    {
      rule: 'a chain without a light client is not read',
      find: '        if (address(lightClient) == address(0)) revert ChainRegistry_NotRead(chainId);\n    }\n\n    function _takeProposal',
      replace: '    }\n\n    function _takeProposal',
      killedBy: 'omnichain/ForgedProofs.t.sol: test_RevertWhen_TheChainIsNotRead',
    },
  ],
};
