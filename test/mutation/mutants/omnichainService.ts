import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const omnichainService: MutatedSource = {
  source: 'contracts/omnichain/OmnichainService.sol',
  mutants: [
    {
      rule: 'there is a relay chain',
      find: 'relayChainId_ == 0 || relayChainId_ == block.chainid',
      replace: 'relayChainId_ == block.chainid',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_TheRelayChainIsThisOne',
    },
    {
      rule: 'the relay chain is another',
      find: 'relayChainId_ == 0 || relayChainId_ == block.chainid',
      replace: 'relayChainId_ == 0',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_TheRelayChainIsThisOne',
    },
    {
      rule: 'the relay chain alone is read',
      find: 'return chainId == relayChainId;',
      replace: 'return chainId == 1002 || chainId == 9;',
      killedBy: 'omnichain/ChainRegistry.t.sol: test_RevertWhen_AServiceIsToReadAnotherChainThanTheRelayChain',
    },
    {
      rule: 'a message is for this chain',
      find: 'if (!_isForHere(order)) revert OmnichainService_WrongDestination(order.toChain);',
      replace: '',
      killedBy: 'omnichain/BrokenServices.t.sol: test_RevertWhen_TheDestinationIsAnotherChain',
    },
    {
      rule: 'what the relay chain sends had no target there',
      find: 'if (version == RELAYED_VERSION && order.fromChain == chainId) revert OmnichainService_VersionRefused(version);',
      replace: '',
      killedBy: 'omnichain/BrokenServices.t.sol: test_RevertWhen_AnAnswerIsToWhatTheRelayChainSent',
    },
    {
      rule: 'a message for another chain is left to it',
      find: 'return order.toChain == block.chainid;',
      replace: 'return order.toChain != relayChainId;',
      killedBy: 'omnichain/BrokenServices.t.sol: test_RevertWhen_TheDestinationIsAnotherChain',
    },
    {
      rule: 'the relay chain sends, too',
      find: 'version == RELAYED_VERSION && ',
      replace: '',
      killedBy: 'omnichain/Route.t.sol: test_AMessageGoesFromTheRelayChainToB',
    },
    {
      rule: 'answers to others are taken',
      find: ' && order.fromChain == chainId',
      replace: '',
      killedBy: 'omnichain/Route.t.sol: test_ATargetOnTheRelayChainSaysWhatGoesOn',
    },
  ],
};
