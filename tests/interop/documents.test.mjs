// The documents of the three services: valid, true, and good enough to make a client from.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePort, start } from './support/services.mjs';

const packages = join(dirname(fileURLToPath(import.meta.url)), 'documents');
const require = createRequire(join(packages, 'package.json'));
const from = async (name) => import(pathToFileURL(require.resolve(name)));

const services = {};
const running = [];

before(async () => {
  const ports = { USER_SERVICE_PORT: await freePort(), NOTIFICATION_SERVICE_PORT: await freePort() };
  const tcp = { user_service: ports.USER_SERVICE_PORT, notification_service: ports.NOTIFICATION_SERVICE_PORT };
  for (const name of ['user_service', 'notification_service', 'gateway']) {
    const port = await freePort();
    const env = { HTTP_PORT: port, PASSWORD_HASH_KIB: 8, PASSWORD_HASH_OPS: 1, ...ports, ...(tcp[name] && { TCP_PORT: tcp[name] }) };
    running.push(await start(name, {
      env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)])), listeners: tcp[name] ? 2 : 1,
    }));
    services[name] = `http://127.0.0.1:${port}`;
  }
});
after(() => Promise.all(running.map((each) => each.stop())));

const document = async (service, path) => {
  const answer = await fetch(services[service] + path);
  assert.equal(answer.status, 200);
  return { text: await answer.text(), type: answer.headers.get('content-type') };
};

