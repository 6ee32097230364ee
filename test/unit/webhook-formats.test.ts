import type { Alert } from '../../src/alerts/alert';
import { type ChatService, findChatService, formatForChat } from '../../src/alerts/webhook/chat-formats';
import { toChatMessage } from '../../src/alerts/webhook/chat-message';
import { cutBytes, cutMiddle, cutText, escapeWithin, toOneLine } from '../../src/alerts/webhook/short-text';
import { toWebhookBody } from '../../src/alerts/webhook/webhook-body';
import { anErrorAlert, aSummaryAlert } from '../support/webhook-alerts';
import { pythonTraceback } from '../support/reports';

const BASE_URL = 'https://errors.example.com';
const SENT_AT = new Date('2026-11-23T17:02:12.000Z');
const SERVICES: ChatService[] = ['slack', 'discord', 'mattermost', 'teams'];

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each service has a shape of its own
const format = (service: ChatService, alert: Alert, baseUrl = BASE_URL): any =>
  JSON.parse(JSON.stringify(formatForChat(service, toChatMessage(alert, baseUrl))));

/** Every text of a message that people see, in order. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];
}

/** What is left of a text when all that its service shows literally is taken out. */
function activeIn(service: ChatService, text: string): string {
  if (service === 'teams') return text;
  const active = text.replace(/```\n[^`]*\n```|`[^`]+`/g, '');
  // Slack reads marks of links and mentions inside of backticks, too.
  return service === 'slack' ? active + text : active.replace(/\\[^a-z0-9]/gi, '');
}

describe('Our own body', () => {
  test('tells all of a new error', () => {
    expect(toWebhookBody(311, anErrorAlert(), BASE_URL, SENT_AT)).toEqual({
      version: 1,
      event: 'error.created',
      delivery_id: 311,
      sent_at: '2026-11-23T17:02:12.000Z',
      error: {
        id: 17,
        project: 'shop',
        exception_type: 'ValueError',
        message: 'invalid quantity',
        place: 'cart.py:31',
        traceback: pythonTraceback('cart.py', 31),
        count: 3,
        first_seen: '2026-11-20T08:15:30.123Z',
        last_seen: '2026-11-23T17:02:11.480Z',
        source: 'server',
        request_method: 'POST',
        request_url: 'https://shop.example.com/cart',
        level: 'error',
        environment: null,
        release: null,
        url: 'https://errors.example.com/errors/17',
      },
      summary: null,
    });
  });

  test('says that an error was reopened', () => {
    expect(toWebhookBody(1, anErrorAlert({}, 'reopened'), BASE_URL, SENT_AT).event).toBe('error.reopened');
  });

  test('has null for what an error does not have', () => {
    const alert = anErrorAlert({ traceback: '', requestMethod: null, requestUrl: null });
    expect(toWebhookBody(1, alert, BASE_URL, SENT_AT).error).toMatchObject({
      place: null,
      traceback: '',
      request_method: null,
      request_url: null,
    });
  });

  test('says where and how badly it happened, when that is known', () => {
    const known = { level: 'fatal', environment: 'production', release: 'shop@2026.11' } as const;
    expect(toWebhookBody(1, anErrorAlert(known), BASE_URL, SENT_AT).error).toMatchObject(known);
  });

  test('sums up', () => {
    expect(toWebhookBody(1, aSummaryAlert(), BASE_URL, SENT_AT)).toMatchObject({
      event: 'errors.summary',
      error: null,
      summary: {
        hourly_cap: 20,
        since: '2026-11-23T17:00:00.000Z',
        created: 14,
        reopened: 1,
        projects: [
          {
            project: 'shop',
            created: 12,
            reopened: 1,
            newest: [{ id: 18, exception_type: 'KeyError', message: "'size'", url: `${BASE_URL}/errors/18` }],
          },
          { project: 'blog', created: 2, reopened: 0, newest: [] },
        ],
        more_projects: 0,
      },
    });
  });

  test('lists fifty projects of a summary and counts the others', () => {
    const projects = Array.from({ length: 60 }, (_, index) => ({
      project: `p${index}`,
      created: 1,
      reopened: 0,
      newest: [{ id: index, exceptionType: 'E', message: 'x'.repeat(100_000) }],
    }));
    const body = toWebhookBody(1, aSummaryAlert({ projects }), BASE_URL, SENT_AT);
    expect(body.summary).toMatchObject({ created: 60, more_projects: 10 });
    expect(body.summary?.projects).toHaveLength(50);
    expect(JSON.stringify(body).length).toBeLessThan(50_000);
  });

  test('of a test alert has nothing else', () => {
    expect(toWebhookBody(1, { kind: 'test' }, BASE_URL, SENT_AT)).toMatchObject({
      event: 'test',
      error: null,
      summary: null,
    });
  });

  test('cuts a message at its end and a traceback in its middle', () => {
    const alert = anErrorAlert({
      message: 'é'.repeat(50_000),
      traceback: `first\n${'ö'.repeat(50_000)}\nlast`,
    });
    const error = toWebhookBody(1, alert, BASE_URL, SENT_AT).error!;
    expect(error.message).toMatch(/^é+…$/);
    expect(Buffer.byteLength(error.message)).toBeLessThanOrEqual(8 * 1024);
    expect(error.traceback).toMatch(/^first\nö+\n… \d+ bytes left out …\nö+\nlast$/);
    expect(Buffer.byteLength(error.traceback)).toBeLessThanOrEqual(12 * 1024);
    expect(Buffer.byteLength(error.traceback)).toBeGreaterThan(12 * 1024 - 50);
  });
});

