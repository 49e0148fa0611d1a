import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A function of ours, and the share of the CPU's time, 0 to 1, that it took with what it called of others'. */
export interface Cost {
  readonly place: string;
  readonly share: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** As V8 writes it. */
export interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

/** The costliest functions, by the profiles that `--cpu-prof` wrote to a folder. */
export function readCosts(folder: string): Cost[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'));
  return costsOf(files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile));
}

export function costsOf(profiles: readonly Profile[]): Cost[] {
  const times = new Map<string, number>();
  for (const { nodes, samples, timeDeltas } of profiles) {
    const places = placesOf(nodes);
    for (const [position, id] of samples.entries()) {
      const place = places.get(id);
      // While it waits it does nothing.
      if (place !== undefined) times.set(place, (times.get(place) ?? 0) + (timeDeltas[position] ?? 0));
    }
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([place, time]) => ({ place, share: time / total })).toSorted((a, b) => b.share - a.share);
}

/** Of each node of a profile the nearest function of ours that it was called from. None where nothing is done. */
function placesOf(nodes: readonly ProfileNode[]): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const places = new Map<number, string>();
  const descend = (node: ProfileNode, from: string): void => {
    const place = placeOf(node) ?? from;
    if (place !== '') places.set(node.id, place);
    for (const child of node.children ?? []) descend(byId.get(child)!, place);
  };
  descend(nodes[0]!, 'other');
  return places;
}

/** Empty for what is no work; undefined for what is somebody else's. */
function placeOf({ callFrame: { functionName, url } }: ProfileNode): string | undefined {
  if (functionName === '(idle)') return '';
  if (functionName === '(garbage collector)') return 'collecting garbage';
  if (/fetch|geturl/u.test(url) && url.includes('/ethers/')) return 'requests and their answers (ethers)';
  const file = /\/(?:cli|relayer|sdk)\/.*$/u.exec(url)?.[0];
  if (file === undefined || url.includes('/node_modules/')) return undefined;
  return `${functionName === '' ? '' : `${functionName}, `}${file.slice(1)}`;
}
