import { browserSdkNote } from './browser-note.js';
import type { Example } from './example.js';
import type { LanguageExamples } from './example-choice.js';
import { writeDotNet, writeFlutter, writeGo, writeJava, writeRust, writeSpring } from './sdk-compiled.js';
import { writeBrowser, writeExpress, writeNest, writeNode } from './sdk-javascript.js';
import { writeLaravel, writePhp, writePython, writeRuby } from './sdk-scripting.js';

/** In the order of the choice. */
export const sdkExamples: Readonly<Record<string, LanguageExamples>> = {
  python: {
    title: 'Python',
    examples: [example('Where your program begins; in Django in settings.py', writePython)],
  },
  node: {
    title: 'Node',
    examples: [
      example('Save as instrument.mjs, run with node --import ./instrument.mjs app.js', writeNode),
      example('With Express, add', writeExpress),
      example('With NestJS, add', writeNest),
    ],
  },
  browser: {
    title: 'Browser',
    examples: [example('First in the script of your page', writeBrowser)],
    note: browserSdkNote,
  },
  php: {
    title: 'PHP',
    examples: [
      example('Where your program begins', writePhp),
      example('Or in Laravel: lines for .env', writeLaravel),
    ],
  },
  ruby: {
    title: 'Ruby',
    examples: [example('Where your program begins; in Rails in config/initializers/sentry.rb', writeRuby)],
  },
  go: { title: 'Go', examples: [example('main.go', writeGo)] },
  java: {
    title: 'Java',
    examples: [
      example('Where your program begins', writeJava),
      example('Or in Spring Boot: lines for application.properties', writeSpring),
    ],
  },
  dotnet: { title: '.NET', examples: [example('Program.cs', writeDotNet)] },
  rust: { title: 'Rust', examples: [example('src/main.rs', writeRust)] },
  flutter: { title: 'Flutter', examples: [example('lib/main.dart', writeFlutter)] },
};

function example(title: string, write: (dsn: string) => string): Example {
  return { title, write: ({ dsn }) => write(dsn), key: 'ingest' };
}
