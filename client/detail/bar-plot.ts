import './valid-language.js';
import UPlot from 'uplot';
import type { Bucket } from './buckets.js';

const height = 132;
const axisWidth = 44;
const widthOfLabel = 64;
/** counts are whole numbers, so are the steps of their axis */
const wholeSteps = Array.from({ length: 12 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

export interface BarPlot {
  /** Points at a bar, as the pointer does; `null` at none. */
  point: (index: number | null) => void;
  remove: () => void;
}

/**
 * Draws bars into `place`, in its colours: `fill` the bars, `stroke` the grid, `color` the text. Follows its width and
 * the theme until it is removed.
 * @param onPoint is called with the bar the pointer is at, `null` when it has left
 */
export function drawBars(
  place: HTMLElement,
  buckets: readonly Bucket[],
  onPoint: (index: number | null) => void,
): BarPlot {
  // Read at every drawing: a canvas keeps the colours it was drawn in.
  const colors = getComputedStyle(place);
  const font = `11px ${colors.fontFamily}`;
  const axis = { stroke: () => colors.color, font, ticks: { show: false } };
  let isPointing = false;
  const plot = new UPlot(
    {
      width: place.clientWidth,
      height,
      padding: [8, 14, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        // Bars stand side by side whatever time they cover, so that a day of 25 hours is as wide as any.
        x: { time: false, range: [-0.5, buckets.length - 0.5] },
        y: { range: (_plot, _min, max) => [0, Math.max(max * 1.05, 1)] },
      },
      axes: [
        {
          ...axis,
          size: 24,
          gap: 4,
          grid: { show: false },
          splits: (shown) => chooseLabels(buckets.length, shown.bbox.width / devicePixelRatio),
          values: (_plot, indexes) => indexes.map((index) => buckets[index]?.label ?? ''),
        },
        {
          ...axis,
          size: axisWidth,
          gap: 6,
          incrs: wholeSteps,
          space: 28,
          grid: { stroke: () => colors.stroke, width: 1 },
        },
      ],
      series: [
        {},
        {
          fill: () => colors.fill,
          width: 0,
          points: { show: false },
          paths: UPlot.paths.bars?.({ size: [0.8, 48] }),
        },
      ],
      hooks: {
        setCursor: [
          ({ cursor }) => {
            if (!isPointing) onPoint(cursor.idx ?? null);
          },
        ],
      },
    },
    [buckets.map((_, index) => index), buckets.map(({ count }) => count)],
    place,
  );
  const resizing = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height }));
  resizing.observe(place);
  const stopFollowing = followTheme(() => plot.redraw(false));
  return {
    point: (index) => {
      // Telling where the page itself points would begin again from the start.
      isPointing = true;
      plot.setCursor({ left: index === null ? -10 : plot.valToPos(index, 'x'), top: 0 });
      isPointing = false;
    },
    remove: () => {
      resizing.disconnect();
      stopFollowing();
      plot.destroy();
    },
  };
}

/** The bars that get a label: as many as fit, the newest among them. */
function chooseLabels(bars: number, width: number): number[] {
  const step = Math.max(1, Math.ceil((bars * widthOfLabel) / Math.max(width, widthOfLabel)));
  const chosen: number[] = [];
  for (let index = bars - 1; index >= 0; index -= step) chosen.unshift(index);
  return chosen;
}

function followTheme(redraw: () => void): () => void {
  const systemTheme = matchMedia('(prefers-color-scheme: dark)');
  const chosenTheme = new MutationObserver(redraw);
  systemTheme.addEventListener('change', redraw);
  chosenTheme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    systemTheme.removeEventListener('change', redraw);
    chosenTheme.disconnect();
  };
}
