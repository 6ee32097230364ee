import type { ChatMessage } from './chat-message';
import { escapeWithin } from './short-text';

export type ChatService = 'slack' | 'discord' | 'mattermost' | 'teams';

/**
 * Longest texts after escaping. With the longest address of a dashboard (2,000) they keep within what the services
 * take: Slack 150 for a header and 3,000 for a section; Discord 256 for a title, 1,024 for a field, 4,096 for a
 * description, 6,000 in all; Mattermost 16,383 for a post; Teams 28 KB of JSON.
 */
const MAX_TITLE = 150;
const MAX_FACT = 300;
const MAX_TEXT = 1_900;

/** Teams shows line by line (see below), and a card of many lines would be too long for it. */
const MAX_TEAMS_LINES = 30;

/** Between an at sign and a name it is not seen, and nobody is called. */
const ZERO_WIDTH_SPACE = '\u200b';

/** Looks like the backtick that would end a literal text. */
const GRAVE_LETTER = '\u02cb';

type Escape = (character: string) => string;

const formats: Record<ChatService, (message: ChatMessage) => object> = {
  slack: formatForSlack,
  discord: formatForDiscord,
  mattermost: formatForMattermost,
  teams: formatForTeams,
};

/**
 * The chat service whose webhook an address is, or null for any other receiver.
 * @example findChatService(new URL('https://hooks.slack.com/services/T0/B0/x')) // 'slack'
 */
export function findChatService({ hostname, pathname }: URL): ChatService | null {
  const host = hostname.replace(/\.$/, '');
  const belongsTo = (domain: string) => host === domain || host.endsWith(`.${domain}`);
  if (host === 'hooks.slack.com') return 'slack';
  if (belongsTo('discord.com') || belongsTo('discordapp.com')) {
    return /^\/api(\/v\d+)?\/webhooks\//.test(pathname) ? 'discord' : null;
  }
  if (['webhook.office.com', 'logic.azure.com', 'powerplatform.com'].some(belongsTo)) return 'teams';
  // People run Mattermost themselves, so that only the path tells it.
  return /\/hooks\/[a-z0-9]{26}\/?$/.test(pathname) ? 'mattermost' : null;
}

/** The JSON that a service makes a message of. Nothing in it formats, links or mentions but what stands here. */
export function formatForChat(service: ChatService, message: ChatMessage): object {
  return formats[service](message);
}

/** https://docs.slack.dev/messaging/formatting-message-text */
function formatForSlack({ title, facts, text, link }: ChatMessage): object {
  const shownTitle = escapeWithin(title, MAX_TITLE, forSlack);
  const section = (mrkdwn: string) => ({
    type: 'section',
    // Verbatim: names of channels and people are no links.
    text: { type: 'mrkdwn', text: mrkdwn, verbatim: true },
  });
  return {
    text: shownTitle,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: shownTitle, emoji: false } },
      ...(facts.length > 0 ? [section(listFacts(facts, '*', forSlack))] : []),
      section(`\`\`\`\n${escapeWithin(text, MAX_TEXT, forSlack)}\n\`\`\``),
      section(`<${forSlackLink(link.url)}|${link.title}>`),
    ],
  };
}

/**
 * https://discord.com/developers/docs/resources/webhook#execute-webhook
 * The link stands in the description: Discord refuses an embed whose `url` is that of a host like `localhost`.
 */
function formatForDiscord({ title, facts, text, link }: ChatMessage): object {
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: escapeWithin(title, MAX_TITLE, forMarkdown),
        description: `${literalBlock(text)}\n[${link.title}](${forMarkdownLink(link.url)})`,
        fields: facts.map(({ name, value }) => ({ name, value: literal(value), inline: true })),
      },
    ],
  };
}

/**
 * https://developers.mattermost.com/integrate/webhooks/incoming/
 * A text and no attachment: older servers refuse attachments of more than 8,000 characters.
 */
function formatForMattermost({ title, facts, text, link }: ChatMessage): object {
  const parts = [
    `**${escapeWithin(title, MAX_TITLE, forMarkdown)}**`,
    listFacts(facts, '**', forLiteral),
    literalBlock(text),
    `[${link.title}](${forMarkdownLink(link.url)})`,
  ];
  return { text: parts.filter(Boolean).join('\n\n') };
}

/**
 * An Adaptive Card, for connectors and for workflows. Every text is a `TextRun`, the one element without Markdown;
 * it knows no line breaks, so that each line is an element of its own.
 */
function formatForTeams({ title, facts, text, link }: ChatMessage): object {
  const run = (shown: string, looks: object = {}) => ({ type: 'TextRun', text: shown || ' ', ...looks });
  const paragraph = (inlines: object[], looks: object = {}) => ({ type: 'RichTextBlock', inlines, ...looks });
  const lines = escapeWithin(text, MAX_TEXT, forTeams).split('\n');
  const shownLines = lines.length > MAX_TEAMS_LINES ? [...lines.slice(0, MAX_TEAMS_LINES), '…'] : lines;
  const shownTitle = escapeWithin(title, MAX_TITLE, forTeams);
  return {
    type: 'message',
    summary: shownTitle,
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            paragraph([run(shownTitle, { size: 'Medium', weight: 'Bolder' })]),
            ...facts.map(({ name, value }) =>
              paragraph(
                [run(`${name}: `, { weight: 'Bolder' }), run(escapeWithin(value, MAX_FACT, forTeams))],
                {
                  spacing: 'None',
                },
              ),
            ),
            ...shownLines.map((line, index) =>
              paragraph([run(line, { fontType: 'Monospace' })], {
                spacing: index === 0 ? 'Default' : 'None',
              }),
            ),
          ],
          actions: [{ type: 'Action.OpenUrl', title: link.title, url: link.url }],
        },
      },
    ],
  };
}

/** `*Project* `shop`  *Reports* `3`` */
function listFacts(facts: ChatMessage['facts'], bold: string, escape: Escape): string {
  return facts.map(({ name, value }) => `${bold}${name}${bold} ${literal(value, escape)}`).join('  ');
}

function literal(value: string, escape: Escape = forLiteral): string {
  return `\`${escapeWithin(value, MAX_FACT, escape)}\``;
}

function literalBlock(text: string): string {
  return `\`\`\`\n${escapeWithin(text, MAX_TEXT, forLiteral)}\n\`\`\``;
}

/** Inside backticks only the backtick has a meaning; mentions are taken out of them all the same. */
function forLiteral(character: string): string {
  return character === '`' ? GRAVE_LETTER : withoutMention(character);
}

function forSlack(character: string): string {
  if (character === '&') return '&amp;';
  if (character === '<') return '&lt;';
  return character === '>' ? '&gt;' : forLiteral(character);
}

function forMarkdown(character: string): string {
  return /[\\`*_~{}[\]()<>#+\-.!|]/.test(character) ? `\\${character}` : withoutMention(character);
}

function forTeams(character: string): string {
  return character === '<' ? `<${ZERO_WIDTH_SPACE}` : withoutMention(character);
}

function withoutMention(character: string): string {
  return character === '@' ? `@${ZERO_WIDTH_SPACE}` : character;
}

function forSlackLink(url: string): string {
  return encodeMarks(url, /[<>|]/g).replaceAll('&', '&amp;');
}

function forMarkdownLink(url: string): string {
  return encodeMarks(url, /[()<>[\]\\]/g);
}

function encodeMarks(url: string, marks: RegExp): string {
  return url.replace(marks, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
