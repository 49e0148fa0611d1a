import type { ContractErrorMeaning } from '../contractErrors.ts';

const NOT_A_PROOF: ContractErrorMeaning = {
  code: 'proof-invalid',
  hint: 'build the proof again, with a node of the same chain',
};
const NOT_AN_UPDATE: ContractErrorMeaning = {
  code: 'update-invalid',
  hint: 'fetch the update again, from a node of the same chain',
};
const NOT_AN_ATTESTATION: ContractErrorMeaning = {
  code: 'update-invalid',
  hint: 'have it signed by the signers of this epoch, for this light client',
};
const MISCONFIGURED: ContractErrorMeaning = { code: 'misconfigured', hint: "check the light client's parameters" };

/** By the name of the error: those of light clients. */
export const LIGHT_CLIENT_ERRORS: Readonly<Record<string, ContractErrorMeaning>> = {
  AttestorLightClient_InvalidSignature: NOT_AN_ATTESTATION,
  AttestorLightClient_MalformedSignatures: NOT_AN_ATTESTATION,
  AttestorLightClient_NoBlockHash: { code: 'invalid-argument', hint: 'attest the hash of a block' },
  AttestorLightClient_SignersNotAscending: {
    code: 'invalid-argument',
    hint: 'put signers and their signatures into the ascending order of their addresses, each but once',
  },
  AttestorLightClient_ThresholdOutOfBounds: MISCONFIGURED,
  AttestorLightClient_TooFewSignatures: { code: 'update-invalid', hint: 'gather the signatures of more signers' },
  AttestorLightClient_UnknownSigner: NOT_AN_ATTESTATION,
  BLS12381_Infinity: NOT_AN_UPDATE,
  BLS12381_Refused: NOT_AN_UPDATE,
  BlockHeader_MalformedField: NOT_A_PROOF,
  BlockHeader_TrailingBytes: NOT_A_PROOF,
  ExpiringLightClient_Expired: {
    code: 'light-client-expired',
    hint: 'the light client was left alone for too long: have it replaced',
  },
  ExpiringLightClient_PeriodOutOfBounds: MISCONFIGURED,
  InvalidShortString: MISCONFIGURED,
  LightClient_Frozen: {
    code: 'light-client-frozen',
    hint: 'two blocks of one height were vouched for: have the light client replaced',
  },
  LightClient_HeaderMismatch: NOT_A_PROOF,
  LightClient_NoAncestor: NOT_A_PROOF,
  LightClient_StateMismatch: NOT_A_PROOF,
  LightClient_UnknownBlock: { code: 'not-ready', hint: 'wait until the light client knows the block, or update it' },
  SSZ_BranchLength: NOT_AN_UPDATE,
  SealedHeaderLightClient_DuplicateSeal: NOT_AN_UPDATE,
  SealedHeaderLightClient_InvalidSeal: NOT_AN_UPDATE,
  SealedHeaderLightClient_MalformedExtraData: {
    code: 'update-invalid',
    hint: "give the header in the form that hashes to the block's hash, and check the scheme of its chain",
  },
  SealedHeaderLightClient_MalformedSeals: NOT_AN_UPDATE,
  SealedHeaderLightClient_MalformedValidators: {
    code: 'update-invalid',
    hint: 'follow a chain whose headers list 1 to 256 validators',
  },
  SealedHeaderLightClient_NoConflict: {
    code: 'invalid-argument',
    hint: 'report a block that conflicts with a known one',
  },
  SealedHeaderLightClient_NotNewer: { code: 'update-known', hint: 'wait for the next block' },
  SealedHeaderLightClient_NotTrustedValidators: {
    code: 'update-out-of-order',
    hint: "give the list of validators of the light client's head",
  },
  SealedHeaderLightClient_TooFewSeals: NOT_AN_UPDATE,
  SealedHeaderLightClient_TooFewTrustedSeals: {
    code: 'update-out-of-order',
    hint: 'take the blocks before at which the validators changed first, one after the other',
  },
  SealedHeaderLightClient_UnexpectedRound: NOT_AN_UPDATE,
  SealedHeaderLightClient_UnknownSigner: {
    code: 'update-invalid',
    hint: 'give the seals of this header, and the round in which it was sealed',
  },
  StringTooLong: MISCONFIGURED,
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
