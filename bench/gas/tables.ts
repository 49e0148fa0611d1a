import { perMessage, perMessageWithRoot, type Figures, type StateFigures } from './figures.ts';
import { PROBES, PEERS } from './peers.ts';
import { isMet, verdictsOf } from './targets.ts';
import { TRANSACTION, type Split } from './transactions.ts';

/** A table: its first column is text, the others are numbers. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A number with commas. */
export function grouped(number: number): string {
  return `${Math.round(number)}`.replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');
}

/** A size of the state, as accounts and messages. */
export function sizeOf({ accounts, messages }: Pick<StateFigures, 'accounts' | 'messages'>): string {
  return `${grouped(accounts)}/${grouped(messages)}`;
}

/** The size that tables are for which show one only: 1,000/1,000 where it was measured, and else the largest. */
export function referenceOf({ states }: Figures): StateFigures {
  const reference = states.find(({ accounts, messages }) => accounts === 1000 && messages === 1000) ?? states.at(-1);
  if (reference === undefined) throw new RangeError('no size of the state was measured');
  return reference;
}

/** Ours beside the other systems'. */
export function comparison(figures: Figures): Table {
  const { l1Send, l2Send, l2Execution, stateBatches, direct, path, batch, root } = referenceOf(figures);
  const most = Math.max(...stateBatches.map(({ gas }) => gas));
  const own = (name: string, relay: number): string[] => [
    name,
    ...[l1Send.gas, l2Send.average, relay, l2Execution.gas, most].map(grouped),
  ];
  const probe = (name: string, relay: number): string[] => [`probe: ${name}`, '-', '-', grouped(relay), '-', '-'];
  return {
    header: ['', 'send from L1', 'send from L2', 'relay to L1', 'execute on L2', 'post state roots'],
    rows: [
      own('**xdm**, direct proof', direct.median.gas),
      own('**xdm**, by path, the root proven', path.median.gas),
      own(`**xdm**, batch of ${batch.messages}, per message, the root included`, perMessageWithRoot(batch, root.gas)),
      ...PEERS.map((peer) => [
        `${peer.name} (${peer.relayOf})`,
        ...[peer.l1Send, peer.l2Send, peer.relay, peer.l2Execution].map(grouped),
        peer.stateRoots === null ? '-' : `${grouped(peer.stateRoots)} (${peer.stateRootsOf})`,
      ]),
      probe('direct proof', PROBES.direct),
      probe('path of 16 siblings', PROBES.path),
      probe('batch of 100, per message', PROBES.batch),
    ],
  };
}

/** Whether the targets are met, and by how much. */
export function targets(figures: Figures): Table {
  return {
    header: ['', 'at most', 'measured', 'margin', ''],
    rows: verdictsOf(figures).map((verdict) => {
      const { name, limit, gas } = verdict;
      const margin = `${(((limit - gas) / limit) * 100).toFixed(1)} %`;
      return [name, grouped(limit), grouped(gas), margin, isMet(verdict) ? 'met' : 'MISSED'];
    }),
  };
}

/** Each step by the size of L2's state. */
export function bySize({ states }: Figures): Table {
  const row = (name: string, gasOf: (state: StateFigures) => number | undefined): string[] => [
    name,
    ...states.map(gasOf).map((gas) => (gas === undefined ? '-' : grouped(gas))),
  ];
  const batchOf = ({ batches, root }: StateFigures, length: number, withRoot: boolean): number | undefined => {
    const batch = batches.find(({ messages }) => messages === length);
    return batch && (withRoot ? perMessageWithRoot(batch, root.gas) : perMessage(batch));
  };
  return {
    header: ['accounts/messages on L2', ...states.map(sizeOf)],
    rows: [
      row('send from L1', ({ l1Send }) => l1Send.gas),
      row('execute on L2', ({ l2Execution }) => l2Execution.gas),
      row('send from L2, average of 256', ({ l2Send }) => l2Send.average),
      ...(states[0]?.stateBatches ?? []).map(({ roots }, place) =>
        row(`commit a state batch of ${grouped(roots)}`, ({ stateBatches }) => stateBatches[place]?.gas),
      ),
      row('relay, direct proof, state batch of 16: median', ({ direct }) => direct.median.gas),
      row('- least', ({ direct }) => Math.min(...direct.samples.map(({ gas }) => gas))),
      row('- most', ({ direct }) => Math.max(...direct.samples.map(({ gas }) => gas))),
      row('relay, direct proof, state batch of 256: median', ({ directLargeBatch }) => directLargeBatch.median.gas),
      row('prove a message root', ({ root }) => root.gas),
      row('relay by path, the root proven: median', ({ path }) => path.median.gas),
      row('relay in a batch of 10, per message', (state) => batchOf(state, 10, false)),
      row('- the root included', (state) => batchOf(state, 10, true)),
      row('relay in a batch of 100, per message', (state) => batchOf(state, 100, false)),
      row('- the root included', (state) => batchOf(state, 100, true)),
      row('- of messages that are scattered', ({ scattered }) =>
        scattered.messages === 100 ? perMessage(scattered) : undefined,
      ),
    ],
  };
}

