// What our user service refuses, and in which words, against class-validator behind NestJS's ValidationPipe.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nestClient } from './support/nest.mjs';
import { freePort, startNotificationService, startUserService } from './support/services.mjs';
import { CreateUserDto, GetUserDto, SendNotificationDto, strict, validation } from './twins/contracts.mjs';

const ports = { users: await freePort(), notifications: await freePort() };
const started = [];
let users, notifications;

before(async () => {
  started.push(await startUserService(ports), await startNotificationService(ports));
  users = nestClient(ports.users);
  notifications = nestClient(ports.notifications);
});
after(async () => {
  users?.close();
  notifications?.close();
  for (const service of started) await service.stop();
});

async function refusedByNestJs(pipe, metatype, payload) {
  try {
    await pipe.transform(structuredClone(payload), { type: 'body', metatype });
    return undefined;
  } catch (error) {
    return error.getError();
  }
}

async function refusedByUs(client, pattern, payload) {
  try {
    await client.send(pattern, payload);
    return undefined;
  } catch (err) {
    assert.notEqual(err?.statusCode, undefined, `${pattern} ${JSON.stringify(payload)}: ${JSON.stringify(err)}`);
    return err;
  }
}

async function compare(client, pattern, pipe, metatype, payloads) {
  for (const payload of payloads) {
    const expected = await refusedByNestJs(pipe, metatype, payload);
    const answer = await refusedByUs(client, pattern, payload);
    // Beyond the rules there are 404 and 409.
    if (!expected && answer && answer.statusCode !== 400) continue;
    assert.equal(JSON.stringify(answer), JSON.stringify(expected), `${pattern} ${JSON.stringify(payload)}`);
  }
}

const names = ['Ada', '', ' ', 'x'.repeat(100), 'x'.repeat(101), '😀'.repeat(100), '😀'.repeat(101), 'e\u0301'.repeat(51),
  '👍\uFE0F'.repeat(60), 0, 5, true, false, null, [], ['a'], {}, { a: 1 }, '\t', '\u2028'];
const emails = ['a@example.com', 'A@EXAMPLE.COM', 'a@localhost', 'a', '', '@', 'a@', '@b.io', 'a@b', 'a@b.c', 'a@b.co', 'a b@c.io',
  'a@b..io', '.a@b.io', 'a.@b.io', 'a..b@c.io', '"a b"@c.io', '"a"b@c.io', 'a+tag@b.io', 'ä@b.io', 'a@bücher.de', 'a@xn--bcher-kva.de',
  'a@-b.io', 'a@b-.io', 'a@b_c.io', 'a@1.2.3.4', 'a@[1.2.3.4]', 'a@b.123', `${'x'.repeat(64)}@b.io`, `${'x'.repeat(65)}@b.io`,
  `a@${'x'.repeat(63)}.io`, `a@${'x'.repeat(64)}.io`, `a@${'x.'.repeat(130)}io`, 'Ada <a@b.io>', ' a@b.io', 'a@b.io ', 'a@b.io\n',
  "o'neil@b.io", 'a/b@c.io', 'a@b@c.io', 'a\u0000@b.io', 'a@b.io.', '😀@b.io', 'a@😀.io', 'a%b@c.io', 'a@b,io', 7, null, {}, ['a@b.io']];
const passwords = ['12345678', '1234567', '', '😀'.repeat(8), '😀'.repeat(7), 'x'.repeat(128), 'x'.repeat(129), 12345678, null, {}, []];

const valid = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com', password: 'analytical engine' };
const pick = (() => {
  let state = 12345;
  return (from) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return from[Math.floor((state / 2147483648) * from.length)];
  };
})();

test('user.create: each field alone', () => compare(users, 'user.create', strict(), CreateUserDto, [
  ...names.flatMap((name) => [{ ...valid, firstName: name }, { ...valid, lastName: name }]),
  ...emails.map((email) => ({ ...valid, email })),
  ...passwords.map((password) => ({ ...valid, password })),
  ...Object.keys(valid).map((name) => Object.fromEntries(Object.entries(valid).filter(([key]) => key !== name))),
]));

test('user.create: properties that should not exist', () => compare(users, 'user.create', strict(), CreateUserDto, [
  {}, { x: 1 }, { ...valid, x: 1 }, { z: null, ...valid, a: [] }, { ...valid, '': 1 }, { ...valid, 'a b': 1 }, { 2: 1, 10: 1, b: 1, 1: 1 },
  { ...valid, FirstName: 'A' }, { ...valid, 'ключ': 1 }, { ...valid, $property: 1 }, { firstName: '', x: { y: 1 } },
  { ...valid, length: 1 },
]));

test('user.create: fields together', () => compare(users, 'user.create', strict(), CreateUserDto,
  Array.from({ length: 400 }, () => {
    const payload = { firstName: pick(names), lastName: pick(names), email: pick(emails), password: pick(passwords) };
    for (const key of Object.keys(payload)) if (pick([0, 0, 0, 1])) delete payload[key];
    return payload;
  })));

test('user.get', () => compare(users, 'user.get', strict(), GetUserDto, [
  {}, { id: null }, { id: 1 }, { id: '' }, { id: 'x' }, { id: '0192d3a0-1111-7222-8333-123456789abc' },
  { id: '0192D3A0-1111-7222-8333-123456789ABC' }, { id: '0192d3a0111172228333123456789abc' },
  { id: '{0192d3a0-1111-7222-8333-123456789abc}' }, { id: '00000000-0000-0000-0000-000000000000' },
  { id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }, { id: '0192d3a0-1111-9222-8333-123456789abc' },
  { id: '0192d3a0-1111-7222-c333-123456789abc' }, { id: ' 0192d3a0-1111-7222-8333-123456789abc' },
  { id: ['0192d3a0-1111-7222-8333-123456789abc'] }, { id: '0192d3a0-1111-7222-8333-123456789abc', x: 1 },
]));

test('notification.send', () => {
  const dto = { userId: '0192d3a0-1111-7222-8333-123456789abc', type: 'push', recipient: 'r', subject: 's', content: 'c' };
  return compare(notifications, 'notification.send', validation({ whitelist: true }), SendNotificationDto, [
    dto, {}, { ...dto, x: 1 }, { ...dto, userId: 'x' }, { ...dto, userId: 5 }, { ...dto, type: 'fax' }, { ...dto, type: '' },
    { ...dto, type: null }, { ...dto, type: 1 }, { ...dto, recipient: '' }, { ...dto, subject: null }, { ...dto, content: 7 },
    { ...dto, content: '😀'.repeat(1000) }, { userId: null, type: 'SMS', recipient: [], subject: {}, content: false },
  ]);
});
