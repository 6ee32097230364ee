import { dsnToShow } from '../../client/setup/dsn';
import { placeholderKey } from '../../client/setup/example';
import {
  writeDotNet,
  writeFlutter,
  writeGo,
  writeJava,
  writeRust,
  writeSpring,
} from '../../client/setup/sdk-compiled';
import { writeBrowser, writeNode } from '../../client/setup/sdk-javascript';
import { writeLaravel, writePhp, writePython, writeRuby } from '../../client/setup/sdk-scripting';

const KEY = '5b9f0f6a4c1e4d0a8d5b7c3e2f1a0b9c';

test.each([
  ['http://localhost:5010', true, 'http://localhost:5010'],
  ['https://example.com/errors', true, 'https://example.com/errors'],
  ['http://localhost:5010', false, 'https://errors.example.net'],
  ['http://localhost:8080', false, 'https://errors.example.net'],
])('a DSN at %s, where BASE_URL is set: %s, is shown at %s', (address, isTold, shown) => {
  const at = (place: string) => `${place.replace('://', `://${KEY}@`)}/7`;
  expect(dsnToShow(at(address), isTold, 'https://errors.example.net')).toBe(at(shown));
});

describe('An example for a Sentry SDK', () => {
  // What of a path stands in an address as it is, and means something in some language.
  const dsn = `https://${KEY}@example.com/it's$HOME$(id)/7`;
  const inDoubleQuotes = `"${dsn}"`;
  const inSingleQuotes = `'https://${KEY}@example.com/it\\'s$HOME$(id)/7'`;

  test.each<[(dsn: string) => string, string]>([
    [writePython, `    dsn=${inDoubleQuotes},\n`],
    [writeNode, `  dsn: ${inDoubleQuotes},\n`],
    [writeBrowser, `  dsn: ${inDoubleQuotes},\n`],
    [writeBrowser, `// https://example.com/it's$HOME$(id)/api/7/envelope/\n`],
    [writePhp, `    'dsn' => ${inSingleQuotes},\n`],
    [writeLaravel, `\nSENTRY_LARAVEL_DSN=${inSingleQuotes}\n`],
    [writeRuby, `  config.dsn = ${inSingleQuotes}\n`],
    [writeGo, `Dsn:         ${inDoubleQuotes},\n`],
    [writeJava, `options.setDsn(${inDoubleQuotes});\n`],
    [writeSpring, `\nsentry.dsn=${dsn}\n`],
    [writeDotNet, `    options.Dsn = ${inDoubleQuotes};\n`],
    [writeRust, `        ${inDoubleQuotes},\n`],
    [writeFlutter, `options.dsn = "https://${KEY}@example.com/it's\\$HOME\\$(id)/7";\n`],
  ])('%p has the DSN in it, quoted as the language wants it', (write, line) => {
    expect(write(dsn)).toContain(line);
  });

  test('says what belongs where while there is no key', () => {
    expect(placeholderKey('https://example.com/errors').dsn).toBe(
      'https://YOUR_INGEST_KEY@example.com/errors/PROJECT_ID',
    );
  });
});
