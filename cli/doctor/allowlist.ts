import { getAllowlist } from '../../sdk/actions/getAllowlist.ts';
import { isAnyoneAllowed } from '../../sdk/chain/allowedSenders.ts';
import type { DoctorContext } from './context.ts';
import { ok, warning, type Finding } from './finding.ts';

const PLACE = { check: 'allowlist', subject: 'l2' };

/** Who says who may send from L2, where a lane has an allowlist, and whether anyone may. */
export async function checkAllowlist({ lane, l2 }: Pick<DoctorContext, 'lane' | 'l2'>): Promise<Finding[]> {
  const allowlist = await getAllowlist({ lane, l2 });
  if (allowlist === undefined) return [];
  const { address, owner } = allowlist;
  // Of another contract nobody knows who is on it.
  if (owner === undefined) return [ok(PLACE, `${address} says who sends from L2`)];
  const named = `${address}, whose owner ${owner} says who sends from L2`;
  return (await isAnyoneAllowed(l2, address)) === false
    ? [warning(PLACE, `${named}: nobody is on it, so nobody can send`, 'let the owner run `xdm allow ACCOUNT`')]
    : [ok(PLACE, named)];
}
