import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import * as xdm from '../../sdk/index.ts';

interface Export {
  readonly name: string;
  readonly isType: boolean;
  /** The file that defines it. */
  readonly file: string;
}

/** What sdk/index.ts exports, by its text: types are gone when it runs. */
function exportsOf(index: string): Export[] {
  return [...index.matchAll(/export (?<type>type )?\{(?<names>[^}]*)\} from '(?<path>[^']+)';/gu)].flatMap((match) => {
    const { type, names, path } = match.groups as { type?: string; names: string; path: string };
    const words = names.split(',').map((word) => word.trim());
    return words
      .filter((word) => word !== '')
      .map((word) => ({
        name: word.replace(/^type /u, ''),
        isType: type !== undefined || word.startsWith('type '),
        file: join('sdk', path),
      }));
  });
}

const EXPORTS = exportsOf(readFileSync('sdk/index.ts', 'utf8'));
const namesOf = (isType: boolean): string[] =>
  EXPORTS.filter((each) => each.isType === isType)
    .map(({ name }) => name)
    .toSorted();

/** Names, those with the same first letter in a line. */
function linesOf(names: readonly string[]): string {
  const lines = Object.values(Object.groupBy(names, (name) => name[0]!)).map((some) => some!.join(' '));
  return `\n${lines.join('\n')}\n`;
}

describe('the entry of the package', () => {
  test('exports these functions, classes and constants', () => {
    expect(Object.keys(xdm).toSorted()).toEqual(namesOf(false));
    expect(linesOf(namesOf(false))).toMatchInlineSnapshot(`
      "
      BeaconNode
      ETHEREUM_MAINNET
      MAX_STATE_BATCH_SIZE MESSAGE_STATUSES MESSAGE_VERSION MessageTree
      XdmError
      acceptOwnership addChain additionCallsLeft applyL1ToL2Alias
      buildAcceptances buildAllowance buildAttestorConfiguration buildChallenge buildOwnerCall buildPath buildPaths buildProof buildRemoteCallerCall buildRoleCalls buildSealedHeaderConfiguration buildStateBatchTree buildSyncCommitteeConfiguration buildTransferIn
      callAsOwner challengeBatch checkHistoryWindow compareBatch connectL1 connectL2 connectLane connectOmnichain
      decodeMessageData decodeNonce deployGateways deployLane deployOmnichain describeRevert disconnect disconnectOmnichain
      encodeBootstrap encodeDeposit encodeMessage encodeMessageData encodeNonce encodeUpdate estimateOmnichain
      findLightClient
      getAllowlist getLightClientStatus getMessages getOrderTrace getOrders getRoles getStatus getStatuses getTransferPreview
      hashMessage
      listMessages listOrders
      maintainerOf messageKey
      orderIdOf
      packStorageProof parseAddition parseBootstrap parseDeliveries parseDeployment parseDeposit parseLanePlan parseMessageRoots parseOmnichainDeployment parseOmnichainPlan parseQueueElements parseSentMessages parseUpdate pauseRelaying planAddition planLane planOmnichain planRelay plannedLane
      queueSourceHash
      readStorageProof readyAt relayMessage relayMessages retryMessageIn rootOfPeaks
      sendMessage sentMessageSlot serializeAddition serializeDeployment serializeLanePlan serializeOmnichainDeployment serializeOmnichainPlan setAllowed setRole statusOf
      transferIn transferOut treeCommitment treeCommitmentSlot
      undoL1ToL2Alias unpauseRelaying updateLightClient
      waitForOrder waitForRelay
      "
    `);
  });

  test('exports these types', () => {
    expect(linesOf(namesOf(true))).toMatchInlineSnapshot(`
      "
      AcceptanceCall AddChainParameters AddedChain AdditionStep Allowlist AllowlistChange AttestorTerms
      BeaconBootstrap BeaconNetwork BeaconUpdate BuiltPath BuiltProof BuiltTransferIn
      ChainAddition ChainEstimate ChainPlan ChallengeBatchParameters ChallengeChoice ChallengedBatch ComparedBatch ConnectLaneOptions ConnectOmnichainOptions ConnectedChain
      DeliveryEvent DeliveryStatus DeployGatewaysParameters DeployLaneOptions DeployOmnichainParameters Deployment DeploymentStep Deposit DepositEvent DepositMode
      Envelope ErrorCode ErrorDetails
      FoundLightClient
      GatewayPair
      HeaderForm
      L1Client L1Prices L2Client Lane LaneClient LaneIdentity LaneMessage LanePlan LaneRole LaneSigners LaneTerms LightClientChoice LightClientConfiguration LightClientKind LightClientMaintainer LightClientPlan LightClientStatus LogPosition
      MaintenanceCall MaintenanceSource Message MessageData MessageFacts MessageProof MessageRootProven MessageState MessageStatus
      NewChain
      OmnichainChain OmnichainClient OmnichainDeployment OmnichainFee OmnichainLightClient OmnichainPlace OmnichainPlan OmnichainStep OrderAttempt OrderEvent OrderHop OrderLightClient OrderRoute OrderStatus OrderTrace OwnedContract OwnerAction OwnerCall
      PlanAdditionParameters PlanLaneParameters PlanOmnichainParameters PlannedBetween PlannedChain PlannedLightClient ProvableTree ProvenRoot ProvenSlot ProvenTree
      QueueElement
      RawLog RelayCallbacks RelayMessageParameters RelayMessagesParameters RelayOutcome RelayPlan RelayResult Relayable RelayableMessage RelayedMessage RemoteCaller RetryMessageParameters RoleAction RoleCall RoleHolder RoleSender
      SealedHeaderTerms SendMessageParameters SendingTransaction SentMessage SentOrder SentOwnerCall SentRoleCall SentUpdate ServiceCall SetAllowedParameters SetRoleParameters Side StateBatch StateBatchTree StateBatchVerdict StateRootProof SyncCommittee SyncCommitteeTerms
      TransferInParameters TransferInResult TransferOutParameters TransferPreview TransferPreviewParameters TreeRelay
      UpdateLightClientParameters
      WaitForOrderParameters WaitForRelayParameters
      "
    `);
  });

  test('exports nothing as a whole', () => {
    const statements = readFileSync('sdk/index.ts', 'utf8').match(/^export /gmu);
    expect(statements).toHaveLength(new Set(EXPORTS.map(({ file }) => file)).size);
  });

  test.each(EXPORTS)('documents $name where it is defined', ({ name, file }) => {
    const documented = new RegExp(
      String.raw`\*/\nexport (?:async )?(?:function\*?|class|interface|type|const) ${name}\b`,
      'u',
    );
    expect(readFileSync(file, 'utf8')).toMatch(documented);
  });
});
