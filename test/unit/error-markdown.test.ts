import type { ErrorDetail, Occurrence } from '../../client/api-answers';
import { errorMarkdown } from '../../client/detail/error-markdown';

const address = 'https://errors.example.com/errors/17';

const error: ErrorDetail = {
  id: 17,
  fingerprint: 'f'.repeat(32),
  project: 'shop',
  exception_type: 'KeyError',
  message: "'shipping_address'",
  count: 1_234,
  first_seen: '2026-11-22T08:05:09.123Z',
  last_seen: '2026-11-23T08:05:09.123Z',
  resolved: false,
  resolved_at: null,
  source: 'server',
  file: 'orders/shipping.py',
  line: 57,
  level: 'error',
  traceback: 'Traceback:\n  File "orders/shipping.py", line 57, in quote\n',
  language: 'python',
  frames: null,
};

const occurrence: Occurrence = {
  id: 310,
  timestamp: '2026-11-23T08:05:09.123Z',
  request_url: 'https://shop.example.com/cart',
  request_method: 'POST',
  request_headers: { authorization: 'Bearer secret' },
  user_id: 'user-1207',
  extra: { release: '2026.11.3' },
  message: error.message,
  traceback: error.traceback,
  frames: null,
};

const write = (
  changes: Partial<ErrorDetail> = {},
  ofOccurrence: Partial<Occurrence> | null = {},
  where = address,
) =>
  errorMarkdown(
    {
      error: { ...error, ...changes },
      occurrences: ofOccurrence ? [{ ...occurrence, ...ofOccurrence }] : [],
    },
    where,
  );

describe('An error as Markdown', () => {
  it('has title, message, facts, stack trace, the last occurrence and the way back', () => {
    expect(write()).toBe(`# \`KeyError\` in \`shop\`

\`\`\`text
'shipping_address'
\`\`\`

| | |
| --- | --- |
| State | open |
| Reports | 1,234 |
| First seen | 2026-11-22T08:05:09.123Z |
| Last seen | 2026-11-23T08:05:09.123Z |
| Place | \`orders/shipping.py:57\` |
| Source | server |

## Stack trace

\`\`\`text
Traceback:
  File "orders/shipping.py", line 57, in quote
\`\`\`

## Last occurrence

- Time: 2026-11-23T08:05:09.123Z
- Request: \`POST https://shop.example.com/cart\`
- User: \`user-1207\`

Extra:

\`\`\`json
{
  "release": "2026.11.3"
}
\`\`\`

<https://errors.example.com/errors/17>
`);
  });

  it('leaves out what is not known', () => {
    const text = write(
      { message: '', file: null, line: null },
      { request_url: null, request_method: null, user_id: null, extra: null },
    );
    expect(text).not.toMatch(/null|Place|Request|User|Extra/);
    expect(write({}, null)).not.toContain('Last occurrence');
  });

  it('leaves out request headers, which may hold secrets', () => {
    expect(write()).not.toContain('secret');
  });

  it('keeps text in its fence, however many backticks it has', () => {
    const traceback = 'a\n```\n</details><script>\n``````\n# Heading\n@everyone #1';
    const lines = write({ traceback }).split('\n');
    const opened = lines.indexOf('```````text');
    const closed = lines.indexOf('```````');
    expect(lines.slice(opened + 1, closed).join('\n')).toBe(traceback);
  });

  it('keeps text in its line: line breaks, backticks, pipes and direction marks do nothing', () => {
    const hostile = 'a`b``c | d \\| e\n# Heading ![x](http://a.example) @everyone \u202e';
    const text = write({ exception_type: hostile, project: hostile, file: hostile }, { user_id: hostile });
    expect(text).not.toMatch(/^# Heading/m);
    expect(text).not.toContain('\u202e');
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    for (const row of rows) expect(row.split('|')).toHaveLength(4);
    // Outside of code nothing of it is left.
    for (const line of text.split('\n').filter((one) => one.includes('@everyone'))) {
      expect(withoutCode(line)).not.toMatch(/[![@`\\]/);
    }
  });

  it.each(['`', '``', ' `', '` ', '`a`'])('keeps %j as code', (text) => {
    expect(withoutCode(write({ exception_type: text }).split('\n')[0]!)).toBe('#  in ');
  });

  it('fits an issue, however long the texts are', () => {
    const long = `begins ${'🙂'.repeat(50_000)} ends`;
    const text = write(
      { exception_type: long, message: long, traceback: long, file: long },
      { request_url: long, user_id: long, extra: { long } },
    );
    expect(text.length).toBeLessThan(60_000);
    expect(text.isWellFormed()).toBe(true);
    expect(text).toMatch(/characters left out …\n[^`]* ends\n```/);
  });
});

/** A line without its pieces of code, as CommonMark finds them: from a run of backticks to the next as long. */
function withoutCode(line: string): string {
  return line.replace(/(?<!`)(`+)(?!`)(?:.*?)(?<!`)\1(?!`)/g, '');
}
