import type { MessageState } from '../sdk/actions/getStatus.ts';

/** What a pause means to whoever waits for a message, and what is to be done. */
export const PAUSE_NOTE =
  'relaying on L1 is paused by the guardian: messages from L2 wait, and none is lost; there is nothing to do but to wait until the ' +
  'owner, whom `xdm roles` names, ends that with `xdm unpause`';

/** What there is to say of a pause where messages are shown; nothing where none of them waits for its end. */
export function pauseNotes(states: readonly MessageState[]): readonly string[] {
  return states.some(({ isPaused }) => isPaused) ? [PAUSE_NOTE] : [];
}
