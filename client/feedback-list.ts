import type { Feedback, FeedbackPage } from './api-answers.js';
import { longestMessageLines, longText } from './detail/long-text.js';
import { element } from './elements.js';
import { readable } from './readable-text.js';
import { formatCount, oneLine } from './text.js';
import { timeElement } from './time.js';

const longestMessageShown = 1_000;
const longestNameShown = 200;
const longestAddressShown = 500;

/**
 * What users said, and how much more there is.
 * @param namesProjects whether each says of which project it is
 */
export function feedbackList({ feedback, total }: FeedbackPage, namesProjects = false): HTMLElement[] {
  const items = feedback.map((one) => itemOf(one, namesProjects));
  const list = element('ul', { class: 'feedback' }, ...items);
  const rest = total - feedback.length;
  return rest > 0
    ? [list, element('p', { class: 'nothing' }, `and ${formatCount(rest)} older ones`)]
    : [list];
}

/** Never a link: page and address came from outside. */
function itemOf(feedback: Feedback, namesProject: boolean): HTMLElement {
  const { project, name, email, message, url, received_at: receivedAt } = feedback;
  const who = [name, email]
    .filter((text) => text !== null)
    .map((text) => oneLine(readable(text), longestNameShown))
    .join(', ');
  const where = namesProject ? `${oneLine(readable(project), longestNameShown)}: ` : '';
  return element(
    'li',
    {},
    element('p', { class: 'hint outside' }, `${where}${who || 'Somebody'}, `, timeElement(receivedAt)),
    longText(element('p', { class: 'message outside' }), message, longestMessageShown, longestMessageLines),
    url === null ? null : longText(element('p', { class: 'hint outside' }), `on ${url}`, longestAddressShown),
  );
}
