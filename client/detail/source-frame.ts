import type { SourceFrame } from '../api-answers.js';
import { element } from '../elements.js';
import { readable } from '../readable-text.js';
import { oneLine, shorten } from '../text.js';
import { frameClass, frameTitle } from './frame-list.js';
import { jsonTree } from './json-tree.js';
import { lazyDetails } from './lazy-details.js';
import { sourceLines } from './source-lines.js';

const longestNameShown = 300;
/** The line of the preview is cut where its room ends. */
const previewedNames = 20;
const longestPreviewed = 40;

/** A frame that opens to its source lines and local variables; one that has neither does not open. */
export function sourceFrameItem(frame: SourceFrame, isOpen: boolean): HTMLElement {
  const { variables } = frame;
  const source = sourceLines(frame);
  const hasVariables = variables !== undefined && Object.keys(variables).length > 0;
  if (!source && !hasVariables) {
    return element('li', { class: frameClass(frame) }, ...frameTitle(frame), moduleOf(frame));
  }
  const made = element(
    'details',
    { class: 'source-frame' },
    element('summary', { class: frameClass(frame) }, ...frameTitle(frame)),
    element(
      'div',
      { class: 'frame-body' },
      whereabouts(frame),
      source,
      hasVariables ? variablesOf(variables) : null,
    ),
  );
  made.open = isOpen;
  return element('li', {}, made);
}

/** Java has no other name for where a method is. */
function moduleOf({ module }: SourceFrame): HTMLElement | null {
  if (!module) return null;
  return element('span', { class: 'module outside' }, oneLine(readable(module), longestNameShown));
}

/** The whole path, or the module where no folder tells as much: the title has no room for it. */
function whereabouts({ path, module, file }: SourceFrame): HTMLElement | null {
  const isShort = file === null || !/[/\\]/.test(file);
  const name = path && path !== file ? path : isShort ? module : null;
  if (!name) return null;
  return element('p', { class: 'whereabouts outside' }, shorten(readable(name), longestNameShown));
}

function variablesOf(variables: Record<string, unknown>): HTMLElement {
  const names = Object.keys(variables)
    .slice(0, previewedNames)
    .map((name) => oneLine(readable(name), longestPreviewed))
    .join(', ');
  const preview = element('span', { class: 'preview outside' }, names);
  return lazyDetails('variables', [element('span', {}, 'Local variables'), preview], () =>
    jsonTree(variables),
  );
}
