import type { Command } from './command.ts';
import { challenge } from './commands/challenge.ts';
import { devnet } from './commands/devnet.ts';
import { deploy } from './commands/deploy.ts';
import { doctor } from './commands/doctor.ts';
import { list } from './commands/list.ts';
import { proof } from './commands/proof.ts';
import { relayMessage } from './commands/relayMessage.ts';
import { relayer } from './commands/relayer.ts';
import { retry } from './commands/retry.ts';
import { sendMessage } from './commands/sendMessage.ts';
import { status } from './commands/status.ts';

/** All commands, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  devnet,
  deploy,
  sendMessage,
  status,
  relayMessage,
  list,
  proof,
  relayer,
  retry,
  challenge,
  doctor,
];
