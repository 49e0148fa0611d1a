/** One of a chart's two axes. */
export interface Axis {
  /** What stands beside it. */
  readonly name: string;
  readonly scale: 'linear' | 'logarithmic';
  /** Its ends. */
  readonly least: number;
  readonly most: number;
  readonly ticks: readonly number[];
  /** What stands at a tick; the number, unless told otherwise. */
  readonly label?: (tick: number) => string;
}

/** A line of a chart. */
interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What a chart shows. */
export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** What is the same all along the x axis. */
  readonly levels: readonly { readonly name: string; readonly y: number }[];
}

const WIDTH = 860;
const HEIGHT = 480;
const PLOT = { left: 80, right: 640, top: 56, bottom: 416 };

/** Least distance of two labels at the right, pixels. */
const LABEL_HEIGHT = 15;

const STYLE = `
    svg { font: 12px system-ui, sans-serif; }
    .page { fill: #ffffff; stroke: #d0d7de; }
    .text { fill: #1f2328; }
    .title { font-size: 15px; font-weight: 600; }
    .quiet { fill: #59636e; }
    .grid { stroke: #e3e6ea; }
    .level { stroke: #818b98; stroke-dasharray: 4 4; }
    .line { fill: none; stroke-width: 2.5; }
    .c0 { stroke: #bc4c00; } .f0 { fill: #bc4c00; }
    .c1 { stroke: #0969da; } .f1 { fill: #0969da; }
    .c2 { stroke: #1a7f37; } .f2 { fill: #1a7f37; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; stroke: #3d444d; }
      .text { fill: #f0f6fc; }
      .quiet { fill: #9198a1; }
      .grid { stroke: #262c36; }
      .level { stroke: #656c76; }
      .c0 { stroke: #f0883e; } .f0 { fill: #f0883e; }
      .c1 { stroke: #4493f8; } .f1 { fill: #4493f8; }
      .c2 { stroke: #3fb950; } .f2 { fill: #3fb950; }
    }
  `;

/** Draws a chart as an SVG document. */
export function drawChart(chart: Chart): string {
  const parts = [
    `<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="6"/>`,
    text(PLOT.left, 30, chart.title, 'text title'),
    ...drawAxes(chart),
    ...chart.levels.map((level) => {
      const y = yOf(level.y, chart);
      return `<line class="level" x1="${PLOT.left}" y1="${y}" x2="${PLOT.right}" y2="${y}"/>`;
    }),
    ...chart.lines.flatMap((line, place) => drawLine(line, place, chart)),
    ...drawLabels(chart),
  ];
  const size = `width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`;
  return `${[head, `  <title>${escaped(chart.title)}</title>`, `  <style>${STYLE}</style>`, ...parts.map((part) => `  ${part}`), '</svg>'].join('\n')}\n`;
}

function drawAxes(chart: Chart): string[] {
  const vertical = chart.x.ticks.flatMap((tick) => {
    const x = xOf(tick, chart);
    const line = `<line class="grid" x1="${x}" y1="${PLOT.top}" x2="${x}" y2="${PLOT.bottom}"/>`;
    return [line, text(x, PLOT.bottom + 20, labelOf(chart.x, tick), 'quiet/middle')];
  });
  const horizontal = chart.y.ticks.flatMap((tick) => {
    const y = yOf(tick, chart);
    const line = `<line class="grid" x1="${PLOT.left}" y1="${y}" x2="${PLOT.right}" y2="${y}"/>`;
    return [line, text(PLOT.left - 8, y + 4, labelOf(chart.y, tick), 'quiet/end')];
  });
  const middle = (PLOT.top + PLOT.bottom) / 2;
  const turned = `transform="rotate(-90 24 ${middle})"`;
  return [
    ...vertical,
    ...horizontal,
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 44, nameOf(chart.x), 'text/middle'),
    `<text class="text" x="24" y="${middle}" text-anchor="middle" ${turned}>${escaped(nameOf(chart.y))}</text>`,
  ];
}

function labelOf({ label }: Axis, tick: number): string {
  return label === undefined ? `${tick}` : label(tick);
}

function nameOf({ name, scale }: Axis): string {
  return scale === 'linear' ? name : `${name} (logarithmic)`;
}

function drawLine({ points }: Line, place: number, chart: Chart): string[] {
  const path = points.map(([x, y]) => `${xOf(x, chart)},${yOf(y, chart)}`).join(' ');
  return [
    `<polyline class="line c${place}" points="${path}"/>`,
    ...points.map(([x, y]) => `<circle class="f${place}" cx="${xOf(x, chart)}" cy="${yOf(y, chart)}" r="3.5"/>`),
  ];
}

/** Names of lines and levels, at their right ends, moved apart. */
function drawLabels(chart: Chart): string[] {
  const labels = [
    ...chart.lines.map(({ name, points }, place) => {
      return { name, y: yOf(points.at(-1)?.[1] ?? chart.y.least, chart), kind: `f${place}` };
    }),
    ...chart.levels.map(({ name, y }) => ({ name, y: yOf(y, chart), kind: 'quiet' })),
  ].toSorted((a, b) => a.y - b.y);
  const lowest = PLOT.bottom + 20;
  let next = -Infinity;
  const placed = labels.map(({ name, y, kind }) => {
    next = Math.max(y, next + LABEL_HEIGHT);
    return { name, y: next, kind };
  });
  // What was moved beyond the lower end goes up again.
  for (let [place, limit] = [placed.length - 1, lowest]; place >= 0; place--, limit -= LABEL_HEIGHT) {
    const label = placed[place]!;
    placed[place] = { ...label, y: Math.min(label.y, limit) };
  }
  return placed.map(({ name, y, kind }) => text(PLOT.right + 10, rounded(y + 4), name, kind));
}

function xOf(x: number, chart: Chart): number {
  return rounded(PLOT.left + (PLOT.right - PLOT.left) * share(x, chart.x));
}

function yOf(y: number, chart: Chart): number {
  return rounded(PLOT.bottom - (PLOT.bottom - PLOT.top) * share(y, chart.y));
}

/** Where a number lies on an axis, 0 to 1 from end to end; beyond them at an end. */
function share(number: number, { least, most, scale }: Axis): number {
  const part =
    scale === 'linear' ? (number - least) / (most - least) : Math.log(number / least) / Math.log(most / least);
  return Math.min(1, Math.max(0, part));
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

/** @param kind classes, after which the text's anchor may follow a slash */
function text(x: number, y: number, content: string, kind: string): string {
  const [classes, anchor = 'start'] = kind.split('/');
  return `<text class="${classes}" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
