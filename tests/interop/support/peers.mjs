// Our server and client, and a NestJS of one major version, in both directions.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nestClientOf } from './nest_client.mjs';
import { freePort, start, startFilter } from './services.mjs';

const MiB = 1024 * 1024;
const internalError = { status: 'error', message: 'Internal server error' };
const noHandler = 'There is no matching message handler defined in the remote service.';
const odd = [
  'é€😀', '👨‍👩‍👧‍👦', 'a\ud800b', '\b\f\n\r\t\u0001\u007f\u2028', '', 0, -1.5, 1e21, 9007199254740991, true, false, [], {},
  [1, [2, [3, { a: null }]]], { 'ключ 😀': { 10: 'x', 2: 'y', b: 1 } },
  JSON.parse('{"__proto__":1,"constructor":2}'),
];
const large = (bytes) => ['x'.repeat(bytes), '😀'.repeat(bytes / 4), Array.from({ length: bytes / 16 }, (_, i) => ({ i }))];

/** NestJS's client against conformance_server. */
export function nestjsCallsUs(major) {
  describe(`NestJS ${major} calls us`, () => {
    let port, server, client;
    const startServer = () => start('conformance_server', { args: ['--port', String(port), '--io-threads', '2'] });
    before(async () => {
      port = await freePort();
      server = await startServer();
      client = await nestClientOf(major, port);
    });
    after(async () => {
      client?.close();
      assert.deepEqual(await server?.stop(), { code: 0, signal: null });
    });

    test('values', async () => {
      assert.deepEqual(await client.all('str', {}), ['hi']);
      assert.deepEqual(await client.all('nul', {}), [null]);
      assert.deepEqual(await client.all('undef', {}), []);
      assert.deepEqual(await client.all('zero', {}), [0]);
      assert.deepEqual(await client.all('fals', {}), [false]);
      for (const each of odd) assert.deepEqual(await client.send('echo', each), each);
    });

    test('errors', async () => {
      const error = async (pattern) => (await client.outcome(pattern, {})).error;
      assert.deepEqual(await error('rpc_str'), { status: 'error', message: 'nope' });
      assert.deepEqual(await error('rpc_obj'), { code: 42, message: 'custom', extra: [1] });
      assert.deepEqual(await error('rpc_undef'), { status: 'error' });
      assert.deepEqual(await error('plain'), internalError);
      assert.deepEqual(await error('http_ex'), internalError);
      assert.deepEqual(await error('guard_false'), { status: 'error', message: 'Forbidden resource' });
      assert.deepEqual(await error('nobody'), noHandler);
    });

    test('streams of 0, 1 and 1,000, at once and over time', async () => {
      for (const count of [0, 1, 1000]) {
        assert.deepEqual(await client.all('count', count), Array.from({ length: count }, (_, index) => index));
      }
      assert.deepEqual(await client.all('obs3_async', {}), [0, 1, 2]);
      assert.deepEqual(await client.all('obs_empty_async', {}), []);
      for (const pattern of ['obs_then_err_sync', 'obs_then_err_async']) {
        assert.deepEqual(await client.outcome(pattern, {}), { values: [1], error: { status: 'error', message: 'late' } });
      }
    });

    test('events, to no, one and two handlers', async () => {
      await client.send('get_events', {});
      await client.emit('ev', { x: 1 });
      await client.emit('nobody', { x: 2 });
      await client.emit('evdup', { x: 3 });
      await client.emit({ a: 1, ev: 'x' }, '😀');
      assert.deepEqual(await client.send('get_events', {}),
        [['ev', { x: 1 }], ['evdup1', { x: 3 }], ['evdup2', { x: 3 }], ['evobj', '😀', '{"a":1,"ev":"x"}']]);
      assert.deepEqual(await client.send('evdup', 1), { current: 'A', next: 'B' });
    });

    test('patterns that are objects, numbers and other alphabets', async () => {
      assert.deepEqual(await client.send({ role: 'a', cmd: 'sum' }, 1), { pat: '{"role":"a","cmd":"sum"}', d: 1 });
      assert.deepEqual(await client.send({ a: { d: 'x', c: [1, 'two'] }, b: 1 }, 1), { pat: '{"a":{"d":"x","c":[1,"two"]},"b":1}', d: 1 });
      assert.deepEqual(await client.send(5, 1), { pat: '5', d: 1 });
      assert.deepEqual(await client.send('привет', 1), 'мир');
    });

    test('payloads of 1 MiB and 20 MiB', async () => {
      for (const payload of [...large(MiB), ...large(20 * MiB)]) {
        assert.ok(JSON.stringify(await client.send('echo', payload)) === JSON.stringify(payload));
      }
    });

    test('1,000 calls at once', async () => {
      const sent = Array.from({ length: 1000 }, (_, index) => ({ index, text: `caller ${index} 😀` }));
      assert.deepEqual(await Promise.all(sent.map((each) => client.send('echo', each))), sent);
      const slow = Array.from({ length: 1000 }, (_, index) => 1 + (index * 7) % 50);
      assert.deepEqual(await Promise.all(slow.map((each) => client.send('slow', each))), slow);
    });

    test('a client that comes back, and a server that does', async () => {
      client.close();
      client = await nestClientOf(major, port);
      assert.equal(await client.send('echo', 'again'), 'again');
      const pending = client.outcome('slow', 20_000);
      assert.equal(await client.send('echo', 1), 1);  // the call before it has arrived
      assert.deepEqual(await server.stop('SIGKILL'), { code: null, signal: 'SIGKILL' });
      assert.match(String((await pending).error), /Connection closed/);
      server = await startServer();
      assert.equal(await client.send('echo', 'here I am'), 'here I am');
    });
  });
}

