import { scrubBody, scrubText } from '../../src/ingest/sentry/scrub/scrub-text';
import { createScrubber } from '../../src/ingest/sentry/scrub/scrubber';
import { readParts, thrownIn } from '../support/sentry-events';
import { cpuMsOf } from '../support/cpu-time';

const scrubber = createScrubber();
/** What no scrubbed text may hold. */
const SECRET = 'hunter2';

const deep = (value: unknown, times: number): string =>
  times === 0 ? (value as string) : deep(JSON.stringify({ a: 1, body: value, z: 'end' }), times - 1);

describe('a secret is removed from', () => {
  test.each([
    // as Python prints texts
    [`'token=${SECRET}&x=1'`, "'token=[removed]&x=1'"],
    [`b'password=${SECRET}&a=1'`, "b'password=[removed]&a=1'"],
    [`b'a=1&password=${SECRET}'`, "b'a=1&password=[removed]'"],
    [`'{"user":"ada","password":"${SECRET}"}'`, '\'{"user":"ada","password":"[removed]"}\''],
    [`"{'password': '${SECRET}', 'a': 1}"`, "\"{'password': '[removed]', 'a': 1}\""],
    [`'it\\'s "password": "${SECRET}"'`, '\'it\\\'s "password": "[removed]"\''],
    [`'{\\'password\\': \\'${SECRET}\\', \\'a\\': 1}'`, "'{\\'password\\': \\'[removed]\\', \\'a\\': 1}'"],
    // objects
    [`Config(password='${SECRET}')`, "Config(password='[removed]')"],
    [`Config(password=${SECRET}, user=ada)`, 'Config(password=[removed], user=ada)'],
    [`Config(password=Secret('a', '${SECRET}'), user='ada')`, "Config(password=[removed], user='ada')"],
    [`<User password='${SECRET}'>`, "<User password='[removed]'>"],
    [`<User name=ada password=${SECRET}>`, '<User name=ada password=[removed]>'],
    [`#<User id: 1, password: "${SECRET}">`, '#<User id: 1, password: "[removed]">'],
    [`#<User:0x01 @password="${SECRET}", @id=1>`, '#<User:0x01 @password="[removed]", @id=1>'],
    [
      `Headers({'authorization': 'Bearer ${SECRET}', 'a': 'b'})`,
      "Headers({'authorization': '[removed]', 'a': 'b'})",
    ],
    [`[('Authorization', 'Bearer ${SECRET}'), ('a', 'b')]`, "[('Authorization', '[removed]'), ('a', 'b')]"],
    [`[(b'cookie', b'${SECRET}'), (b'a', b'b')]`, "[(b'cookie', b'[removed]'), (b'a', b'b')]"],
    [`("pin", ${SECRET})`, '("pin", [removed])'],
    [
      `["Host","a","Authorization","Bearer ${SECRET}","X","y"]`,
      '["Host","a","Authorization","[removed]","X","y"]',
    ],
    [`&{Name:ada Password:${SECRET} Age:3}`, '&{Name:ada Password:[removed] Age:3}'],
    [`&{Password:${SECRET}}`, '&{Password:[removed]}'],
    [`main.Config{Password:"${SECRET}", Age:3}`, 'main.Config{Password:"[removed]", Age:3}'],
    [`map[Authorization:[Bearer ${SECRET}] Host:[a]]`, 'map[Authorization:[removed] Host:[a]]'],
    [`  {"password":"${SECRET}"}`, '  {"password":"[removed]"}'],
    [`{Key:'password',Value:'${SECRET}'}`, "{Key:'password',Value:'[removed]'}"],
    [`{"name":"password","value":"${SECRET}","a":1}`, '{"name":"password","value":"[removed]","a":1}'],
    [`{"authorization":["Bearer ${SECRET}"],"a":["b"]}`, '{"authorization":[removed],"a":["b"]}'],
    [`array('password' => '${SECRET}', 'a' => 'b')`, "array('password' => '[removed]', 'a' => 'b')"],
    [`{token: Basic ${SECRET}==, a: 1}`, '{token: [removed]}'],
    [`{"user password": "${SECRET}", "a": 1}`, '{"user password": "[removed]", "a": 1}'],
    // texts in lines
    [
      `Host: a\nAuthorization: Digest username="ada", response="${SECRET}"\nX: y`,
      'Host: a\nAuthorization: [removed]\nX: y',
    ],
    [`Cookie: theme=dark; sid=${SECRET}; b=${SECRET}\nX: y`, 'Cookie: [removed]\nX: y'],
    [`sid=${SECRET}; theme=dark`, 'sid=[removed]; theme=dark'],
    [`theme=dark; sid=${SECRET}`, 'theme=dark; sid=[removed]'],
    [`level=info password=${SECRET} user=ada`, 'level=info password=[removed] user=ada'],
    [`password: ${SECRET} ${SECRET}\nuser: ada`, 'password: [removed]\nuser: ada'],
    [`private_key=-----BEGIN KEY-----\n${SECRET}\n-----END KEY-----\nb`, 'private_key=[removed]\nb'],
    [`password=it's ${SECRET}`, 'password=[removed]'],
    [`password='it's ${SECRET}'`, "password='[removed]'"],
    [`password="${SECRET}`, 'password="[removed]'],
    [`пароль: ${SECRET}`, 'пароль: [removed]'],
    [`{"密码":"${SECRET}"}`, '{"密码":"[removed]"}'],
    [`{"\\u5bc6\\u7801":"${SECRET}"}`, '{"\\u5bc6\\u7801":"[removed]"}'],
    [`{"contrase\\u00f1a":"${SECRET}","a":1}`, '{"contrase\\u00f1a":"[removed]","a":1}'],
    [`password="" ${SECRET}`, 'password=[removed]'],
    [`password="""${SECRET}"""`, 'password="""[removed]"""'],
    [`a:1:{s:8:"password";s:7:"${SECRET}";}`, 'a:1:{s:8:"password";s:7:"[removed]";}'],
    [`{"password":"","token":"${SECRET}"}`, '{"password":"","token":"[removed]"}'],
    [`#<User password: "" token: "${SECRET}">`, '#<User password: "" token: "[removed]">'],
    // addresses
    [`GET //me:${SECRET}@a/b`, 'GET //me:[removed]@a/b'],
    [`redis://:${SECRET}@${SECRET}@a:80/b`, 'redis://:[removed]@a:80/b'],
    [`http://a/?token=${SECRET}#b`, 'http://a/?token=[removed]#b'],
    [`http://a/?pwd=a;${SECRET}&b=1`, 'http://a/?pwd=[removed]&b=1'],
    [`http://a/?pwd=it's${SECRET}&b=1`, 'http://a/?pwd=[removed]&b=1'],
    [`<a href="http://a/?token=${SECRET}">b</a>`, '<a href="http://a/?token=[removed]">b</a>'],
    [`/login?next=%2Fa%3Ftoken%3D${SECRET}%26b%3D1`, '/login?next=%2Fa%3Ftoken%3D[removed]%26b%3D1'],
    [`a?p%61ssword=${SECRET}&b=1`, 'a?p%61ssword=[removed]&b=1'],
    [`a?%2570assword=${SECRET}&b=1`, 'a?%2570assword=[removed]&b=1'],
    [`a?api%2Dkey=${SECRET}&b=%D0`, 'a?api%2Dkey=[removed]&b=%D0'],
    [
      `%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C=${SECRET}&b=1`,
      '%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C=[removed]&b=1',
    ],
    [`a=%D0%token%=${SECRET}&b=1`, 'a=%D0%token%=[removed]&b=1'],
    [`/a?spin%3D1%26token%3D${SECRET}%26b%3D1`, '/a?spin%3D1%26token%3D[removed]%26b%3D1'],
    [`https://me:a/b#${SECRET}@a:80/b`, 'https://me:[removed]@a:80/b'],
    [`https://ghp_${SECRET}${SECRET}@a.example/b`, 'https://[removed]@a.example/b'],
    [
      `ssh://ada@a/b postgres://me:${SECRET}@a,//me:${SECRET}@b`,
      'ssh://ada@a/b postgres://me:[removed]@a,//me:[removed]@b',
    ],
    [`file:////me:${SECRET}@a`, 'file:////me:[removed]@a'],
    // of PHP
    [
      `U Object\n(\n    [password:protected] => ${SECRET} )x\n    [a] => b\n)`,
      'U Object\n(\n    [password:protected] => [removed]\n    [a] => b\n)',
    ],
    [`[password:App\\User:private] => ${SECRET}`, '[password:App\\User:private] => [removed]'],
    [
      `{ ["password"]=>\n  string(7) "${SECRET}"\n  ["a"]=> int(1) }`,
      '{ ["password"]=>\n  string(7) "[removed]"\n  ["a"]=> int(1) }',
    ],
    [`["password":protected]=> string(7) "${SECRET}" }`, '["password":protected]=> string(7) "[removed]" }'],
    [
      `["password":"User":private]=>\n  string(7) "${SECRET}"`,
      '["password":"User":private]=>\n  string(7) "[removed]"',
    ],
    [`["pin"]=> int(${SECRET})\n["a"]`, '["pin"]=> [removed]\n["a"]'],
    // by a name that is a value
    [
      `[{"value":"${SECRET}","name":"password"},{"value":"a"}]`,
      '[{"value":"[removed]","name":"password"},{"value":"a"}]',
    ],
    [
      `{"key":"password","type":"string","value":"${SECRET}"}`,
      '{"key":"password","type":"string","value":"[removed]"}',
    ],
    [`<input value="${SECRET}" name="password">`, '<input value="[removed]" name="password">'],
    [`<property name="password">${SECRET}</property>`, '<property name="password">[removed]</property>'],
    // encoded
    [`&quot;password&quot;:&quot;${SECRET}&quot;,`, '&quot;password&quot;:&quot;[removed]&quot;,'],
    [`{&#34;pin&#34;: ${SECRET}, &#34;a`, '{&#34;pin&#34;: [removed], &#34;a'],
    [`&quot;tokens&quot;:[&quot;a&quot;,&quot;${SECRET}&quot;],`, '&quot;tokens&quot;:[removed]],'],
    [
      `a?q=%7B%22password%22%3A%22a%5C%22${SECRET}%22%7D&b=1`,
      'a?q=%7B%22password%22%3A%22[removed]%22%7D&b=1',
    ],
    [`%7B%2522pin%2522%253A%25201234${SECRET}%252C`, '%7B%2522pin%2522%253A%2520[removed]%252C'],
    [`a?f%5B%22token%22%5D=${SECRET}&b=1`, 'a?f%5B%22token%22%5D=[removed]&b=1'],
    // more
    [`password = '''a\n${SECRET}'''\nb`, "password = '''[removed]'''\nb"],
    [`AccountName=a;AccountKey=${SECRET}==;b=c`, 'AccountName=a;AccountKey=[removed];b=c'],
    [`OAuth a="b", oauth_signature="${SECRET}"`, 'OAuth a="b", oauth_signature="[removed]"'],
    // what looks like a count
    [`max_tokens=5${SECRET} pin_count: 1 ${SECRET}`, 'max_tokens=[removed] pin_count: [removed]'],
    [
      `{"max_tokens":"${SECRET}","pin":1234,"csrf":true,"cvv":"123"}`,
      '{"max_tokens":"[removed]","pin":[removed],"csrf":true,"cvv":"[removed]"}',
    ],
    // forms and XML
    [`<a><password>${SECRET}</password><b>c</b></a>`, '<a><password>[removed]</password><b>c</b></a>'],
    [`<x:Password type="a">${SECRET}</x:Password>`, '<x:Password type="a">[removed]</x:Password>'],
    [`<token><value>${SECRET}</value></token>`, '<token>[removed]</token>'],
    [`<a><password>${SECRET}`, '<a><password>[removed]'],
    [`<input name="password" value="${SECRET}">`, '<input name="password" value="[removed]">'],
    [
      `--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n${SECRET}\r\n--x--`,
      '--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n[removed]\r\n--x--',
    ],
    [
      `--x\nContent-Disposition: form-data; name="secret"; filename="a"\nContent-Type: b\n\n${SECRET}\n${SECRET}\n--x--`,
      '--x\nContent-Disposition: form-data; name="secret"; filename="a"\nContent-Type: b\n\n[removed]\n--x--',
    ],
    [
      `b'--x\\r\\nContent-Disposition: form-data; name="pin"\\r\\n\\r\\n${SECRET}\\r\\n--x--'`,
      'b\'--x\\r\\nContent-Disposition: form-data; name="pin"\\r\\n\\r\\n[removed]\\r\\n--x--\'',
    ],
  ])('the text %s', (text, scrubbed) => {
    expect(scrubText(text, scrubber)).toBe(scrubbed);
  });

  test.each([
    [`password=a;${SECRET}&b=1`, 'password=[removed]&b=1'],
    [`password=a;b=${SECRET}&c=1`, 'password=[removed]&c=1'],
    [`password="${SECRET}&b=1`, 'password=[removed]&b=1'],
    [`password="a" ${SECRET}`, 'password=[removed]'],
    [`password=' ${SECRET}&b=1`, 'password=[removed]&b=1'],
    [`a=b&password=a ${SECRET}=`, 'a=b&password=[removed]'],
    [`password=(a)${SECRET}`, 'password=[removed]'],
    [`password=a\n${SECRET}&b=1`, 'password=[removed]&b=1'],
    [`b'password=a ${SECRET}'`, "b'password=[removed]'"],
  ])('the form %s', (body, scrubbed) => {
    expect(scrubBody(body, scrubber)).toBe(scrubbed);
    expect(readParts({ request: { data: body } }).extra?.request_data).toBe(scrubbed);
  });

  test.each([0, 1, 2, 3, 4])('JSON in JSON, %d times', (times) => {
    for (const value of [
      JSON.stringify({ password: `a"\\${SECRET}`, b: 'c' }),
      JSON.stringify([['Authorization', `Bearer ${SECRET}`]]),
      JSON.stringify({ q: `token=${SECRET}`, b: 1 }),
      JSON.stringify({ pin: 1234, token: [`it's ${SECRET}`], b: 1 }),
      `<password>"${SECRET}"</password>`,
    ]) {
      const scrubbed = scrubText(deep(value, times), scrubber);
      expect(scrubbed).toContain('[removed]');
      expect(scrubbed).not.toContain(SECRET);
      if (times > 0) expect(scrubbed.slice(-20)).toContain('end');
    }
  });

  test('local variables, breadcrumbs, extra, contexts, the user and the body alike', () => {
    const one = { p: JSON.stringify({ body: JSON.stringify({ password: SECRET, a: 1 }) }) };
    const read = { p: JSON.stringify({ body: JSON.stringify({ password: '[removed]', a: 1 }) }) };
    const parts = readParts({
      ...thrownIn('python', [{ filename: 'a.py', lineno: 1, vars: one }]),
      breadcrumbs: [{ data: one }],
      extra: { one },
      contexts: { one },
      user: { id: 1, data: one },
      request: { data: one, env: one },
    });
    expect(parts.context.exceptions?.[0]?.frames[0]?.variables).toEqual(read);
    expect(parts.context.breadcrumbs?.[0]?.data).toEqual(read);
    expect(parts.context.contexts).toEqual({ one: read });
    expect(parts.context.user).toEqual({ id: 1, data: read });
    expect(parts.extra).toEqual({ one: read, request_data: read, request_env: read });
  });
});

