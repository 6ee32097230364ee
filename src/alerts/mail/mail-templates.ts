import Handlebars from 'handlebars';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type TemplateName = 'error' | 'summary' | 'test';

/** A misspelt or missing value is an error, and helpers are these alone: no name from a template leads anywhere else. */
const options = {
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: { indent: true },
  // An indented partial would indent the lines of a traceback, too.
  preventIndent: true,
} as const;

const engine = Handlebars.create();
engine.registerHelper('indent', (text: string) => text.replace(/^(?=.)/gm, '  '));
for (const name of ['layout', 'button']) engine.registerPartial(name, read(`${name}.html`));

const templates = { error: compile('error'), summary: compile('summary'), test: compile('test') };

/** Both forms of a mail with the values filled in, which are escaped where it is HTML. */
export function fillTemplates(name: TemplateName, values: object): { text: string; html: string } {
  const { text, html } = templates[name];
  return { text: text(values), html: html(values) };
}

function compile(name: TemplateName) {
  return {
    text: engine.compile<object>(read(`${name}.text`), { ...options, noEscape: true }),
    html: engine.compile<object>(read(`${name}.html`), options),
  };
}

function read(name: string): string {
  return readFileSync(join(__dirname, 'templates', `${name}.hbs`), 'utf8');
}
