import process from 'node:process';

/** Whether faults come for minutes and not seconds, and each kind by itself: XDM_CHAOS_LONG, or `npm run test:chaos -- --long`. */
export const isLong = !['', '0', 'false'].includes(process.env['XDM_CHAOS_LONG'] ?? '');
