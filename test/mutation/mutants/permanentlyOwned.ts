import type { MutatedSource } from '../../../tools/mutation/mutant.ts';

export const permanentlyOwned: MutatedSource = {
  source: 'contracts/access/PermanentlyOwned.sol',
  mutants: [
    {
      rule: 'the owner cannot give up',
      find: 'function renounceOwnership() public pure override {\n        revert PermanentlyOwned_NotRenounceable();',
      replace: 'function renounceOwnership() public override {\n        super.renounceOwnership();',
      killedBy: 'L1/Roles.t.sol: test_RevertWhen_TheOwnerGivesUp',
    },
    {
      rule: 'ownership is handed over in two steps',
      find: '    /// @notice Always reverts.',
      replace:
        '    function transferOwnership(address newOwner) public override onlyOwner {\n        _transferOwnership(newOwner);\n    }\n',
      killedBy: 'L1/Roles.t.sol: test_OwnershipIsHandedOverInTwoSteps',
    },
  ],
};