for (const service of ['user_service', 'notification_service', 'gateway']) {
  describe(service, () => {
    test("has an OpenAPI document that Redocly's recommended rules find nothing wrong with", async () => {
      const { lintFromString, createConfig } = await from('@redocly/openapi-core');
      const { text, type } = await document(service, '/api-json');
      assert.equal(type, 'application/json; charset=utf-8');
      // Which servers there are the service cannot know; nothing here needs a login.
      const config = await createConfig({ extends: ['recommended'], rules: { 'no-server-example.com': 'off', 'security-defined': 'error' } });
      const problems = await lintFromString({ source: text, config });
      assert.deepEqual(problems.map((each) => `${each.severity} ${each.ruleId}: ${each.message} ${each.location[0]?.pointer}`), []);
    });

    test('says the same in YAML', async () => {
      const { parse } = await from('yaml');
      const { text, type } = await document(service, '/api-yaml');
      assert.equal(type, 'text/yaml; charset=utf-8');
      assert.deepEqual(parse(text), JSON.parse((await document(service, '/api-json')).text));
    });

    test('shows Swagger UI, or says that it is missing', async () => {
      const { text, type } = await document(service, '/api');
      assert.equal(type, 'text/html; charset=utf-8');
      assert.match(text, /swagger-ui/);
      assert.match(text, /api-json|swagger-ui-init\.js/);
      assert.doesNotMatch(text, /https?:\/\//);
    });
  });
}

for (const service of ['user_service', 'notification_service']) {
  test(`the ${service} has an AsyncAPI document that its parser finds nothing wrong with`, async () => {
    const { Parser } = require('@asyncapi/parser');
    const { text } = await document(service, '/asyncapi-json');
    const { document: parsed, diagnostics } = await new Parser().parse(text);
    assert.deepEqual(diagnostics.filter((each) => each.severity < 2).map((each) => `${each.code}: ${each.message} ${each.path.join('.')}`), []);
    assert.ok(parsed.operations().all().length >= 3);
  });
}

test('answers are as their schemas say', async () => {
  const Ajv = require('ajv/dist/2020').default;
  const addFormats = require('ajv-formats').default;
  const check = async (service, method, path, route, body) => {
    const api = JSON.parse((await document(service, '/api-json')).text);
    const answer = await fetch(services[service] + path, {
      method, ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const described = api.paths[route][method.toLowerCase()].responses[answer.status];
    assert.ok(described, `${method} ${route} answers ${answer.status}, which is not in the document`);
    const ajv = addFormats(new Ajv({ strict: false }));
    const value = await answer.json();
    const valid = ajv.validate({ ...described.content['application/json'].schema, components: api.components }, value);
    assert.ok(valid, `${method} ${route} ${answer.status}: ${JSON.stringify(ajv.errors)} ${JSON.stringify(value)}`);
    return value;
  };
  const dto = { firstName: 'Ada', lastName: 'Lovelace', email: `${randomUUID()}@example.com`, password: 'analytical engine' };
  const { data } = await check('gateway', 'POST', '/registration', '/registration', dto);
  await check('gateway', 'POST', '/registration', '/registration', dto);  // 409
  await check('gateway', 'POST', '/registration', '/registration', { firstName: 1 });
  await check('gateway', 'GET', `/users/${data.user.id}`, '/users/{id}');
  await check('gateway', 'GET', '/users/7', '/users/{id}');
  await check('user_service', 'GET', `/users/${data.user.id}`, '/users/{id}');
  await check('user_service', 'GET', `/users/${randomUUID()}`, '/users/{id}');
  const list = await check('notification_service', 'GET', '/notifications', '/notifications');
  assert.ok(list.length > 0);
  await check('notification_service', 'GET', `/notifications/${list[0].id}`, '/notifications/{id}');
  await check('notification_service', 'GET', `/notifications/${randomUUID()}`, '/notifications/{id}');
});

test('schemas refuse what the rules refuse', async () => {
  const Ajv = require('ajv/dist/2020').default;
  const addFormats = require('ajv-formats').default;
  const api = JSON.parse((await document('gateway', '/api-json')).text);
  const valid = addFormats(new Ajv({ strict: false })).compile({ $ref: '#/components/schemas/CreateUserDto', components: api.components });
  const dto = { firstName: 'Ada', lastName: 'L', email: 'a@b.io', password: '12345678' };
  assert.ok(valid(dto), JSON.stringify(valid.errors));
  for (const wrong of [{ firstName: '' }, { firstName: 'a'.repeat(101) }, { lastName: 7 }, { email: 'no' }, { password: 'short' }, { more: 1 }]) {
    assert.ok(!valid({ ...dto, ...wrong }), JSON.stringify(wrong));
  }
});

test('openapi-typescript makes a client that compiles and works', async () => {
  const tool = await from('openapi-typescript');
  const { default: generate, astToString } = tool.default?.default ? tool.default : tool;
  const folder = mkdtempSync(join(tmpdir(), 'nestcpp-client-'));
  try {
    const types = astToString(await generate(new URL(`${services.gateway}/api-json`)));
    writeFileSync(join(folder, 'gateway.ts'), types);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'client.ts'), `
      import createClient from 'openapi-fetch';
      import type { paths } from './gateway.js';
      export async function run(baseUrl: string, email: string) {
        const client = createClient<paths>({ baseUrl });
        const made = await client.POST('/registration', { body: { firstName: 'Ada', lastName: 'L', email, password: 'analytical engine' } });
        if (made.error) throw new Error(JSON.stringify(made.error.message));
        const user: { id: string; firstName: string } = made.data.data.user;
        const found = await client.GET('/users/{id}', { params: { path: { id: user.id } } });
        const missing = await client.GET('/users/{id}', { params: { path: { id: '7' } } });
        // @ts-expect-error: there is no such path
        client.GET('/nothing');
        return { id: user.id, found: found.data?.email, status: missing.error?.statusCode };
      }`);
    symlinkSync(join(packages, 'node_modules'), join(folder, 'node_modules'));
    const compiled = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '--strict', '--target', 'es2022', '--module', 'nodenext',
      '--skipLibCheck', '--lib', 'es2022,dom,dom.iterable', join(folder, 'client.ts')], { encoding: 'utf8' });
    assert.equal(compiled.status, 0, compiled.stdout + compiled.stderr);
    const { run } = await import(pathToFileURL(join(folder, 'client.js')));
    const email = `${randomUUID()}@example.com`;
    const result = await run(services.gateway, email);
    assert.deepEqual({ ...result, id: typeof result.id }, { id: 'string', found: email, status: 400 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
