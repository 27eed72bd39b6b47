// NestJS's ClientTCP against echo_server: what is sent comes back, however large, odd or many.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nestClient } from './support/nest.mjs';
import { freePort, start } from './support/services.mjs';

const port = await freePort();
let server, client;

before(async () => {
  server = await start('echo_server', { args: ['--port', String(port), '--io-threads', '2'] });
  client = nestClient(port);
});
after(async () => {
  client?.close();
  assert.deepEqual(await server?.stop(), { code: 0, signal: null });
});

const dto = (more) => ({ firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com', password: 'analytical engine', ...more });

test('text comes back as it was', async () => {
  for (const text of ['é€😀', 'Zoë 😀 "q" \\', '\b\f\n\r\t\u0001\u001f\u007f\u2028\u2029', '/', '👨‍👩‍👧‍👦', 'a\ud800b', '\udc00', '漢字', 'ﬁ', '𝒳'.repeat(30)]) {
    const sent = dto({ firstName: text, lastName: text });
    assert.deepEqual(await client.send('echo', sent), sent);
  }
});

test('1 MiB of what nobody asked for does not keep the rest from coming back', async () => {
  const sent = dto();
  for (const more of ['x'.repeat(1024 * 1024), '😀'.repeat(256 * 1024), Array.from({ length: 100_000 }, (_, i) => ({ i }))]) {
    assert.deepEqual(await client.send('echo', { more, ...sent }), sent);
  }
});

test('1,000 calls at once come back to their callers', async () => {
  const sent = Array.from({ length: 1000 }, (_, index) => dto({ firstName: `caller ${index} 😀`, email: `a${index}@example.com` }));
  assert.deepEqual(await Promise.all(sent.map((each) => client.send('echo', each))), sent);
});

test('1,000 calls over 50 connections come back to their callers', async () => {
  const clients = Array.from({ length: 50 }, () => nestClient(port));
  await Promise.all(clients.flatMap((each, which) => Array.from({ length: 20 }, async (_, index) => {
    const sent = dto({ lastName: `${which}/${index}` });
    assert.deepEqual(await each.send('echo', sent), sent);
  })));
  clients.forEach((each) => each.close());
});
