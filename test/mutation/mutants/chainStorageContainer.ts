import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const chainStorageContainer: MutatedSource = {
  source: 'contracts/L1/ChainStorageContainer.sol',
  mutants: [
    {
      rule: 'only the owner writes',
      find: 'if (msg.sender != owner) revert ChainStorageContainer_NotOwner(msg.sender);',
      replace: '',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_TheContainerIsWrittenByItsOwnerAlone',
    },
    {
      rule: 'only the owner adds',
      find: 'function push(bytes32 element) external onlyOwner returns',
      replace: 'function push(bytes32 element) external returns',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_TheContainerIsWrittenByItsOwnerAlone',
    },
    {
      rule: 'only the owner cuts off',
      find: 'deleteElementsAfterInclusive(uint256 index) external onlyOwner inBounds(index)',
      replace: 'deleteElementsAfterInclusive(uint256 index) external inBounds(index)',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_TheContainerIsWrittenByItsOwnerAlone',
    },
    {
      rule: 'nothing is read at the end',
      find: 'if (index >= length) revert',
      replace: 'if (index > length) revert',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_TheContainerCutsOffAndGoesOn',
    },
    {
      rule: 'the length does not grow by a deletion',
      find: 'external onlyOwner inBounds(index) {',
      replace: 'external onlyOwner {',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_TheContainerCutsOffAndGoesOn',
    },
    {
      rule: 'what was cut off is not read',
      find: 'external view inBounds(index) returns',
      replace: 'external view returns',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_TheContainerCutsOffAndGoesOn',
    },
    {
      rule: 'the element itself is cut off, too',
      find: '        length = index;',
      replace: '        length = index + 1;',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_TheContainerCutsOffAndGoesOn',
    },
    {
      rule: 'elements stand one after the other',
      find: '        length = index + 1;',
      replace: '        length = index + 2;',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_TheContainerCutsOffAndGoesOn',
    },
    {
      rule: 'an element is kept',
      find: '_elements[index] = element;',
      replace: '',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_TheContainerCutsOffAndGoesOn',
    },
    {
      rule: 'no role can touch what is final',
      find: 'if (msg.sender != owner) revert ChainStorageContainer_NotOwner(msg.sender);',
      replace: '',
      killedBy: 'peers/Lifecycle.t.sol: test_NoRoleCanChangeTheWindowOrMarkAMessage',
    },
    {
      rule: 'the element that is named is cut off, too',
      find: 'length = index;',
      replace: 'delete _elements[index];',
      killedBy: 'L1/StateCommitmentChain.t.sol: test_TheContainerCutsOffAndGoesOn',
    },
  ],
};
