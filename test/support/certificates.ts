import { generateKeyPairSync, sign } from 'node:crypto';

export interface TestCertificate {
  /** PEM; as it signs itself, a client trusts it when it is named as authority */
  cert: string;
  key: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a self-signed certificate for a DNS name, valid now unless `expired`. */
export function makeCertificate(name: string, { expired = false } = {}): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const until = Date.now() + (expired ? -1 : 30) * DAY_MS;
  // 1.2.840.10045.4.3.2: ECDSA with SHA-256
  const algorithm = sequence(element(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
  // 2.5.4.3: common name
  const subject = sequence(
    element(0x31, sequence(element(0x06, Buffer.from('550403', 'hex')), element(0x0c, Buffer.from(name)))),
  );
  // 2.5.29.17: subject alternative names, of which [2] is a DNS name
  const names = sequence(
    element(0x06, Buffer.from('551d11', 'hex')),
    element(0x04, sequence(element(0x82, Buffer.from(name)))),
  );
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.from([1])),
    algorithm,
    subject,
    sequence(time(until - 60 * DAY_MS), time(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(names)),
  );
  const signature = element(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const certificate = sequence(body, algorithm, signature).toString('base64');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function sequence(...parts: Buffer[]): Buffer {
  return element(0x30, ...parts);
}

/** An element of ASN.1 in DER: type, length, content. */
function element(type: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const header = length < 0x80 ? [type, length] : [type, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

function time(at: number): Buffer {
  return element(0x17, Buffer.from(new Date(at).toISOString().replace(/^..|[-:T]|\.\d+/g, '')));
}