/** Batches by the number of their messages. */
export function byBatch(figures: Figures): Table {
  const { batches, root, direct } = referenceOf(figures);
  const alone = direct.median.gas;
  return {
    header: ['messages', 'transaction', 'its gas limit', 'per message', 'root included', 'alone, directly', 'saved'],
    rows: batches.map((batch) => {
      const shared = perMessageWithRoot(batch, root.gas);
      return [
        ...[batch.messages, batch.gas, batch.gasLimit, perMessage(batch), shared, alone].map(grouped),
        `${(100 - (shared / alone) * 100).toFixed(0)} %`,
      ];
    }),
  };
}

/** Each route by the size of the payload. */
export function byPayload(figures: Figures): Table {
  return {
    header: [
      'payload, bytes',
      'send from L1',
      'execute on L2',
      'send from L2',
      'direct proof',
      'by path',
      'batch of 20',
    ],
    rows: referenceOf(figures).payloads.map(({ bytes, l1Send, l2Execution, l2Send, direct, path, batch }) => [
      ...[bytes, l1Send, l2Execution, l2Send, direct, path].map(grouped),
      batch === null ? '-' : grouped(batch),
    ]),
  };
}

/** What the steps' gas is made of. */
export function bySplit(figures: Figures): Table {
  const { l1Send, l2Send, l2Execution, direct, root, path, batch } = referenceOf(figures);
  const row = (
    name: string,
    { gas, bytes, calldata, floor, execution, target, storage }: Split,
    messages = 1,
  ): string[] => {
    const parts = [gas, bytes, TRANSACTION, calldata, storage, target, execution - storage - target, floor];
    return [name, ...parts.map((part) => grouped(part / messages)), gas === floor ? 'floor' : 'execution'];
  };
  return {
    header: ['', 'gas', 'bytes', 'transaction', 'calldata', 'storage', 'target', 'all else', 'floor', 'bound by'],
    rows: [
      row('send from L1', l1Send),
      row('execute on L2', l2Execution),
      row('send from L2, one message', l2Send.one),
      row('relay, direct proof', direct.median),
      row('prove a message root', root),
      row('relay by path', path.median),
      row(`relay in a batch of ${batch.messages}, per message`, batch, batch.messages),
    ],
  };
}

/** What the SDK's model says beside what was measured: the ratio's least and most. */
export function byModel({ states }: Figures): Table {
  const ratios = (items: readonly { readonly gas: number; readonly model: number }[]): string => {
    const all = items.map(({ gas, model }) => Math.round((model / gas) * 100)).toSorted((a, b) => a - b);
    return all[0] === all.at(-1) ? `${all[0]} %` : `${all[0]} to ${all.at(-1)} %`;
  };
  const row = (name: string, itemsOf: (state: StateFigures) => Parameters<typeof ratios>[0]): string[] => [
    name,
    ...states.map((state) => ratios(itemsOf(state))),
  ];
  return {
    header: ['model, of what was measured', ...states.map(sizeOf)],
    rows: [
      row('relay, direct proof', ({ direct, directLargeBatch }) => [...direct.samples, ...directLargeBatch.samples]),
      row('prove a message root', ({ root }) => [root]),
      row('relay by path', ({ path }) => path.samples),
      row('relay in a batch', ({ batches, scattered }) => [...batches.slice(1), scattered]),
    ],
  };
}
