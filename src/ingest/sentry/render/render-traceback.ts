import { blockOfDotnet } from './render-dotnet';
import { blockOfGo } from './render-go';
import { blockOfJava } from './render-java';
import { blockOfNative } from './render-native';
import { blockOfPhp } from './render-php';
import { blockOfPython, glueOfPython } from './render-python';
import { blockOfRuby } from './render-ruby';
import { titleOf } from './render-frames';
import { blockOfScript } from './render-script';
import type { Thrown } from '../event/read-thrown';
import type { ReadException } from '../event/read-exceptions';
import { CUT_MARK } from '../event/read-values';

/** How a language writes an exception and what caused it. */
export interface TracebackForm {
  /** an exception with its frames, without a line break at the end */
  block: (exception: ReadException) => string;
  /** what stands before the block of a cause */
  causedBy: string;
  /** what stands between a cause and what it led to, where causes come first */
  glue?: (cause: ReadException) => string;
}

/** Also of languages that have no form of their own. */
const SCRIPT: TracebackForm = { block: blockOfScript, causedBy: 'Caused by: ' };
const NATIVE: TracebackForm = { block: blockOfNative, causedBy: 'Caused by: ' };
const JAVA: TracebackForm = { block: blockOfJava, causedBy: 'Caused by: ' };

const FORMS = new Map<string, TracebackForm>([
  ['python', { block: blockOfPython, causedBy: '', glue: glueOfPython }],
  ['javascript', SCRIPT],
  ['node', SCRIPT],
  ['java', JAVA],
  ['kotlin', JAVA],
  ['scala', JAVA],
  ['csharp', { block: blockOfDotnet, causedBy: ' ---> ' }],
  ['ruby', { block: blockOfRuby, causedBy: '' }],
  ['php', { block: blockOfPhp, causedBy: 'Previous: ' }],
  ['go', { block: blockOfGo, causedBy: '\nCaused by: ' }],
  ['rust', NATIVE],
  ['native', NATIVE],
  ['cocoa', NATIVE],
  ['objc', NATIVE],
  ['swift', NATIVE],
  ['c', NATIVE],
]);

/** What is longer loses its middle: nobody reads it, and it would be stored. */
const LONGEST = 64 * 1024;
/** Of what a group holds, so far to the right. */
const INDENT = '    ';

/** How a cause is linked to what it led to; whatever else belongs to a group is a member. */
const CAUSES = new Set(['cause', '__cause__', '__context__', 'InnerException']);

/**
 * The traceback of a chain or group of exceptions, as its language writes them; of a message alone one line.
 * @param cut gets what was left out
 */
export function renderTraceback(
  { exceptions, type, text: message }: Thrown,
  platform: string,
  cut: Set<string>,
): string {
  const [main] = exceptions;
  if (!main) return titleOf({ type, text: message });
  const form = FORMS.get(main.frames[0]?.platform ?? platform) ?? FORMS.get(platform) ?? SCRIPT;
  const tree = exceptions.map(toNode);
  for (const [place, node] of tree.entries()) {
    if (place === 0) continue;
    const parent = tree[node.exception.shown.parent ?? place - 1] ?? node;
    const isMember = parent.exception.isGroup && !CAUSES.has(node.exception.link ?? '');
    if (isMember || parent.cause !== null) parent.members.push(node);
    else parent.cause = node;
  }
  const text = renderChain(tree[0] ?? null, form, { left: LONGEST });
  if (text.length <= LONGEST) return text;
  cut.add('traceback');
  return withoutMiddle(text);
}

interface Node {
  exception: ReadException;
  cause: Node | null;
  /** of a group, and what else it did not lead to */
  members: Node[];
}

function toNode(exception: ReadException): Node {
  return { exception, cause: null, members: [] };
}

/** @param budget how many characters are still wanted; what comes when there are none is left out */
function renderChain(start: Node | null, form: TracebackForm, budget: { left: number }): string {
  const chain: { text: string; node: Node }[] = [];
  for (let node = start; node !== null && budget.left > 0; node = node.cause) {
    let text = form.block(node.exception);
    budget.left -= text.length;
    for (const member of node.members) {
      if (budget.left <= 0) break;
      text += `\n${INDENT}${renderChain(member, form, budget).replaceAll('\n', `\n${INDENT}`)}`;
    }
    chain.push({ text, node });
  }
  const { glue } = form;
  if (glue === undefined) return chain.map(({ text }) => text).join(`\n${form.causedBy}`);
  return chain
    .reverse()
    .map(({ text, node }, index) =>
      index === chain.length - 1 ? text : `${text}\n\n${glue(node.exception)}\n\n`,
    )
    .join('');
}

function withoutMiddle(text: string): string {
  const half = LONGEST / 2 - 2;
  return `${text.slice(0, half)}\n${CUT_MARK}\n${text.slice(-half)}`.toWellFormed();
}
