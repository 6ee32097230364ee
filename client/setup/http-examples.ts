import { writePageScript } from './browser-examples.js';
import { browserNote } from './browser-note.js';
import type { ExampleValues } from './example.js';
import type { LanguageExamples } from './example-choice.js';
import { inShell, quoted } from './quoting.js';

/** In the order of the choice; each is complete and runs as it stands. */
export const httpExamples: Readonly<Record<string, LanguageExamples>> = {
  curl: {
    title: 'curl',
    examples: [{ title: 'Run in a terminal (Linux, macOS, WSL)', write: writeCurl, key: 'api' }],
  },
  python: {
    title: 'Python',
    examples: [
      { title: 'Save as first_error.py, run with python3 first_error.py', write: writePython, key: 'api' },
    ],
  },
  node: {
    title: 'Node',
    examples: [
      { title: 'Save as first-error.mjs, run with node first-error.mjs', write: writeNode, key: 'api' },
    ],
  },
  browser: {
    title: 'Browser',
    examples: [{ title: 'In your page, before its other scripts', write: writePageScript, key: 'ingest' }],
    note: browserNote,
  },
};

function writeCurl({ address, key }: ExampleValues): string {
  return `curl ${inShell(`${address}/api/errors`)} \\
  -H ${inShell(`X-API-Key: ${key}`)} \\
  -H 'Content-Type: application/json' \\
  -d '{
    "project": "my-app",
    "exception_type": "TypeError",
    "message": "Hello from curl",
    "traceback": "TypeError: Hello from curl\\n    at main (app.js:1:1)"
  }'`;
}

function writePython({ address, key }: ExampleValues): string {
  return `# Python 3.7 or newer, nothing to install
import json
import traceback
import urllib.request

ERROR_TRACKER = ${quoted(address)}
API_KEY = ${quoted(key)}


def report(error, project="my-app"):
    """Sends an exception; one that cannot be sent must not stop the program."""
    body = {
        "project": project,
        "exception_type": type(error).__name__,
        "message": str(error),
        "traceback": "".join(
            traceback.format_exception(type(error), error, error.__traceback__)
        ),
    }
    request = urllib.request.Request(
        ERROR_TRACKER + "/api/errors",
        data=json.dumps(body).encode(),
        headers={"X-API-Key": API_KEY, "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            print(answer.read().decode())
    except OSError as problem:
        print("The error could not be reported:", problem)


try:
    1 / 0
except Exception as error:
    report(error)
`;
}

function writeNode({ address, key }: ExampleValues): string {
  return `// Node 18 or newer, nothing to install
const errorTracker = ${quoted(address)};
const apiKey = ${quoted(key)};

/** Sends an exception; one that cannot be sent must not stop the program. */
async function report(thrown, project = 'my-app') {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  try {
    const answer = await fetch(errorTracker + '/api/errors', {
      method: 'POST',
      headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        project,
        exception_type: error.name,
        message: error.message,
        traceback: error.stack,
      }),
      signal: AbortSignal.timeout(5000),
    });
    console.log(await answer.text());
  } catch (problem) {
    console.error('The error could not be reported:', problem);
  }
}

try {
  null.price;
} catch (error) {
  report(error);
}
`;
}
