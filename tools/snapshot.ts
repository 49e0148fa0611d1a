// Writes snapshots/ anew: gas, storage layouts and sizes. Commit what changed, and say why it did.
//
// usage: node tools/snapshot.ts
import process from 'node:process';

import { buildContracts, measureGas, script } from './commands.ts';
import { runInOrder } from './run-command.ts';

process.exitCode = await runInOrder([
  buildContracts,
  script('storage-layout.ts'),
  script('contract-sizes.ts'),
  { ...measureGas, env: { ...measureGas.env, FORGE_SNAPSHOT_CHECK: undefined } },
]);
