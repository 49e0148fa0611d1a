/** A line of a chart. */
interface Line {
  readonly name: string;
  /** Messages in a batch, and gas of each of them. */
  readonly points: readonly (readonly [messages: number, gas: number])[];
}

/** What a chart shows. */
export interface Chart {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Costs that do not depend on the number of messages. */
  readonly levels: readonly { readonly name: string; readonly gas: number }[];
}

const WIDTH = 860;
const HEIGHT = 480;
const PLOT = { left: 80, right: 640, top: 56, bottom: 416 };

/** Ends of the axes, and where they have ticks: both are logarithmic. */
const MESSAGES = { least: 1, most: 200, ticks: [1, 2, 5, 10, 20, 50, 100, 200] };
const GAS = {
  least: 30_000,
  most: 700_000,
  ticks: [30_000, 50_000, 70_000, 100_000, 150_000, 200_000, 300_000, 500_000, 700_000],
};

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

/** Draws the cost of a message against the number of messages in its batch, as an SVG document. */
export function drawChart(chart: Chart): string {
  const parts = [
    `<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="6"/>`,
    text(PLOT.left, 30, chart.title, 'text title'),
    ...drawAxes(),
    ...chart.levels.map(({ gas }) => {
      const y = yOf(gas);
      return `<line class="level" x1="${PLOT.left}" y1="${y}" x2="${PLOT.right}" y2="${y}"/>`;
    }),
    ...chart.lines.flatMap(drawLine),
    ...drawLabels(chart),
  ];
  const size = `width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`;
  return `${[head, `  <title>${escaped(chart.title)}</title>`, `  <style>${STYLE}</style>`, ...parts.map((part) => `  ${part}`), '</svg>'].join('\n')}\n`;
}

function drawAxes(): string[] {
  const vertical = MESSAGES.ticks.flatMap((messages) => {
    const x = xOf(messages);
    const line = `<line class="grid" x1="${x}" y1="${PLOT.top}" x2="${x}" y2="${PLOT.bottom}"/>`;
    return [line, text(x, PLOT.bottom + 20, `${messages}`, 'quiet/middle')];
  });
  const horizontal = GAS.ticks.flatMap((gas) => {
    const y = yOf(gas);
    const line = `<line class="grid" x1="${PLOT.left}" y1="${y}" x2="${PLOT.right}" y2="${y}"/>`;
    return [line, text(PLOT.left - 8, y + 4, `${gas / 1000}k`, 'quiet/end')];
  });
  const middle = (PLOT.top + PLOT.bottom) / 2;
  const turned = `transform="rotate(-90 24 ${middle})"`;
  return [
    ...vertical,
    ...horizontal,
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 44, 'messages in the batch (logarithmic)', 'text/middle'),
    `<text class="text" x="24" y="${middle}" text-anchor="middle" ${turned}>gas per message (logarithmic)</text>`,
  ];
}

function drawLine({ points }: Line, place: number): string[] {
  const path = points.map(([messages, gas]) => `${xOf(messages)},${yOf(gas)}`).join(' ');
  return [
    `<polyline class="line c${place}" points="${path}"/>`,
    ...points.map(([messages, gas]) => `<circle class="f${place}" cx="${xOf(messages)}" cy="${yOf(gas)}" r="3.5"/>`),
  ];
}

/** Names of lines and levels, at their right ends, moved apart. */
function drawLabels({ lines, levels }: Chart): string[] {
  const labels = [
    ...lines.map(({ name, points }, place) => ({ name, y: yOf(points.at(-1)?.[1] ?? GAS.least), kind: `f${place}` })),
    ...levels.map(({ name, gas }) => ({ name, y: yOf(gas), kind: 'quiet' })),
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

function xOf(messages: number): number {
  return rounded(PLOT.left + (PLOT.right - PLOT.left) * share(messages, MESSAGES));
}

function yOf(gas: number): number {
  return rounded(PLOT.bottom - (PLOT.bottom - PLOT.top) * share(gas, GAS));
}

/** Where a number lies on an axis, 0 to 1 from end to end; beyond them at an end. */
function share(number: number, { least, most }: { readonly least: number; readonly most: number }): number {
  return Math.min(1, Math.max(0, Math.log(number / least) / Math.log(most / least)));
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
