import { buildDsn } from '../../src/projects/build-dsn';

const KEY = '5b9f0f6a4c1e4d0a8d5b7c3e2f1a0b9c';

test.each([
  ['http://localhost:5010', `http://${KEY}@localhost:5010/7`],
  ['https://errors.example.com', `https://${KEY}@errors.example.com/7`],
  ['https://errors.example.com/', `https://${KEY}@errors.example.com/7`],
  ['HTTPS://Errors.Example.com:443', `https://${KEY}@errors.example.com/7`],
  ['https://example.com/errors', `https://${KEY}@example.com/errors/7`],
  ['https://example.com:8443/a/b//', `https://${KEY}@example.com:8443/a/b/7`],
  ['http://192.168.1.5:5010', `http://${KEY}@192.168.1.5:5010/7`],
  ['http://[2001:db8::5]:5010', `http://${KEY}@[2001:db8::5]:5010/7`],
  ['https://fehler.exämple.de/ü', `https://${KEY}@fehler.xn--exmple-cua.de/%C3%BC/7`],
  ['https://me:secret@errors.example.com', `https://${KEY}@errors.example.com/7`],
  ['https://errors.example.com/#top', `https://${KEY}@errors.example.com/7`],
])('a DSN for %s is %s', (baseUrl, dsn) => {
  expect(buildDsn(baseUrl, KEY, 7)).toBe(dsn);
});
