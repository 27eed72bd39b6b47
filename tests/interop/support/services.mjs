// Our services as child processes, on free ports and a database of their own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const binaries = process.env.NESTCPP_BIN_DIR;
if (!binaries) throw new Error('NESTCPP_BIN_DIR does not name the directory of the executables');

const taken = new Set();

/** A port below the range from which the system gives out ports. */
export async function freePort() {
  for (;;) {
    const port = 12000 + Math.floor(Math.random() * 8000);
    if (taken.has(port)) continue;
    const isFree = await new Promise((resolve) => {
      const probe = createServer().once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (!isFree) continue;
    taken.add(port);
    return port;
  }
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

// Where the tests themselves are killed, what they started must not stay.
const withParent = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0 ? ['setpriv', '--pdeathsig', 'KILL'] : [];

/** Starts a filter: lines to its standard input, lines from its standard output. */
export function startFilter(name, args, onLine) {
  const [program, ...rest] = [...withParent, join(binaries, name), ...args];
  const child = spawn(program, rest, { env: { PATH: process.env.PATH }, stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  let parts = [];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    const [first, ...more] = chunk.split('\n');
    parts.push(first);
    for (const each of more) {
      onLine(parts.join(''));
      parts = [each];
    }
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  child.stdin.on('error', () => {});  // it has ended; `end()` tells how
  return {
    pid: child.pid,
    write: (line) => child.stdin.write(`${line}\n`),
    /** Ends its input and waits for its end. */
    async end() {
      child.stdin.end();
      const end = await ended;
      running.delete(child);
      return end;
    },
  };
}

/** Starts an executable, of ours or by its whole path, and waits for its lines "listening …". */
export async function start(name, { args = [], env = {}, listeners = 1 } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'nestcpp-interop-'));
  const [program, ...rest] = [...withParent, isAbsolute(name) ? name : join(binaries, name), ...args];
  const child = spawn(program, rest, { cwd: directory, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  await new Promise((resolve, reject) => {
    const fail = (reason) => reject(new Error(`${name} ${reason}\n${output}`));
    const timer = setTimeout(() => fail('is not ready'), 20_000);
    const hear = (chunk) => {
      output += chunk;
      if ((output.match(/^listening .*\n/gm) ?? []).length < listeners) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', (chunk) => { output += chunk; });
    child.once('error', (error) => fail(error.message));
    child.once('exit', () => fail('ended before it was ready'));
  });
  return {
    pid: child.pid,
    output: () => output,
    /** Sends the signal and waits for the end. */
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const end = await ended;
      running.delete(child);
      rmSync(directory, { recursive: true, force: true });
      return end;
    },
  };
}

const environment = (http, tcp, neighbours) => ({
  HTTP_PORT: String(http),
  ...(tcp && { TCP_PORT: String(tcp) }),
  PASSWORD_HASH_KIB: '8',
  PASSWORD_HASH_OPS: '1',
  USER_SERVICE_PORT: String(neighbours.users ?? 1),
  NOTIFICATION_SERVICE_PORT: String(neighbours.notifications ?? 1),
});

/** neighbours: { users, notifications }, the TCP ports where the services find each other. */
export const startUserService = async (neighbours) =>
  start('user_service', { env: environment(await freePort(), neighbours.users, neighbours), listeners: 2 });
export const startNotificationService = async (neighbours) =>
  start('notification_service', { env: environment(await freePort(), neighbours.notifications, neighbours), listeners: 2 });
export async function startGateway(neighbours) {
  const port = await freePort();
  return { url: `http://127.0.0.1:${port}`, ...(await start('gateway', { env: environment(port, 0, neighbours) })) };
}

export async function call(url, body, headers = {}) {
  const answer = await fetch(url, body === undefined ? { headers } : {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json(), headers: answer.headers };
}

/** Asks again until `ask()` gives something, 20 s at most. */
export async function eventually(ask) {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > end) throw new Error('it did not happen within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
