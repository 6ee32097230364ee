import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http';
import { isIP, type LookupFunction, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { DeliveryError } from '../channel';
import { isPublicAddress } from './public-address';
import { cutText, toOneLine } from './short-text';
import { hostAndPort, portOf } from './webhook-url';

/** More of an answer is not read. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_CAUSE_LENGTH = 300;
const PRIVATE_HINT =
  'Set ALERT_WEBHOOK_ALLOW_PRIVATE=true if alerts may go to addresses of your own network.';

export interface WebhookPost {
  url: URL;
  headers: Record<string, string | number>;
  body: Buffer;
  /** whether the receiver may have an address that is not public */
  allowPrivate: boolean;
  /** for the whole attempt, what `handOver` takes aside */
  timeoutMs: number;
  /** awaited when all but the last byte of the body is sent */
  handOver: () => Promise<void>;
}

export interface WebhookAnswer {
  status: number;
  location: string | null;
  retryAfter: string | null;
  /** the first 64 KiB */
  text: string;
  /** from the network, so that of a handshake counts, too */
  bytesReceived: number;
}

/**
 * Sends one POST and reads the answer, whatever its status; follows no redirect.
 *
 * The name is looked up once, every address is checked, and only these are connected to: a name that points elsewhere
 * a moment later changes nothing. Once a status is there, the rest of the answer is only for people: what is missing
 * at the deadline is left out.
 *
 * @throws DeliveryError when no status came, or what `handOver` threw
 */
export async function postToWebhook(post: WebhookPost): Promise<WebhookAnswer> {
  return new WebhookAttempt(post).run();
}

/** What the network throws; `errors` when several addresses were tried. */
type Failure = NodeJS.ErrnoException & { errors?: Failure[] };

class WebhookAttempt {
  private readonly socket = new Socket();
  private stage = 'looking up the name';
  private answered = false;
  private expired = false;
  private remainingMs: number;
  private clockStartedAt = 0;
  private timer?: NodeJS.Timeout;
  private expire: () => void = () => undefined;

  constructor(private readonly post: WebhookPost) {
    this.remainingMs = post.timeoutMs;
  }

  async run(): Promise<WebhookAnswer> {
    const expiry = new Promise<never>((_resolve, reject) => {
      this.expire = () => reject(new Error(`timed out after ${this.post.timeoutMs} ms while ${this.stage}`));
    });
    this.startClock();
    try {
      return await Promise.race([this.exchange(), expiry]);
    } catch (error) {
      throw this.stage === 'handing over' ? error : this.toDeliveryError(error);
    } finally {
      this.stopClock();
      this.expired = true;
      this.socket.destroy();
    }
  }

  private async exchange(): Promise<WebhookAnswer> {
    const addresses = await this.findAddresses();
    if (this.expired) throw new Error('too late');
    this.stage = 'connecting';
    await this.connect(addresses);
    const connection = this.post.url.protocol === 'https:' ? await this.secure() : this.socket;
    this.stage = 'sending the alert';
    const response = await this.send(connection);
    const body = await readAnswer(response);
    return {
      status: response.statusCode ?? 0,
      location: response.headers.location ?? null,
      retryAfter: response.headers['retry-after'] ?? null,
      text: body.toString(),
      bytesReceived: this.socket.bytesRead,
    };
  }

  private async findAddresses(): Promise<LookupAddress[]> {
    // A lookup of the system's resolver takes every spelling of an address, too, and `localhost`.
    const addresses = await lookup(this.hostname, { all: true });
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    if (refused && !this.post.allowPrivate) {
      throw this.fail(`${refused.address} is not a public address`, true, PRIVATE_HINT);
    }
    return addresses;
  }

  private connect(addresses: LookupAddress[]): Promise<void> {
    const lookUpNothing: LookupFunction = (_hostname, { all }, done) => {
      const [{ address, family } = { address: '', family: 0 }] = addresses;
      if (all) done(null, addresses);
      else done(null, address, family);
    };
    return new Promise((resolve, reject) => {
      this.socket.on('error', reject).once('connect', resolve);
      this.socket.connect({ host: this.hostname, port: portOf(this.post.url), lookup: lookUpNothing });
    });
  }

