import { XdmError } from '../../sdk/core/errors.ts';
import type { LaneRole } from '../../sdk/core/lanePlan.ts';
import { defineCommand } from '../command.ts';
import { ROLE_OPTIONS, runRoleCommand } from '../roleCommand.ts';

export const setRole = defineCommand({
  name: 'setRole',
  parameters: 'ROLE ADDRESS',
  arity: 2,
  summary: 'Gives a role to another account, for the owner',
  details: `ROLE is proposer, challenger or guardian, which are replaced at once, or owner: ownership of the
L1 messenger and of the state-commitment chain is offered, and goes over when ADDRESS accepts it
with \`xdm acceptOwnership\`. Of two owners each offers what it has. It needs L1 alone.

It warns of an ADDRESS that looks wrong: one that has done nothing on L1 and has nothing there,
one that reads like a placeholder, or one that has another role that does not go with it.`,
  options: ROLE_OPTIONS,
  only: {
    kind: 'rollup',
    otherwise:
      'this one has no roles but the owner of each service, who offers it with transferOwnership(address) of the service',
  },
  async run(args, around) {
    const { parseAccount } = await import('../values.ts');

    const [name = '', text = ''] = args.rest;
    const role = await parseRole(name);
    const account = parseAccount(text);
    const isOwner = role === 'owner';
    return await runRoleCommand(
      {
        action: { kind: 'setRole', role, account },
        done: isOwner ? `${account} has or is offered ownership` : `${account} is ${role}`,
        next: `${isOwner ? `ownership is offered to ${account}, and goes over with \`xdm acceptOwnership\`` : `${account} is ${role}`}${AFTERWARDS[role]}`,
        async warnings(client) {
          const { holderWarnings, readHolder } = await import('../holderWarnings.ts');
          return holderWarnings({ role, account }, await readHolder(client, account));
        },
        async send(client, sender) {
          const actions = await import('../../sdk/actions/setRole.ts');
          return await actions.setRole(client, { role, account, ...sender });
        },
      },
      args,
      around,
    );
  },
});

/** What is left to be done by those who run a node. */
const AFTERWARDS: Readonly<Record<LaneRole, string>> = {
  owner: '',
  guardian: '',
  proposer: '; start the node anew with its key in --proposer-private-key: with the former one it commits nothing',
  challenger:
    '; start the watchtower anew with its key in --challenger-private-key: with the former one it deletes nothing',
};

async function parseRole(text: string): Promise<LaneRole> {
  const { ROLES } = await import('../../sdk/core/lanePlan.ts');
  const role = ROLES.find((name) => name === text);
  if (role !== undefined) return role;
  throw new XdmError('invalid-argument', `"${text}" is no role`, { hint: `it is one of ${ROLES.join(', ')}` });
}
