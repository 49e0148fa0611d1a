import type { ContractErrorMeaning } from '../contractErrors.ts';

const NOT_A_PROOF: ContractErrorMeaning = {
  code: 'proof-invalid',
  hint: 'build the proof again, with a node of the same chain',
};
const NOT_AN_UPDATE: ContractErrorMeaning = {
  code: 'update-invalid',
  hint: 'fetch the update again, from a node of the same chain',
};
const MISCONFIGURED: ContractErrorMeaning = { code: 'misconfigured', hint: "check the light client's parameters" };

/** By the name of the error: those of light clients. */
export const LIGHT_CLIENT_ERRORS: Readonly<Record<string, ContractErrorMeaning>> = {
  BLS12381_Infinity: NOT_AN_UPDATE,
  BLS12381_Refused: NOT_AN_UPDATE,
  BlockHeader_MalformedField: NOT_A_PROOF,
  BlockHeader_TrailingBytes: NOT_A_PROOF,
  LightClient_Frozen: {
    code: 'light-client-frozen',
    hint: 'two blocks of one height were vouched for: have the light client replaced',
  },
  LightClient_HeaderMismatch: NOT_A_PROOF,
  LightClient_NoAncestor: NOT_A_PROOF,
  LightClient_StateMismatch: NOT_A_PROOF,
  LightClient_UnknownBlock: { code: 'not-ready', hint: 'wait until the light client knows the block, or update it' },
  SSZ_BranchLength: NOT_AN_UPDATE,
  SyncCommitteeLightClient_AbsentKeyMismatch: NOT_AN_UPDATE,
  SyncCommitteeLightClient_AbsentKeyOutOfOrder: NOT_AN_UPDATE,
  SyncCommitteeLightClient_BranchMismatch: NOT_AN_UPDATE,
  SyncCommitteeLightClient_CommitteeMismatch: NOT_AN_UPDATE,
  SyncCommitteeLightClient_CommitteeNotFinal: {
    code: 'update-invalid',
    hint: 'leave the next committee out, or wait until finality has reached its period',
  },
  SyncCommitteeLightClient_ConflictingCommittee: {
    code: 'update-invalid',
    hint: 'two committees were vouched for: compare the node with others, and have the light client replaced',
  },
  SyncCommitteeLightClient_InvalidSignature: NOT_AN_UPDATE,
  SyncCommitteeLightClient_Misconfigured: MISCONFIGURED,
  SyncCommitteeLightClient_NoConflict: {
    code: 'invalid-argument',
    hint: 'report a block that conflicts with a known one',
  },
  SyncCommitteeLightClient_NothingNew: { code: 'update-known', hint: 'wait for the next final block' },
  SyncCommitteeLightClient_SlotInFuture: {
    code: 'not-ready',
    hint: 'wait until the slot begins by the clock of its chain',
  },
  SyncCommitteeLightClient_SlotsNotInOrder: NOT_AN_UPDATE,
  SyncCommitteeLightClient_TooManyAbsent: {
    code: 'update-invalid',
    hint: 'take an update that more than two thirds of the committee have signed',
  },
  SyncCommitteeLightClient_TrustExpired: {
    code: 'light-client-expired',
    hint: 'the light client was left alone for too long: have it replaced',
  },
  SyncCommitteeLightClient_UnknownCommittee: {
    code: 'update-out-of-order',
    hint: 'take the updates of the periods before first, one for each',
  },
  SyncCommitteeLightClient_UnknownFork: {
    code: 'update-invalid',
    hint: 'the light client knows no fork that is as old',
  },
  SyncCommitteeLightClient_UntrustedBlock: MISCONFIGURED,
};