  private secure(): Promise<Socket> {
    this.stage = 'securing the connection';
    const host = this.hostname.replace(/\.$/, '');
    const connection = connectTls({
      socket: this.socket,
      host,
      servername: isIP(host) ? '' : host,
      ALPNProtocols: ['http/1.1'],
    });
    this.socket.once('close', () => connection.destroy());
    return new Promise((resolve, reject) => {
      connection.on('error', reject).once('secureConnect', () => resolve(connection));
    });
  }

  private async send(connection: Socket): Promise<IncomingMessage> {
    const { url, headers, body, handOver } = this.post;
    const request = startRequest({
      createConnection: () => connection,
      method: 'POST',
      path: url.pathname + url.search,
      headers: { ...headers, Host: url.host, 'Content-Length': body.length, Connection: 'close' },
    });
    const response = this.waitForResponse(request);
    const sent = new Promise<void>((resolve) => {
      // What cannot be written ends the request, and `response` with it.
      request.write(body.subarray(0, -1), (error) => error ?? resolve());
    });
    await Promise.race([response, sent]);

    this.stopClock();
    this.stage = 'handing over';
    await handOver();
    this.stage = 'waiting for an answer';
    this.startClock();
    request.end(body.subarray(-1));
    return response;
  }

  private waitForResponse(request: ClientRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      request.on('error', reject).once('response', (response) => {
        this.answered = true;
        resolve(response);
      });
    });
  }

  private startClock(): void {
    this.clockStartedAt = performance.now();
    this.timer = setTimeout(
      () => {
        if (this.answered) this.socket.destroy();
        else this.expire();
      },
      Math.max(this.remainingMs, 1),
    );
  }

  private stopClock(): void {
    clearTimeout(this.timer);
    this.remainingMs -= performance.now() - this.clockStartedAt;
  }

  /** of an IPv6 address without its brackets */
  private get hostname(): string {
    return this.post.url.hostname.replace(/^\[(.*)\]$/, '$1');
  }

  private toDeliveryError(error: unknown): DeliveryError {
    if (error instanceof DeliveryError) return error;
    return this.fail(this.describe(error as Failure), false, this.findHint(error as Failure));
  }

  private fail(cause: string, permanent: boolean, hint: string | null): DeliveryError {
    const bytes = this.socket.bytesRead;
    return new DeliveryError(
      `${hostAndPort(this.post.url)}, ${bytes} bytes received: ${cause}`,
      permanent,
      bytes,
      hint,
    );
  }

  private describe(error: Failure): string {
    if (error.errors) return error.errors.map((each) => this.describe(each)).join('; ');
    const { code = '', message } = error;
    if (code === 'ECONNRESET') return `the connection was closed while ${this.stage} (ECONNRESET)`;
    const cause = cutText(toOneLine(message), MAX_CAUSE_LENGTH);
    return cause.includes(code) ? cause : `${cause} (${code})`;
  }

  private findHint({ code = '' }: Failure): string | null {
    if (code.startsWith('HPE_')) {
      return 'The port does not speak HTTP: check it, and whether the address should begin with https://.';
    }
    if (this.stage !== 'securing the connection') return null;
    if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
      return 'The port does not speak TLS as it should: check it, and whether the address should begin with http://.';
    }
    return /CERT|LEAF_SIGNATURE|_CA$/.test(code)
      ? 'The certificate is not good for this address; NODE_EXTRA_CA_CERTS names a file of authorities to trust.'
      : null;
  }
}

/** Never rejects: an answer that breaks off is what has come of it. */
function readAnswer(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = () => resolve(Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES));
    response.on('error', finish).once('end', finish).once('close', finish);
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_ANSWER_BYTES) response.destroy();
    });
  });
}
