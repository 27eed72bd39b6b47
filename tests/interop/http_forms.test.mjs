// What HTTP can do beyond JSON: the same requests to our server, on both adapters, and to a NestJS 12 application with
// multer, compression, cookie-parser, cors and @nestjs/throttler: same status, body and headers.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { askRaw } from './support/raw_http.mjs';
import { freePort, start } from './support/services.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, 'http_forms', 'public');
const requests = [];
const add = (name, method, path, more = {}) => requests.push({ name: `${name}: ${method} ${path}`, method, path, ...more });

// ---- server-sent events
for (const path of ['texts', 'objects', 'fields', 'empty', 'late', 'refuses', 'fails-first', 'fails-later', 'breaks', 'of/7', 'of/x']) {
  add('events', 'GET', `/events/${path}`);
}
add('events of a HEAD', 'HEAD', '/events/texts');
add('events, compressible', 'GET', '/events/objects', { headers: { 'Accept-Encoding': 'gzip' } });

// ---- urlencoded forms
const urlencoded = { 'Content-Type': 'application/x-www-form-urlencoded' };
for (const body of ['a=1', 'a=1&b=2', 'a=1&a=2', 'a=1&a=2&a=3', 'a[]=1', 'a[]=1&a[]=2', 'a[0]=x&a[1]=y', 'a[1]=y&a[0]=x', 'a[5]=x', 'a[b]=1', 'a[b]=1&a[c]=2',
  'a[b][c]=1&a[b][d]=2', 'a[][b]=1', 'a[0][b]=1&a[0][c]=2', 'a%5Bb%5D=1', 'a=%20+x', 'a=%C3%A9%F0%9F%98%80', 'a', 'a=', '=1', '&&a=1&', 'a=b=c', '%', 'a=%ZZ', 'a=%E9',
  'a.b=1', '[]=1', '[a]=1', 'a[b]c=1', 'a[=1', 'a]=1', 'a[b=1', 'a=1&a[]=2', 'a[]=1&a=2', '__proto__=1', 'a[__proto__]=1', 'constructor=1',
  Array.from({ length: 1000 }, (_, i) => `k${i}=${i}`).join('&'), Array.from({ length: 1001 }, (_, i) => `k${i}=${i}`).join('&'),
  `a${'[b]'.repeat(32)}=1`, `a${'[b]'.repeat(33)}=1`, 'x='.padEnd(100 * 1024 + 1, 'y')]) {
  add(`the form ${body.slice(0, 40)}`, 'POST', '/forms/echo', { headers: urlencoded, body });
}
for (const type of ['application/x-www-form-urlencoded; charset=utf-8', 'application/x-www-form-urlencoded; charset=latin9', 'APPLICATION/X-WWW-FORM-URLENCODED']) {
  add(`a form of ${type}`, 'POST', '/forms/echo', { headers: { 'Content-Type': type }, body: 'a=1' });
}

// ---- uploads
const boundary = 'xYzZy';
const multipart = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
const field = (name, value) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (name, fileName, content, type = 'text/plain') =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
const end = `--${boundary}--\r\n`;
const forms = {
  'one file': file('avatar', 'a.txt', 'hello') + end,
  'a file and fields': field('title', 'x') + file('avatar', 'a.txt', 'hello') + field('list[]', '1') + field('list[]', '2') + field('o[a]', 'b') + end,
  'an empty file': file('avatar', 'a.txt', '') + end,
  'a file with line ends': file('avatar', 'a.bin', '\r\n--xYz\r\n\r\n--', 'application/octet-stream') + end,
  'a file that nobody chose': file('avatar', '', '') + end,
  'no file': field('title', 'x') + end,
  'nothing': end,
  'two files of a field': file('avatar', 'a.txt', '1') + file('avatar', 'b.txt', '2') + end,
  'photos': file('photos', 'a.png', '1', 'image/png') + file('photos', 'b.png', '2', 'image/PNG; x=y') + end,
  'too many photos': file('photos', 'a', '1') + file('photos', 'b', '2') + file('photos', 'c', '3') + end,
  'a file of another field': file('other', 'a.txt', 'hello') + end,
  'a name with a folder': file('avatar', '../../etc/passwd', 'x') + end,
  'a name with backslashes': file('avatar', 'C:\\\\dir\\\\a.txt', 'x') + end,
  'a name with escapes': file('avatar', '%22a%22 50%.txt', 'x') + field('%22b%22', '1') + end,
  'a preamble': `ignored\r\n${file('avatar', 'a.txt', 'x')}${end}ignored, too`,
  'a part without a name': `--${boundary}\r\nContent-Disposition: form-data\r\n\r\nx\r\n${end}`,
  'a part without headers': `--${boundary}\r\n\r\nx\r\n${end}`,
  'fields twice': field('a', '1') + field('a', '2') + field('b', '') + field('é', 'ü') + end,
  'cut off': file('avatar', 'a.txt', 'hello'),
  'cut off in a file': `--${boundary}\r\nContent-Disposition: form-data; name="avatar"; filename="a"\r\n\r\nhel`,
  'cut off in a header': `--${boundary}\r\nContent-Disposition: form-da`,
  'no delimiter': 'hello',
  'a malformed header': `--${boundary}\r\nno header\r\n\r\nx\r\n${end}`,
  'more than ten bytes': file('avatar', 'a.txt', 'eleven bytes') + end,
  'deep names': field(`a${'[b]'.repeat(33)}`, '1') + end,
  'a large index': field('a[1001]', '1') + end,
  'many parts': field('a', '1').repeat(1001) + end,
};
for (const [name, body] of Object.entries(forms)) {
  for (const route of ['one', 'maybe', 'several', 'any', 'small', 'echo']) add(name, 'POST', `/forms/${route}`, { headers: multipart, body });
}
for (const type of ['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary="xYzZy"', 'multipart/mixed; boundary=xYzZy', 'text/plain', 'application/json']) {
  add(`an upload of ${type}`, 'POST', '/forms/maybe', { headers: { 'Content-Type': type }, body: forms['one file'] });
}

