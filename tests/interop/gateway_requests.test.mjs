// The same requests to our gateway, on both adapters, and to its NestJS 12 twin: same status, body and headers.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { askRaw } from './support/raw_http.mjs';
import { freePort, start, startNotificationService, startUserService } from './support/services.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const adapters = ['httplib', 'beast'];

// ---- the requests -------------------------------------------------------------------------------------------------

const requests = [];
/** body: text, or undefined; `{mail}` in it becomes an address of its own. */
const add = (name, method, path, { headers = {}, body, raw } = {}) => requests.push({ name, method, path, headers, body, raw });
const json = { 'Content-Type': 'application/json' };
const person = (more = {}) => ({ firstName: 'Ada', lastName: 'Lovelace', email: '{mail}', password: 'analytical engine', ...more });
const post = (name, body, headers = json) => add(name, 'POST', '/registration', { headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

for (let i = 0; i < 10; ++i) post(`a good registration ${i}`, person());
for (const name of ['Zoë 😀', '"quoted" \\ back', 'a'.repeat(100), '\u0000\u001f', '日本語', '<script>', "'; DROP TABLE users; --"]) {
  post(`the name ${JSON.stringify(name.slice(0, 20))}`, person({ firstName: name, lastName: name }));
}
const values = [undefined, null, '', ' ', 'a'.repeat(101), 0, 1.5, true, [], {}, ['a'], { a: 1 }, 'x', '12345678', 'a@b', 'a@b.io ', '@b.io'];
for (const field of ['firstName', 'lastName', 'email', 'password']) {
  for (const value of values) post(`${field} is ${JSON.stringify(value)?.slice(0, 20)}`, person({ [field]: value }));
}
post('nothing', {});
post('an array', []);
post('an array with something', [person()]);
post('one property too many', person({ role: 'admin' }));
post('several properties too many', person({ role: 'admin', id: 7, nested: { a: [] } }));
post('__proto__', '{"__proto__":{"a":1},"firstName":"A","lastName":"B","email":"{mail}","password":"12345678"}');
post('a property twice', '{"firstName":1,"firstName":"A","lastName":"B","email":"{mail}","password":"12345678"}');
post('an upper-case address', person({ email: 'UPPER.{mail}' }));
post('all wrong', { firstName: 1, lastName: '', email: 'no', password: 'short', more: true });

const malformed = ['{', '}', '[', ']', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{a:1}', "{'a':1}", '{"a":01}', '{"a":1.}', '{"a":+1}',
  '{"a":.5}', '{"a":1e}', '{"a":tru}', '{"a":nul}', '{"a":undefined}', '{"a":NaN}', '{"a":"b}', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":"\t"}',
  '{"a":1}x', '{"a":1}{"b":2}', '[1,]', '[,1]', '[1 2]', '"text"', '1', 'true', 'null', 'x', '<xml/>', '\ufeff{', '{"a":1//}', '{,}', '{"a",1}',
  '   ', '\n\n{\n  "a": oops\n}', '{"long":"' + 'x'.repeat(200) + '",oops}', 'firstName=A&lastName=B'];
for (const text of malformed) post(`the body ${JSON.stringify(text).slice(0, 40)}`, text);
for (const type of ['application/json; charset=utf-8', 'application/json;charset=UTF-8', 'application/json; charset="utf-8"', 'APPLICATION/JSON',
  'application/json; charset=latin9', 'application/json; charset=iso-8859-15', 'text/plain', 'text/json', 'application/vnd.api+json',
  'application/octet-stream', 'multipart/form-data; boundary=x', 'application/jsonx', 'json', '']) {
  post(`the content type ${type}`, person({ firstName: 1 }), type === '' ? {} : { 'Content-Type': type });
}
for (const coding of ['identity', 'lzma', 'compress', 'gzip', 'deflate']) {
  post(`plain text as ${coding}`, person({ firstName: 1 }), { ...json, 'Content-Encoding': coding });
}
for (const size of [100 * 1024 - 1, 100 * 1024, 100 * 1024 + 1, 300 * 1024]) post(`a body of ${size} bytes`, `["${'x'.repeat(size - 4)}"]`);

const id = '01a218ce-aee2-743e-ad98-ef8e8ec77efd';
const ids = [id, id.toUpperCase(), '7', 'abc', 'not-a-uuid', '00000000-0000-0000-0000-000000000000', `${id}x`, `${id} `, '%20', '%2F', '%C3%A9', '%00',
  '%', '%ZZ', '%E0%A4%A', 'a%2Fb', '.', '..', '...', 'null', 'undefined', '-1', "'", '"', '%22', '<b>', '*', ':id', '😀', '~', 'a;b', 'a=b', 'a,b', 'a+b', '$&'];
for (const each of ids) {
  for (const resource of ['users', 'notifications']) add(`GET ${resource}/${each}`, 'GET', `/${resource}/${encodeURI(each).replaceAll('%25', '%')}`);
}
const paths = ['/', '', '//', '/nothing', '/nothing/', '/nothing?x=1', '/nothing?', '/nothing#', '/a/b/c', '/users', '/users/', '/users//', `/users/${id}/`, `/users/${id}//`,
  `/USERS/${id}`, `//users/${id}`, `/users/${id}?a=1&b=2`, `/users/${id}/more`, '/registration', '/registration/', '/Registration', '/registration?x', '/registration/1',
  '/notifications', '/%75sers/7', '/users%2F7', '/constructor', '/__proto__', '/favicon.ico', '/index.html', '/.env', '/../etc/passwd', '/a%0Ab'];
for (const path of paths) {
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']) if (path !== '') add(`${method} ${path}`, method, path);
}
for (const method of ['PROPFIND', 'TRACE', 'LINK', 'SEARCH', 'PURGE']) add(`${method} /nothing`, method, '/nothing');
add('a tag that does not fit', 'GET', `/users/${id}`, { headers: { 'If-None-Match': '"x"' } });
add('any tag, of an error', 'GET', `/users/${id}`, { headers: { 'If-None-Match': '*' } });
add('a request id', 'GET', '/nothing', { headers: { 'X-Request-Id': 'mine' } });
add('Accept: text/plain', 'GET', '/nothing', { headers: { Accept: 'text/plain' } });
add('Range', 'GET', '/nothing', { headers: { Range: 'bytes=0-1' } });
add('Connection: close', 'GET', '/nothing', { headers: { Connection: 'close' } });
add('no body but a length', 'POST', '/registration', { headers: { ...json, 'Content-Length': '0' } });
add('chunks', 'POST', '/registration', { headers: { ...json, 'Transfer-Encoding': 'chunked' }, raw: '2\r\n{}\r\n0\r\n\r\n' });
add('a body with GET', 'GET', `/users/${id}`, { headers: json, body: '{"a":1}' });
add('a malformed body with GET', 'GET', `/users/${id}`, { headers: json, body: '{"a"' });
add('a malformed body to no route', 'POST', '/nothing', { headers: json, body: '{"a"' });
add('a body to no route', 'DELETE', '/nothing', { headers: json, body: '{}' });

// ---- what may differ, and why -------------------------------------------------------------------------------------

const known = [
  {
    why: 'a message about malformed JSON begins with Expected or Unexpected: where V8 begins otherwise, its text follows',
    of: (r) => ['{"a":1.}', '{"a":1e}', '{"a":"b}', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":"\t"}'].includes(r.body),
  },
  { why: 'the gateway has a page of its own', of: (r) => ['GET', 'HEAD'].includes(r.method) && /^\/(\?.*)?$/.test(r.path) },
  { why: 'to JavaScript __proto__ is no property', of: (r) => r.name === '__proto__' },
];

let count = 0;
const ask = (port, request, mail) => askRaw(port, { ...request, body: request.body?.replaceAll('{mail}', mail) });

const compared = ['content-type', 'content-length', 'etag', 'allow', 'location', 'vary', 'cache-control', 'retry-after', 'connection', 'transfer-encoding'];

/** What must be the same: without ids, times and addresses, and without the headers that depend on them. */
function shown({ status, headers, body }, mail) {
  const same = body
    .replaceAll(mail, '<mail>')
    .replaceAll(/"(id|userId|requestId)":"[0-9a-f-]{36}"/g, '"$1":"…"')
    .replaceAll(/"(createdAt|updatedAt|sentAt)":"[^"]*"/g, '"$1":"…"')
    .replaceAll(/"durationMs":[0-9.]+/g, '"durationMs":0')
    .replaceAll(/"notification":\{.*?\}/g, '"notification":{…}');
  const volatile = same !== body;
  const kept = compared.filter((name) => headers[name] !== undefined && !(volatile && ['content-length', 'etag'].includes(name)));
  return JSON.stringify({ status, body: same, headers: Object.fromEntries(kept.map((name) => [name, headers[name]])) }, null, 1);
}

describe('our gateway and its NestJS 12 twin', () => {
  const running = [];
  const ports = {};
  before(async () => {
    const neighbours = { users: await freePort(), notifications: await freePort() };
    running.push(await startUserService(neighbours), await startNotificationService(neighbours));
    for (const adapter of adapters) {
      ports[adapter] = await freePort();
      running.push(await start('gateway', {
        env: {
          HTTP_PORT: String(ports[adapter]), HTTP_ADAPTER: adapter, LOG_LEVEL: 'error',
          USER_SERVICE_PORT: String(neighbours.users), NOTIFICATION_SERVICE_PORT: String(neighbours.notifications),
        },
      }));
    }
    ports.NestJS = await freePort();
    running.push(await start(process.execPath, {
      args: [join(here, 'nest12', 'gateway.mjs'), ports.NestJS, neighbours.users, neighbours.notifications].map(String),
    }));
  });
  after(() => Promise.all(running.map((each) => each.stop())));

  test(`answer ${requests.length} requests alike`, async () => {
    assert.ok(requests.length >= 300);
    const differences = [];
    const seen = new Set();
    for (const request of requests) {
      const answers = {};
      for (const [who, port] of Object.entries(ports)) {
        const mail = `m${String(++count).padStart(6, '0')}@example.com`;
        answers[who] = shown(await ask(port, request, mail), mail);
      }
      const excuse = known.find((each) => each.of(request));
      for (const adapter of adapters) {
        if (answers[adapter] === answers.NestJS) continue;
        if (excuse) seen.add(excuse);
        else differences.push(`${request.name} (${adapter}):\nNestJS ${answers.NestJS}\nours   ${answers[adapter]}`);
      }
    }
    assert.equal(differences.length, 0, `${differences.length} differences\n${differences.join('\n\n')}`);
    for (const each of known) assert.ok(seen.has(each), `no longer a difference: ${each.why}`);
  });
});
