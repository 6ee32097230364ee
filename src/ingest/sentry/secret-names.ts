/** Names of secrets, as they stand anywhere in a name, whatever is between their words: `X-Api-Key` holds `api key`. */
export const SECRETS_ANYWHERE = [
  'access key',
  'api key',
  'authorization',
  'card number',
  'cc number',
  'connection string',
  'contrasena',
  'contraseña',
  'cookie',
  'credential',
  'credit card',
  'csrf',
  'encryption key',
  'kennwort',
  'mot de passe',
  'passcode',
  'passphrase',
  'passwd',
  'password',
  'passwort',
  'private key',
  'secret',
  'sess id',
  'session id',
  'token',
  'xsrf',
  'парол',
  'パスワード',
  '密码',
  '密碼',
  '비밀번호',
];

/**
 * Those that would be found in harmless names (`author`, `compass`, `spinner`) count as whole words only, also with digits
 * behind them.
 */
export const SECRETS_AS_WORDS = [
  'auth',
  'bearer',
  'cvc',
  'cvv',
  'dbpass',
  'iban',
  'jwt',
  'otp',
  'pass',
  'pin',
  'pw',
  'pwd',
  'senha',
  'session',
  'sid',
  'ssn',
  // Of requests; that of a function is none.
  'amz signature',
  'hub signature',
  'request signature',
  'slack signature',
  'stripe signature',
  'twilio signature',
  'userpass',
  'webhook signature',
  'x signature',
];

/** With one of these in front or at the end, a number is no secret but how many there are, or may be, or for how long. */
export const FIRST_OF_COUNTS = new Set(['count', 'has', 'is', 'max', 'min', 'num', 'total']);
export const LAST_OF_COUNTS = new Set([
  'count',
  'duration',
  'length',
  'limit',
  'max',
  'min',
  'size',
  'timeout',
  'total',
  'ttl',
]);
