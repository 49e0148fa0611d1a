import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import type { Signals } from '../signals.ts';
import type { Stage } from '../stages/stage.ts';
import { tracePass } from './traces.ts';

/** A stage that says after each pass how it went, for whoever watches the node, and that is traced. */
export function observeStage(stage: Stage, signals: Signals): Stage {
  const { name } = stage;
  return {
    ...stage,
    async run() {
      const start = performance.now();
      try {
        const moved = await tracePass(name, async () => await stage.run());
        signals.emit('stagePassed', { stage: name, moved, milliseconds: performance.now() - start });
        return moved;
      } catch (error) {
        const { code, message, hint } = toXdmError(error);
        const reason = hint === undefined ? message : `${message}; ${hint}`;
        signals.emit('stageFailed', { stage: name, code, reason });
        throw error;
      }
    },
  };
}