test.each([
  'the author=ada and the spinner: on',
  'std::session::Token::new()',
  "['user', 'name']",
  'a <session> of a user',
  '/reset/<token>/confirm',
  'password',
  'http://a/?token=&b=1',
  '{"password":"","token":null,"secret":[]}',
  'a token, a secret',
  '{"max_tokens": 500, "token_count":"2", "has_password": true, "csrf": false, "token_type":"bearer"}',
  "{'max_tokens': 500, 'total_tokens': -1.5}, passes: pass_count=12",
  'http://a/?max_tokens=5&session_count=2&csrf=true',
  '{"required":["password"],"name":"token","a":{"value":"b"}}',
  '{"value":"a"},{"name":"token"}',
  '&quot;token&quot;:null, %22pin%22%3Afalse%2C',
  '<label name="password">',
  '100%25 of %zz',
  'http://localhost:5173/@vite/client, file://C:/a@b/c.js',
  'http://[::1]:80/@a //a,//b:80,c:81/@d',
  'ssh://ada.lovelace-and-others@a/b@1234567890123456789',
  '\\u0061\\n=1',
])('%s is left alone', (text) => {
  expect(scrubText(text, scrubber)).toBe(text);
});

test.each([
  'password=',
  '"password":"',
  "password='",
  "'password=',",
  "password=' x",
  'password=(',
  'password=a, b',
  'password=a b=',
  '{"password":',
  '["pin",',
  "('pin', '",
  '<pin>',
  '<pin></',
  'name="pin"\n',
  'form-data; name="pin"\n',
  '&pin=it\'"',
  '\\"password\\":\\"',
  '\\\\\\"pin\\":\\\\"',
  '%3Dpin%3D%',
  '\\u0061=',
  'pin',
  '//a:@',
  '//a:b@@',
  'pin.value=',
  'pin",value',
  `${'x'.repeat(90)}pin `,
  '%3d%25',
  '：%25',
  'é%25=',
  '%61%c3 =',
  '//a:b/',
  '<a name="pin">',
  '"name":"pin" ',
  'pin%22%3A ',
  "pin='''",
  '["pin"] ',
  '[pin:protected] ',
])('a long text of %j takes no time to speak of', (part) => {
  const text = part.repeat(Math.ceil(400_000 / part.length));
  const tookMs = cpuMsOf(() => {
    scrubText(text, scrubber);
    scrubText(`{${text}`, scrubber);
    scrubBody(text, scrubber);
  });
  expect(tookMs).toBeLessThan(1_500);
});

test.each([
  ['form-data; name="password"\r\n\r\n', '\\'],
  ['form-data; name="password"', '\\'],
  ['form-data; name="password"\r\n\r\n', '\\r'],
  ['form-data; name="password"\r\n\r\n', '\r'],
  ['password=', '\\'],
  ['"password":"', '\\'],
  ['password: (', '\\'],
  [':', '//a@'],
  [',"value":', 'name="pin"'],
  ['', ',"value":name="pin"'],
  ['\n:', "('pin', x)"],
  ['"', 'max_tokens:5,'],
  ['', "max_tokens:'5'"],
])('behind %j, a long text of %j takes no time to speak of', (before, part) => {
  const text = part.repeat(200_000 / part.length);
  const tookMs = cpuMsOf(() => {
    scrubText(before + text, scrubber);
    scrubText(text + before, scrubber);
  });
  expect(tookMs).toBeLessThan(500);
});
