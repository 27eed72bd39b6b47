// TLS with NestJS's `tlsOptions` on the other side, in both directions; both sides show certificates.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { Controller, Module } from '@nestjs/common';
import { ClientProxyFactory, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { decorateMethod } from './support/nest.mjs';
import { freePort, start } from './support/services.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nestcpp-tls-'));
execFileSync(fileURLToPath(new URL('../support/make_certificates.sh', import.meta.url)), [folder]);
after(() => rmSync(folder, { recursive: true, force: true }));
const pem = (name) => readFileSync(join(folder, name), 'utf8');

const sent = { text: 'é€😀', many: 'x'.repeat(100_000) };

test('NestJS calls nestcpp', async (t) => {
  const server = await start('tls_peer', { args: ['serve', folder] });
  t.after(async () => assert.deepEqual(await server.stop(), { code: 0, signal: null }));
  const port = Number(/^listening tcp .*:(\d+)$/m.exec(server.output())[1]);
  const call = async (tlsOptions, data = sent) => {
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port, tlsOptions } });
    try {
      return await firstValueFrom(client.send('echo', data).pipe(timeout(5000)));
    } finally {
      client.close();
    }
  };
  const known = { ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client.key') };
  assert.deepEqual(await call(known), sent);
  assert.deepEqual(await call({ ...known, maxVersion: 'TLSv1.2' }), sent);
  await assert.rejects(call({ ca: pem('ca.pem') }), 'without a certificate');
  await assert.rejects(call({ ...known, ca: pem('stranger-ca.pem') }), 'of an authority that it does not trust');
  await assert.rejects(call(undefined), 'without TLS');
  assert.deepEqual(await Promise.all(Array.from({ length: 50 }, (_, i) => call(known, { i }))), Array.from({ length: 50 }, (_, i) => ({ i })));
});

test('nestcpp calls NestJS', async (t) => {
  class EchoController {
    echo(data) { return data; }
  }
  decorateMethod(EchoController, 'echo', [MessagePattern('echo')], [[Object, Payload()]]);
  Controller()(EchoController);
  class EchoModule {}
  Module({ controllers: [EchoController] })(EchoModule);
  const port = await freePort();
  const app = await NestFactory.createMicroservice(EchoModule, {
    transport: Transport.TCP, logger: ['fatal'],
    options: { host: '127.0.0.1', port, tlsOptions: { ca: pem('ca.pem'), cert: pem('server.pem'), key: pem('server.key'), requestCert: true, rejectUnauthorized: true } },
  });
  await app.listen();
  t.after(() => app.close());
  const call = async (who) => {
    const peer = join(process.env.NESTCPP_BIN_DIR, 'tls_peer');
    const { stdout } = await promisify(execFile)(peer, ['call', folder, String(port), who, JSON.stringify(sent)]);
    return JSON.parse(stdout);
  };
  assert.deepEqual(await call('client'), sent);
  await assert.rejects(call('nobody'), 'without a certificate');
  await assert.rejects(call('stranger'), 'with one of another authority');
});
