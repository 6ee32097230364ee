import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatTable } from './format.mjs';
import { formatMachine } from './machine.mjs';

const folder = new URL('../results/', import.meta.url);
const document = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const BEGIN = '<!-- results: written by `npm run bench -- --write-docs` -->';
const END = '<!-- end of results -->';

/** Keeps the last result of a scenario. */
export function writeResult(name, result) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(resultFile(name), `${JSON.stringify(result, null, 2)}\n`);
}

/**
 * Puts the last results of these scenarios, in this order, between the two marks of docs/performance.md. What stands
 * there of a scenario that has no result here stays.
 */
export function writeDocs(names) {
  const text = readFileSync(document, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md lacks the lines\n${BEGIN}\n${END}`);
  const written = readSections(text.slice(begin + BEGIN.length, end));
  const sections = names.map((name) => readSection(name) ?? written.get(name));
  const block = sections.filter((section) => section !== undefined).join('\n\n');
  writeFileSync(document, `${text.slice(0, begin)}${BEGIN}\n\n${block}\n\n${text.slice(end)}`);
}

/** The sections that were written before, by scenario. */
function readSections(block) {
  const sections = block.split(/^(?=### )/m).filter((section) => section.startsWith('### '));
  return new Map(sections.map((section) => [/^### (\S+)/.exec(section)[1], section.trim()]));
}

function readSection(name) {
  const file = resultFile(name);
  return existsSync(file) ? toMarkdown(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

function toMarkdown({ name, summary, machine, mode, tables, notes }) {
  const warning = mode.quick ? ['**Of a quick run: these figures mean little.**'] : [];
  return [
    `### ${name}`,
    `${summary[0].toUpperCase()}${summary.slice(1)}.`,
    ...warning,
    ...tables.map(formatTable),
    ...notes,
    `Measured on ${formatMachine(machine)}.`,
  ].join('\n\n');
}

function resultFile(name) {
  return fileURLToPath(new URL(`${name}.json`, folder));
}