// ---- answers
for (const Cookie of ['a=1', 'a=1; b=2', 'b=2;a=%20x', 'a="quoted"', 'a=%ZZ', 'A=1', 'xa=1', 'a', 'a=1; a=2', '']) {
  add(`the cookies ${Cookie}`, 'GET', '/answers/cookies?name=a', { headers: { Cookie } });
}
const codings = ['gzip', 'deflate', 'gzip, deflate', 'gzip;q=0.5, deflate', 'gzip;q=0', 'identity', 'br', 'gzip, br', 'gzip, deflate, br, zstd', '*', '*;q=0', 'zstd', '', 'GZIP'];
for (const path of ['/answers/large?size=1000', '/answers/large?size=1022', '/answers/large?size=1021', '/answers/large?size=5000', '/answers/large?size=200000',
  '/answers/large-text', '/answers/large-kept', '/answers/file', '/answers/bytes', '/public/folder/style.css', '/nothing']) {
  add('no Accept-Encoding', 'GET', path);
  for (const each of codings) add(`Accept-Encoding: ${each}`, 'GET', path, { headers: { 'Accept-Encoding': each } });
  add('HEAD', 'HEAD', path, { headers: { 'Accept-Encoding': 'gzip' } });
}
for (const version of [undefined, '1', '2', '3', '4', '', ' 1', 'v1', '1,2']) {
  for (const path of ['/versions', '/versions/neutral', '/versions/nothing', '/answers/bytes']) {
    add(`version ${version}`, 'GET', path, { headers: version === undefined ? {} : { 'X-API-Version': version } });
  }
}

// ---- files
const files = ['hello.txt', 'HELLO.TXT', 'nothing.txt', '', 'index.html', 'folder', 'folder/', 'folder/style.css', 'folder/with%20blank.json', '.hidden', '../main.cpp', '..%2fmain.cpp',
  'folder/../hello.txt', 'folder/%2e%2e/hello.txt', '%2e%2e%2fmain.cpp', 'hello.txt/', 'hello.txt/x', 'hello.txt?x=1', '%00', '%ZZ', 'a'.repeat(300)];
for (const each of files) {
  for (const method of ['GET', 'HEAD', 'POST']) add('a file', method, `/public/${each}`);
}
add('the folder itself', 'GET', '/public');
for (const Range of ['bytes=0-4', 'bytes=5-', 'bytes=-4', 'bytes=0-', 'bytes=0-0', 'bytes=3-100', 'bytes=12-12', 'bytes=13-', 'bytes=100-200', 'bytes=-0', 'bytes=-100', 'bytes=4-2', 'bytes=a-b', 'bytes=',
  'bytes', 'lines=0-1', 'bytes=0-1,3-4', 'bytes= 0-4']) {
  add(`Range: ${Range}`, 'GET', '/public/hello.txt', { headers: { Range } });
  add(`Range: ${Range}`, 'HEAD', '/public/hello.txt', { headers: { Range } });
}
add('a range of an old file', 'GET', '/public/hello.txt', { headers: { Range: 'bytes=0-4', 'If-Range': 'Mon, 01 Jan 2001 00:00:00 GMT' } });
add('a range of a new file', 'GET', '/public/hello.txt', { headers: { Range: 'bytes=0-4', 'If-Range': 'Mon, 01 Jan 2091 00:00:00 GMT' } });
add('a range of another tag', 'GET', '/public/hello.txt', { headers: { Range: 'bytes=0-4', 'If-Range': '"x"' } });
add('not since', 'GET', '/public/hello.txt', { headers: { 'If-Modified-Since': 'Mon, 01 Jan 2091 00:00:00 GMT' } });
add('since', 'GET', '/public/hello.txt', { headers: { 'If-Modified-Since': 'Mon, 01 Jan 2001 00:00:00 GMT' } });
add('any tag', 'GET', '/public/hello.txt', { headers: { 'If-None-Match': '*' } });
add('another tag', 'GET', '/public/hello.txt', { headers: { 'If-None-Match': '"x"' } });