const nestServer = fileURLToPath(new URL('./nest_server.mjs', import.meta.url));

/** Our client, in a process that says on its standard output what came of the calls it reads from its standard input. */
function ourClient(port) {
  const waiting = new Map();
  let last = 0;
  const client = startFilter('conformance_client', ['--port', String(port)], (line) => {
    const { n, ...outcome } = JSON.parse(line);
    waiting.get(n)(outcome);
    waiting.delete(n);
  });
  const ask = (question) => new Promise((resolve) => {
    waiting.set(++last, resolve);
    client.write(JSON.stringify({ n: last, ...question }));
  });
  return {
    /** `{ values, error }`, as of an Observable. */
    outcome: (pattern, data) => ask({ stream: pattern, data }),
    all: async (pattern, data) => {
      const { values, error } = await ask({ stream: pattern, data });
      assert.equal(error, undefined, `${JSON.stringify(pattern)}: ${JSON.stringify(error)}`);
      return values;
    },
    /** The first value; undefined where there is none. */
    send: async (pattern, data) => {
      const { values, error } = await ask({ send: pattern, data });
      assert.equal(error, undefined, `${JSON.stringify(pattern)}: ${JSON.stringify(error)}`);
      return values[0];
    },
    emit: async (pattern, data) => assert.deepEqual(await ask({ emit: pattern, data }), { values: [] }),
    stop: () => client.end(),
    pid: client.pid,
  };
}

/** conformance_client against NestJS's server. */
export function weCallNestjs(major) {
  describe(`we call NestJS ${major}`, () => {
    let port, server, client;
    const startServer = () => start(process.execPath, { args: [nestServer, String(major), String(port)] });
    before(async () => {
      port = await freePort();
      server = await startServer();
      client = ourClient(port);
    });
    after(async () => {
      assert.deepEqual(await client?.stop(), { code: 0, signal: null });
      await server?.stop('SIGKILL');
    });

    test('values', async () => {
      assert.deepEqual(await client.all('nul', {}), [null]);
      assert.deepEqual(await client.all('undef', {}), []);
      for (const each of odd) assert.deepEqual(await client.send('echo', each), each);
    });

    test('errors', async () => {
      assert.deepEqual(await client.outcome('rpc_text', {}), { values: [], error: { status: 'error', message: 'nope' } });
      assert.deepEqual(await client.outcome('rpc_object', {}), { values: [], error: { code: 42, message: 'custom', extra: [1] } });
      assert.deepEqual(await client.outcome('plain', {}), { values: [], error: internalError });
      assert.deepEqual(await client.outcome('nobody', {}), { values: [], error: noHandler });
    });

    test('streams of 0, 1 and 1,000, at once and over time', async () => {
      for (const count of [0, 1, 1000]) {
        assert.deepEqual(await client.all('count', count), Array.from({ length: count }, (_, index) => index));
      }
      assert.deepEqual(await client.all('ticks', 50), Array.from({ length: 50 }, (_, index) => index));
      assert.deepEqual(await client.all('empty', {}), []);
      assert.deepEqual(await client.all('halves', 5), [{ value: 5 }, { value: 2.5 }]);
      assert.deepEqual(await client.outcome('late', {}), { values: [1, 2], error: { status: 'error', message: 'late' } });
    });

    test('events, to no, one and two handlers', async () => {
      await client.emit('seen', { x: 1 });
      await client.emit('nobody', { x: 2 });
      await client.emit('twice', '😀');
      assert.deepEqual(await client.send('get_events', {}), [['seen', { x: 1 }], ['first', '😀'], ['second', '😀']]);
    });

    test('patterns that are objects', async () => {
      assert.deepEqual(await client.send({ role: 'a', cmd: 'sum' }, [1, 2, 3]), { sum: 6, pattern: '{"role":"a","cmd":"sum"}' });
      assert.equal(await client.send({ a: 1, b: { c: 'x', d: [1, 'two'] } }, {}), 'nested');
    });

    test('payloads of 1 MiB and 20 MiB', async () => {
      for (const payload of [...large(MiB), ...large(20 * MiB)]) {
        assert.ok(JSON.stringify(await client.send('echo', payload)) === JSON.stringify(payload));
      }
    });

    test('1,000 calls at once', async () => {
      const sent = Array.from({ length: 1000 }, (_, index) => ({ index, text: `caller ${index} 😀` }));
      assert.deepEqual(await Promise.all(sent.map((each) => client.send('echo', each))), sent);
      const slow = Array.from({ length: 1000 }, (_, index) => 1 + (index * 7) % 50);
      assert.deepEqual(await Promise.all(slow.map((each) => client.send('slow', each))), slow);
    });

    test('a server that comes back, and a client that does', async () => {
      const pending = client.outcome('slow', 20_000);
      assert.equal(await client.send('echo', 1), 1);  // the call before it has arrived
      await server.stop('SIGKILL');
      assert.deepEqual(await pending, { values: [], error: 'Connection closed' });
      server = await startServer();
      assert.equal(await client.send('echo', 'here I am'), 'here I am');
      process.kill(client.pid, 'SIGKILL');
      assert.deepEqual(await client.stop(), { code: null, signal: 'SIGKILL' });
      client = ourClient(port);
      assert.equal(await client.send('echo', 'again'), 'again');
    });
  });
}
