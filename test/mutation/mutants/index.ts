import type { MutatedSource } from '../../../tools/mutation/mutant.ts';
import { addressAlias } from './addressAlias.ts';
import { attestorLightClient } from './attestorLightClient.ts';
import { blockHeader } from './blockHeader.ts';
import { bls12381 } from './bls12381.ts';
import { canonicalTransactionChain } from './canonicalTransactionChain.ts';
import { chainRegistry, chainRegistryOfAChain } from './chainRegistry.ts';
import { chainStorageContainer } from './chainStorageContainer.ts';
import { crossDomainEnabled } from './crossDomainEnabled.ts';
import { crossDomainGateway } from './crossDomainGateway.ts';
import { crossDomainMessenger } from './crossDomainMessenger.ts';
import { crossDomainMessengerDelivering } from './crossDomainMessengerDelivering.ts';
import { crossDomainMessengerFailing } from './crossDomainMessengerFailing.ts';
import { delivery } from './delivery.ts';
import { envelopeCodec, envelopeCodecOfAnswers, envelopeCodecWriting } from './envelopeCodec.ts';
import { expiringLightClient } from './expiringLightClient.ts';
import { feeTable, feeTableOfTheRelayChain } from './feeTable.ts';
import { l1CrossDomainMessenger } from './l1CrossDomainMessenger.ts';
import { l1CrossDomainMessengerDelivering } from './l1CrossDomainMessengerDelivering.ts';
import { l2CrossDomainMessenger } from './l2CrossDomainMessenger.ts';
import { l2ToL1MessagePasser } from './l2ToL1MessagePasser.ts';
import { laneDeployer } from './laneDeployer.ts';
import { lightClient } from './lightClient.ts';
import { merkleTrie } from './merkleTrie.ts';
import { merkleTrieBranch } from './merkleTrieBranch.ts';
import { merkleTriePath } from './merkleTriePath.ts';
import { message } from './message.ts';
import { messageDataCodec, messageDataCodecOnTheRelayChain } from './messageDataCodec.ts';
import { messageGas } from './messageGas.ts';
import { messageLog } from './messageLog.ts';
import { messageTree } from './messageTree.ts';
import { messageTreeLoops } from './messageTreeLoops.ts';
import { omnichainEnabled } from './omnichainEnabled.ts';
import { omnichainReceiving, omnichainReceivingOnOtherChains } from './omnichainReceiving.ts';
import { omnichainRelayService } from './omnichainRelayService.ts';
import { omnichainSending, omnichainSendingFromTheRelayChain } from './omnichainSending.ts';
import { omnichainService } from './omnichainService.ts';
import { permanentlyOwned } from './permanentlyOwned.ts';
import { receiptProof } from './receiptProof.ts';
import { remoteCallers } from './remoteCallers.ts';
import { rlp } from './rlp.ts';
import { safeCall } from './safeCall.ts';
import { sealedExtraData } from './sealedExtraData.ts';
import { sealedHeaderLightClient } from './sealedHeaderLightClient.ts';
import { senderAllowlist } from './senderAllowlist.ts';
import { ssz } from './ssz.ts';
import { stateBatch } from './stateBatch.ts';
import { stateBatchTree } from './stateBatchTree.ts';
import { stateCommitment } from './stateCommitment.ts';
import { stateCommitmentChain } from './stateCommitmentChain.ts';
import { storageProof } from './storageProof.ts';
import { strictABI, strictABIOfWhatIsSent } from './strictABI.ts';
import { syncCommitteeLightClient } from './syncCommitteeLightClient.ts';
import { syncCommitteeLightClientStarting } from './syncCommitteeLightClientStarting.ts';
import { syncCommitteeLightClientVerifying } from './syncCommitteeLightClientVerifying.ts';
import { validatorList } from './validatorList.ts';

/** Every mutant, by source. */
export const MUTATED_SOURCES: readonly MutatedSource[] = [
  addressAlias,
  attestorLightClient,
  blockHeader,
  bls12381,
  canonicalTransactionChain,
  chainRegistry,
  chainRegistryOfAChain,
  chainStorageContainer,
  crossDomainEnabled,
  crossDomainGateway,
  crossDomainMessenger,
  crossDomainMessengerDelivering,
  crossDomainMessengerFailing,
  delivery,
  envelopeCodec,
  envelopeCodecOfAnswers,
  envelopeCodecWriting,
  expiringLightClient,
  feeTable,
  feeTableOfTheRelayChain,
  l1CrossDomainMessenger,
  l1CrossDomainMessengerDelivering,
  l2CrossDomainMessenger,
  l2ToL1MessagePasser,
  laneDeployer,
  lightClient,
  merkleTrie,
  merkleTrieBranch,
  merkleTriePath,
  message,
  messageDataCodec,
  messageDataCodecOnTheRelayChain,
  messageGas,
  messageLog,
  messageTree,
  messageTreeLoops,
  omnichainEnabled,
  omnichainReceiving,
  omnichainReceivingOnOtherChains,
  omnichainRelayService,
  omnichainSending,
  omnichainSendingFromTheRelayChain,
  omnichainService,
  permanentlyOwned,
  receiptProof,
  remoteCallers,
  rlp,
  safeCall,
  sealedExtraData,
  sealedHeaderLightClient,
  senderAllowlist,
  ssz,
  stateBatch,
  stateBatchTree,
  stateCommitment,
  stateCommitmentChain,
  storageProof,
  strictABI,
  strictABIOfWhatIsSent,
  syncCommitteeLightClient,
  syncCommitteeLightClientStarting,
  syncCommitteeLightClientVerifying,
  validatorList,
];
