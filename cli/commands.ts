import type { Command } from './command.ts';
import { acceptOwnership } from './commands/acceptOwnership.ts';
import { addChain } from './commands/addChain.ts';
import { allow } from './commands/allow.ts';
import { challenge } from './commands/challenge.ts';
import { devnet } from './commands/devnet.ts';
import { deploy } from './commands/deploy.ts';
import { deployOmnichain } from './commands/deployOmnichain.ts';
import { doctor } from './commands/doctor.ts';
import { lightclient } from './commands/lightclient.ts';
import { list } from './commands/list.ts';
import { pause } from './commands/pause.ts';
import { proof } from './commands/proof.ts';
import { relayMessage } from './commands/relayMessage.ts';
import { relayer } from './commands/relayer.ts';
import { retry } from './commands/retry.ts';
import { roles } from './commands/roles.ts';
import { sendMessage } from './commands/sendMessage.ts';
import { setFee } from './commands/setFee.ts';
import { setRole } from './commands/setRole.ts';
import { status } from './commands/status.ts';
import { transferIn } from './commands/transferIn.ts';
import { transferOut } from './commands/transferOut.ts';
import { unpause } from './commands/unpause.ts';

/** All commands, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  devnet,
  deploy,
  sendMessage,
  status,
  relayMessage,
  deployOmnichain,
  addChain,
  transferOut,
  transferIn,
  lightclient,
  setFee,
  list,
  proof,
  relayer,
  retry,
  challenge,
  pause,
  unpause,
  roles,
  setRole,
  acceptOwnership,
  allow,
  doctor,
];
