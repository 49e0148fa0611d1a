import type { Logger } from 'pino';

import type { EndpointObserver } from '../../sdk/chain/endpoints/observer.ts';
import type { Signals } from '../signals.ts';

/** Passes on what happens to calls of endpoints: as signals, and what an operator should read as log lines. */
export function observeEndpoints(signals: Signals, logger: Logger): EndpointObserver {
  return {
    onCall: (call) => void signals.emit('rpcCall', call),
    onFailover(failover) {
      logger.warn(failover, 'requests go to another endpoint');
      signals.emit('endpointChanged', failover);
    },
    onLag(lag) {
      logger.warn(lag, 'an endpoint answers from behind its own earlier answer');
      signals.emit('endpointLags', lag);
    },
    onDispute(dispute) {
      logger.error(dispute, 'endpoints disagree on a final block: nothing becomes final');
      signals.emit('finalityDisputed', dispute);
    },
    onDrop(dropped) {
      logger.error(dropped, 'an endpoint is of another chain, and is asked no more');
      signals.emit('endpointDropped', dropped);
    },
    onSilentStart(chain) {
      logger.error(chain, 'a chain does not answer: the node starts without it, and takes it in once it does');
    },
  };
}
