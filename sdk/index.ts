// What users of xdm import. Every name is documented in the file that defines it.
export { acceptOwnership, buildAcceptances, type AcceptanceCall } from './actions/acceptOwnership.ts';
export type { RelayResult } from './actions/attemptRelay.ts';
export { buildPath, buildPaths, type BuiltPath } from './actions/buildPath.ts';
export { buildProof, type BuiltProof } from './actions/buildProof.ts';
export {
  buildChallenge,
  challengeBatch,
  type ChallengeBatchParameters,
  type ChallengeChoice,
  type ChallengedBatch,
  compareBatch,
  type ComparedBatch,
} from './actions/challengeBatch.ts';
export { deployGateways, type DeployGatewaysParameters, type GatewayPair } from './actions/deployGateways.ts';
export { deployLane, type DeployLaneOptions, type DeploymentStep } from './actions/deployLane.ts';
export { type Allowlist, getAllowlist } from './actions/getAllowlist.ts';
export { getMessages } from './actions/getMessages.ts';
export { getRoles, type RoleHolder } from './actions/getRoles.ts';
export { getStatus, getStatuses, type MessageState } from './actions/getStatus.ts';
export { listMessages } from './actions/listMessages.ts';
export {
  addChain,
  type AddChainParameters,
  type AddedChain,
  additionCallsLeft,
  type AdditionStep,
} from './actions/omnichain/addChain.ts';
export { buildRemoteCallerCall, type RemoteCaller } from './actions/omnichain/addRemoteCaller.ts';
export { callAsOwner, type SentOwnerCall } from './actions/omnichain/callAsOwner.ts';
export {
  deployOmnichain,
  type DeployOmnichainParameters,
  estimateOmnichain,
  type OmnichainStep,
} from './actions/omnichain/deployOmnichain.ts';
export { getLightClientStatus, type LightClientStatus } from './actions/omnichain/getLightClientStatus.ts';
export { getOrders, type SendingTransaction } from './actions/omnichain/getOrders.ts';
export {
  getOrderTrace,
  type OrderHop,
  type OrderLightClient,
  type OrderStatus,
  type OrderTrace,
} from './actions/omnichain/getOrderTrace.ts';
export {
  getTransferPreview,
  type TransferPreview,
  type TransferPreviewParameters,
} from './actions/omnichain/getTransferPreview.ts';
export { listOrders } from './actions/omnichain/listOrders.ts';
export { type NewChain, planAddition, type PlanAdditionParameters } from './actions/omnichain/planAddition.ts';
export {
  type LightClientPlan,
  type OmnichainFee,
  type OmnichainPlace,
  planOmnichain,
  type PlanOmnichainParameters,
} from './actions/omnichain/planOmnichain.ts';
export {
  buildTransferIn,
  type BuiltTransferIn,
  retryMessageIn,
  type RetryMessageParameters,
  transferIn,
  type TransferInParameters,
  type TransferInResult,
} from './actions/omnichain/transferIn.ts';
export { type SentOrder, transferOut, type TransferOutParameters } from './actions/omnichain/transferOut.ts';
export {
  type SentUpdate,
  updateLightClient,
  type UpdateLightClientParameters,
} from './actions/omnichain/updateLightClient.ts';
export { waitForOrder, type WaitForOrderParameters } from './actions/omnichain/waitForOrder.ts';
export { pauseRelaying } from './actions/pauseRelaying.ts';
export { planLane, type PlanLaneParameters } from './actions/planLane.ts';
export { relayMessage, type RelayMessageParameters } from './actions/relayMessage.ts';
export { relayMessages, type RelayMessagesParameters } from './actions/relayMessages.ts';
export type { ProvenRoot, RelayCallbacks, RelayedMessage, RelayOutcome } from './actions/relayRun.ts';
export { sendMessage, type SendMessageParameters } from './actions/sendMessage.ts';
export { type AllowlistChange, buildAllowance, setAllowed, type SetAllowedParameters } from './actions/setAllowed.ts';
export { setRole, type SetRoleParameters } from './actions/setRole.ts';
export { unpauseRelaying } from './actions/unpauseRelaying.ts';
export { waitForRelay, type WaitForRelayParameters } from './actions/waitForRelay.ts';
export {
  connectL1,
  connectL2,
  connectLane,
  type ConnectLaneOptions,
  disconnect,
  type L1Client,
  type L2Client,
  type LaneClient,
} from './chain/client.ts';
export type { MessageProof, StateRootProof } from './chain/contracts.ts';
export {
  type DeliveryEvent,
  type LogPosition,
  type MessageRootProven,
  parseDeliveries,
  parseMessageRoots,
  parseQueueElements,
  parseSentMessages,
  type QueueElement,
  type RawLog,
  type SentMessage,
} from './chain/logs.ts';
export type { LaneMessage } from './chain/messages.ts';
export { buildOwnerCall, type OwnerAction, type OwnerCall } from './chain/omnichain/ownerCalls.ts';
export type { ChainEstimate } from './chain/omnichain/plannedCreations.ts';
export type { ServiceCall } from './chain/omnichain/serviceCalls.ts';
export { BeaconNode } from './chain/omnichain/beaconNode.ts';
export {
  type ConnectedChain,
  connectOmnichain,
  type ConnectOmnichainOptions,
  disconnectOmnichain,
  type OmnichainClient,
} from './chain/omnichain/client.ts';
export type { OrderAttempt, OrderEvent } from './chain/omnichain/logs.ts';
export {
  type AttestorTerms,
  buildAttestorConfiguration,
  buildSealedHeaderConfiguration,
  buildSyncCommitteeConfiguration,
  type LightClientConfiguration,
  type SealedHeaderTerms,
  type SyncCommitteeTerms,
} from './chain/omnichain/maintenance/configurations.ts';
export { checkHistoryWindow } from './chain/omnichain/maintenance/historyWindow.ts';
export type { LightClientMaintainer, MaintenanceCall } from './chain/omnichain/maintenance/maintainer.ts';
export {
  findLightClient,
  type FoundLightClient,
  type LightClientChoice,
  maintainerOf,
  type MaintenanceSource,
} from './chain/omnichain/maintenance/maintainerOf.ts';
export type { ProvenTree } from './chain/proofs.ts';
export { describeRevert } from './chain/reverts.ts';
export {
  buildRoleCalls,
  type OwnedContract,
  type RoleAction,
  type RoleCall,
  type RoleSender,
  type SentRoleCall,
} from './chain/roleCalls.ts';
export type { LaneSigners } from './chain/signers.ts';
export type { StateBatch } from './chain/stateBatches.ts';
export { queueSourceHash } from './core/deposit.ts';
export {
  type Deployment,
  type DepositMode,
  parseDeployment,
  serializeDeployment,
  type Side,
} from './core/deployment.ts';
export { type ErrorCode, type ErrorDetails, XdmError } from './core/errors.ts';
export type { Lane } from './core/lane.ts';
export {
  type ChainPlan,
  type LanePlan,
  type LaneRole,
  type LaneTerms,
  parseLanePlan,
  plannedLane,
  serializeLanePlan,
} from './core/lanePlan.ts';
export {
  decodeNonce,
  encodeMessage,
  encodeNonce,
  type LaneIdentity,
  type Message,
  MESSAGE_VERSION,
  messageKey,
  sentMessageSlot,
} from './core/message.ts';
export { MessageTree, rootOfPeaks, treeCommitment, treeCommitmentSlot } from './core/messageTree.ts';
export {
  type ChainAddition,
  parseAddition,
  type PlannedLightClient,
  serializeAddition,
} from './core/omnichain/addition.ts';
export {
  type OmnichainPlan,
  parseOmnichainPlan,
  type PlannedBetween,
  type PlannedChain,
  serializeOmnichainPlan,
} from './core/omnichain/plan.ts';
export {
  type HeaderForm,
  type LightClientKind,
  type OmnichainChain,
  type OmnichainDeployment,
  type OmnichainLightClient,
  parseOmnichainDeployment,
  serializeOmnichainDeployment,
} from './core/omnichain/deployment.ts';
export { type Envelope, type OrderRoute, orderIdOf } from './core/omnichain/envelope.ts';
export {
  type BeaconBootstrap,
  type BeaconUpdate,
  parseBootstrap,
  parseUpdate,
  type SyncCommittee,
} from './core/omnichain/lightClient/beaconApi.ts';
export { type BeaconNetwork, ETHEREUM_MAINNET } from './core/omnichain/lightClient/forks.ts';
export { encodeBootstrap, encodeUpdate } from './core/omnichain/lightClient/syncCommittee.ts';
export { decodeMessageData, encodeMessageData, type MessageData } from './core/omnichain/messageData.ts';
export {
  applyL1ToL2Alias,
  type Deposit,
  type DepositEvent,
  encodeDeposit,
  hashMessage,
  parseDeposit,
  undoL1ToL2Alias,
} from './core/optimism.ts';
export type { ProvableTree, RelayableMessage } from './core/relayGas.ts';
export { type L1Prices, planRelay, type Relayable, type RelayPlan, type TreeRelay } from './core/relayPlan.ts';
export { buildStateBatchTree, MAX_STATE_BATCH_SIZE, type StateBatchTree } from './core/stateBatchTree.ts';
export type { StateBatchVerdict } from './core/stateBatchVerdict.ts';
export {
  type DeliveryStatus,
  MESSAGE_STATUSES,
  type MessageFacts,
  type MessageStatus,
  readyAt,
  statusOf,
} from './core/status.ts';
export { packStorageProof, type ProvenSlot, readStorageProof } from './core/storageProof.ts';