// ---- other origins
for (const Origin of ['https://a.example', 'https://b.example', 'https://c.example', 'null', '']) {
  for (const path of ['/answers/bytes', '/nothing', '/errors/own/error', '/public/hello.txt']) add(`from ${Origin}`, 'GET', path, { headers: { Origin } });
  add(`a preflight from ${Origin}`, 'OPTIONS', '/forms/echo', { headers: { Origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'X-A, X-B' } });
  add(`a bare preflight from ${Origin}`, 'OPTIONS', '/nothing', { headers: { Origin } });
}
add('OPTIONS without an origin', 'OPTIONS', '/forms/echo');

// ---- errors
for (const status of [400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 418, 421, 422, 500, 501, 502, 503, 504, 505]) {
  for (const form of ['none', 'text', 'array', 'description', 'object']) add('a built-in exception', 'GET', `/errors/built-in/${status}/${form}`);
}
for (const form of ['text', 'object', 'array', 'status', 'error', 'number']) add('an exception', 'GET', `/errors/own/${form}`);
for (let i = 0; i < 5; ++i) add(`call ${i} of 3`, 'GET', '/limited');

// ---- what may differ, and why
const known = [
  { why: 'a 204 has no Content-Length (RFC 9110, 8.6)', of: (r) => r.method === 'OPTIONS' },
  { why: 'an event stream is told "Connection: close" where its client asked for that', of: (r) => r.path.startsWith('/events/') },
  { why: 'names in forms are UTF-8, as browsers send them', of: (r) => /é/.test(r.body ?? '') && r.name.startsWith('fields twice') },
  { why: 'the last so many bytes of a shorter file are all of it, and a range that ends before it begins does not count (RFC 9110, 14.1)', of: (r) => /=-100|=4-2/.test(r.headers?.Range ?? '') },
  { why: 'a path that cannot be decoded is a 400', of: (r) => r.path === '/public/%ZZ' },
];

const compared = ['content-type', 'content-length', 'content-encoding', 'content-disposition', 'content-range', 'accept-ranges', 'last-modified', 'etag', 'allow', 'location', 'vary',
  'cache-control', 'pragma', 'expires', 'x-accel-buffering', 'x-own', 'set-cookie', 'connection', 'access-control-allow-origin', 'access-control-allow-credentials',
  'access-control-allow-methods', 'access-control-allow-headers', 'access-control-expose-headers', 'access-control-max-age', 'x-ratelimit-limit', 'x-ratelimit-remaining'];

/** What must be the same. A compressed body may have any length and be cut into chunks, as long as it says the same. */
function shown({ status, headers, bytes }) {
  const coding = headers['content-encoding'];
  const decode = { br: brotliDecompressSync, gzip: gunzipSync, deflate: inflateSync }[coding];
  const body = decode && bytes.length > 0 ? decode(bytes) : bytes;
  const isChunked = headers['transfer-encoding'] === 'chunked';
  const kept = compared.filter((name) => headers[name] !== undefined && !(name === 'content-length' && (isChunked || coding)));
  return { status, body: body.toString('latin1'), ...Object.fromEntries(kept.map((name) => [name, headers[name]])) };
}

/** "status: 200, ours 201", for each part that differs. */
function difference(theirs, ours) {
  return [...new Set([...Object.keys(theirs), ...Object.keys(ours)])]
    .filter((key) => JSON.stringify(theirs[key]) !== JSON.stringify(ours[key]))
    .map((key) => `  ${key}: ${JSON.stringify(theirs[key])?.slice(0, 400)}, ours ${JSON.stringify(ours[key])?.slice(0, 400)}`);
}

describe('our server and its NestJS 12 twin', () => {
  const running = [];
  const ports = {};
  before(async () => {
    for (const adapter of ['httplib', 'beast']) {
      ports[adapter] = await freePort();
      running.push(await start('http_forms', { args: [String(ports[adapter]), adapter, folder] }));
    }
    ports.NestJS = await freePort();
    running.push(await start(process.execPath, { args: [join(here, 'nest12', 'http_forms.mjs'), String(ports.NestJS), folder] }));
  });
  after(() => Promise.all(running.map((each) => each.stop())));

  test(`answer ${requests.length} requests alike`, async () => {
    const differences = [];
    const seen = new Set();
    for (const request of requests) {
      const answers = {};
      for (const [who, port] of Object.entries(ports)) answers[who] = shown(await askRaw(port, request));
      const excuse = known.find((each) => each.of(request));
      for (const adapter of ['httplib', 'beast']) {
        const found = difference(answers.NestJS, answers[adapter]);
        if (found.length === 0) continue;
        if (excuse) seen.add(excuse);
        else differences.push(`${request.name} (${adapter}):\n${found.join('\n')}`);
      }
    }
    assert.equal(differences.length, 0, `${differences.length} differences\n${differences.join('\n\n')}`);
    for (const each of known) assert.ok(seen.has(each), `no longer a difference: ${each.why}`);
  });
});