describe('A chat service is recognised:', () => {
  const key = 'abcdefghijklmnopqrstuvwxy1';
  test.each([
    ['https://hooks.slack.com/services/T0/B0/x', 'slack'],
    ['https://hooks.slack.com./services/T0/B0/x', 'slack'],
    ['https://HOOKS.SLACK.COM/services/T0/B0/x', 'slack'],
    ['https://discord.com/api/webhooks/1/x', 'discord'],
    ['https://discordapp.com/api/webhooks/1/x', 'discord'],
    ['https://ptb.discord.com/api/v10/webhooks/1/x?thread_id=2', 'discord'],
    ['https://discord.com/invite/x', null],
    [`https://chat.example.com/hooks/${key}`, 'mattermost'],
    [`http://127.0.0.1:8065/team/hooks/${key}/`, 'mattermost'],
    [`https://chat.example.com/hooks/${key}x`, null],
    [`https://chat.example.com/hooks/${key}/x`, null],
    ['https://example.webhook.office.com/webhookb2/x', 'teams'],
    ['https://prod-1.westeurope.logic.azure.com/workflows/x?sig=y', 'teams'],
    ['https://d.1.environment.api.powerplatform.com/powerautomate/x', 'teams'],
    ['https://hooks.slack.com.example.com/services/x', null],
    ['https://notdiscord.com/api/webhooks/1/x', null],
    ['https://example.com/hooks.slack.com/', null],
    ['https://logic.azure.com.example.com/x', null],
    ['https://example.com/', null],
  ])('%s is %s', (url, service) => expect(findChatService(new URL(url))).toBe(service));
});

describe('The message of', () => {
  test('Slack has blocks, and a text for notifications', () => {
    expect(format('slack', anErrorAlert())).toEqual({
      text: 'New error in shop: ValueError',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'New error in shop: ValueError', emoji: false } },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '*Project* `shop`  *Type* `ValueError`  *Place* `cart.py:31`  *Reports* `3`',
            verbatim: true,
          },
        },
        {
          type: 'section',
          text: { type: 'mrkdwn', text: '```\ninvalid quantity\n```', verbatim: true },
        },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '<https://errors.example.com/errors/17|Open error 17>',
            verbatim: true,
          },
        },
      ],
    });
  });

  test('Discord is an embed that mentions nobody', () => {
    expect(format('discord', anErrorAlert({}, 'reopened'))).toEqual({
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: 'Reopened in shop: ValueError',
          description: '```\ninvalid quantity\n```\n[Open error 17](https://errors.example.com/errors/17)',
          fields: [
            { name: 'Project', value: '`shop`', inline: true },
            { name: 'Type', value: '`ValueError`', inline: true },
            { name: 'Place', value: '`cart.py:31`', inline: true },
            { name: 'Reports', value: '`3`', inline: true },
          ],
        },
      ],
    });
  });

  test('Mattermost is a text', () => {
    expect(format('mattermost', anErrorAlert())).toEqual({
      text: [
        '**New error in shop: ValueError**',
        '**Project** `shop`  **Type** `ValueError`  **Place** `cart.py:31`  **Reports** `3`',
        '```\ninvalid quantity\n```',
        '[Open error 17](https://errors.example.com/errors/17)',
      ].join('\n\n'),
    });
  });

  test('Teams is an Adaptive Card of texts without Markdown, line by line', () => {
    const message = format('teams', anErrorAlert({ message: 'one\n\nthree' }));
    expect(message.type).toBe('message');
    const [{ contentType, content }] = message.attachments;
    expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(content).toMatchObject({ type: 'AdaptiveCard', version: '1.4' });
    expect(content.actions).toEqual([
      { type: 'Action.OpenUrl', title: 'Open error 17', url: 'https://errors.example.com/errors/17' },
    ]);
    const lines = content.body.map((block: { type: string; inlines: { type: string; text: string }[] }) => {
      expect(block.type).toBe('RichTextBlock');
      expect(block.inlines.every(({ type }) => type === 'TextRun')).toBe(true);
      return block.inlines.map(({ text }) => text).join('');
    });
    expect(lines).toEqual([
      'New error in shop: ValueError',
      'Project: shop',
      'Type: ValueError',
      'Place: cart.py:31',
      'Reports: 3',
      'one',
      ' ',
      'three',
    ]);
  });

  test.each([
    ['slack', '<https://example.com/a(b)%3Cc%3E%7Cd&amp;e/errors/17|Open error 17>'],
    ['discord', '[Open error 17](https://example.com/a%28b%29%3Cc%3E|d&e/errors/17)'],
    ['mattermost', '[Open error 17](https://example.com/a%28b%29%3Cc%3E|d&e/errors/17)'],
    ['teams', 'https://example.com/a(b)<c>|d&e/errors/17'],
  ] as const)('%s has a link that the address of the dashboard cannot end', (service, link) => {
    const texts = textsOf(format(service, anErrorAlert(), 'https://example.com/a(b)<c>|d&e'));
    expect(texts.some((text) => text.endsWith(link))).toBe(true);
  });

  test.each(['discord', 'mattermost'] as const)('%s does not format its title', (service) => {
    const texts = textsOf(format(service, anErrorAlert({ exceptionType: '**E** [x](y) _z_ ~~a~~ #b' })));
    expect(texts.join('\n')).toContain(
      'New error in shop: \\*\\*E\\*\\* \\[x\\]\\(y\\) \\_z\\_ \\~\\~a\\~\\~ \\#b',
    );
  });

  test.each(['slack', 'discord', 'mattermost'] as const)('%s cannot be left by backticks', (service) => {
    const hostile = '``` *x* ```\n`y` ``';
    const alert = anErrorAlert({ project: hostile, exceptionType: hostile, message: hostile });
    for (const text of textsOf(format(service, alert))) {
      expect(activeIn(service, text).replace(text, '').replaceAll('\\`', '')).not.toContain('`');
      expect(text.split('```').length).toBeLessThanOrEqual(3);
    }
  });

  describe.each(SERVICES)('%s', (service) => {
    test('sums up', () => {
      const shown = textsOf(format(service, aSummaryAlert())).join('\n');
      expect(shown.replaceAll('\\', '')).toContain('14 more new, 1 more reopened errors');
      expect(shown).toContain('shop: 12 new, 1 reopened\n');
      expect(shown).toContain("\n  #18 KeyError: 'size'");
      expect(shown).toContain('blog: 2 new, 0 reopened');
      expect(shown).toContain(BASE_URL);
    });

    test('shows a test alert', () => {
      const shown = textsOf(format(service, { kind: 'test' })).join('\n');
      expect(shown).toContain('Test alert');
      expect(shown).toContain(BASE_URL);
    });

    test('shows an error that has neither a message nor a place', () => {
      const shown = textsOf(format(service, anErrorAlert({ message: '', traceback: '' }))).join('\n');
      expect(shown).toContain('(no message)');
      expect(shown).toContain('unknown');
    });

    test.each([
      [
        'mentions',
        '<!channel> <@U123> <#C1> <at>all</at> @here @channel @all @everyone <@&1>',
        /@\w|<[!@#a/]/,
      ],
      ['links', '<https://evil.example.com|click> [click](https://evil.example.com)', /<https:\/\/evil/],
      ['HTML', '<script>alert(1)</script><img src=x onerror=alert(1)>', /<(script|img)/],
      ['carriage returns', 'a\r\nb\rc\u2028d', /[\r\u2028]/],
      ['control characters', 'a\0b\x1b[31mc\x7f', /[\0\x1b\x7f]/],
      ['overrides of direction', 'a\u202egnp.exe\u2066b\u200f', /[\u202e\u2066\u200f]/],
      ['half characters', 'a\ud800b\udc00', /\p{Cs}/u],
    ])('takes the power from %s in every field', (_name, hostile, forbidden) => {
      const alert = anErrorAlert({
        project: hostile,
        exceptionType: hostile,
        message: `start ${hostile} end`,
        traceback: pythonTraceback(hostile.replace(/\s/g, ' '), 3),
        requestUrl: hostile,
      });
      const summary = aSummaryAlert({
        projects: [
          {
            project: hostile,
            created: 1,
            reopened: 0,
            newest: [{ id: 1, exceptionType: hostile, message: hostile }],
          },
        ],
      });
      for (const message of [format(service, alert), format(service, summary)]) {
        const texts = textsOf(message);
        expect(texts.filter((text) => forbidden.test(activeIn(service, text)))).toEqual([]);
        expect(texts.every((text) => text.isWellFormed())).toBe(true);
      }
      expect(textsOf(format(service, alert)).join('\n')).toMatch(/start[^]*end/);
    });

    test('calls nobody, not even in what is shown literally', () => {
      const hostile = '@here @channel @all @everyone';
      const alert = anErrorAlert({ project: hostile, exceptionType: hostile, message: hostile });
      expect(textsOf(format(service, alert)).join('\n')).not.toMatch(/@\w/);
    });

    test('leaves emoji and right-to-left letters as they are', () => {
      const message = 'خطأ 👩‍👩‍👧 שגיאה';
      expect(textsOf(format(service, anErrorAlert({ message }))).join('\n')).toContain(message);
    });

    test.each(['x', '<', '&', '@', '`', '*', '\\', '"', '\n', '€', '👩‍👩‍👧', 'a b', '\t|'])(
      'stays within the limits when every field is 100 KB of %j',
      (piece) => {
        const long = `start${piece.repeat(100_000 / piece.length)}end`;
        const baseUrl = `https://example.com/${'x'.repeat(1_900)}`;
        const alert = anErrorAlert({
          project: long.slice(0, 100),
          exceptionType: long.slice(0, 200),
          message: long,
          traceback: pythonTraceback(long.replaceAll('\n', '').replaceAll('"', ''), 3),
          count: Number.MAX_SAFE_INTEGER,
        });
        const message = format(service, alert, service === 'teams' ? BASE_URL : baseUrl);
        expect(textsOf(message).every((text) => text.isWellFormed())).toBe(true);
        expectWithinLimits(service, message);
      },
    );
  });
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each service has a shape of its own
function expectWithinLimits(service: ChatService, message: any): void {
  if (service === 'slack') {
    const [header, ...sections] = message.blocks;
    expect(header.text.text.length).toBeLessThanOrEqual(150);
    for (const { text } of sections) {
      expect(text.text.length).toBeLessThanOrEqual(3_000);
      expect(text.text).not.toMatch(/&(?!amp;|lt;|gt;)/);
    }
  } else if (service === 'discord') {
    const [{ title, description, fields }] = message.embeds;
    expect(title.length).toBeLessThanOrEqual(256);
    expect(description.length).toBeLessThanOrEqual(4_096);
    for (const { value } of fields) expect(value.length).toBeLessThanOrEqual(1_024);
    expect([title, description, ...fields.flatMap(Object.values)].join('').length).toBeLessThanOrEqual(6_000);
  } else if (service === 'mattermost') {
    expect(message.text.length).toBeLessThanOrEqual(16_383);
  } else {
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(20_000);
  }
}

describe('Short texts', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['a👩b', 3, 'a…'],
    ['', 0, ''],
  ])('cutText(%j, %d) is %j', (text, max, cut) => expect(cutText(text, max)).toBe(cut));

  test.each([
    ['<<', 8, '&lt;&lt;'],
    ['<<<', 8, '&lt;…'],
    ['a<b', 5, 'a…'],
    ['a<', 5, 'a&lt;'],
  ])('escapeWithin(%j, %d) is %j', (text, max, escaped) => {
    expect(escapeWithin(text, max, (character) => (character === '<' ? '&lt;' : character))).toBe(escaped);
  });

  test.each([
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'a…'],
    ['ééé', 5, 'é…'],
    ['👩👩', 7, '👩…'],
    ['👩👩', 6, '…'],
  ])('cutBytes(%j, %d) is %j', (text, max, cut) => expect(cutBytes(text, max)).toBe(cut));

  test('cutMiddle keeps both ends and splits no character', () => {
    expect(cutMiddle('a'.repeat(100), 100)).toBe('a'.repeat(100));
    expect(cutMiddle(`a${'👩'.repeat(50)}b`, 62)).toBe('a👩👩\n… 180 bytes left out …\n👩👩👩b');
  });

  test('toOneLine leaves no line break and no invisible character', () => {
    expect(toOneLine(' a\r\n\tb\u2028c\0d\u202ee\ud800f ')).toBe('a b c d e f');
  });
});
