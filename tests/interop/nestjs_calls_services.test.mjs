// NestJS's ClientTCP calls our services.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { nestClient } from './support/nest.mjs';
import { eventually, freePort, startNotificationService, startUserService } from './support/services.mjs';

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
  for (const service of started) assert.deepEqual(await service.stop(), { code: 0, signal: null });
});

const person = (more = {}) => (
  { firstName: 'Zoë 😀 "q" \\', lastName: 'Lovelace', email: `${randomUUID()}@example.com`, password: 'analytical engine', ...more });
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('user.create answers with the user', async () => {
  const dto = person();
  const user = await users.send('user.create', dto);
  assert.deepEqual(Object.keys(user), ['id', 'firstName', 'lastName', 'email', 'isActive', 'createdAt', 'updatedAt']);
  assert.match(user.id, uuid);
  assert.equal(user.firstName, dto.firstName);
  assert.equal(user.email, dto.email);
  assert.equal(user.isActive, true);
  assert.match(user.createdAt, time);
  assert.deepEqual(await users.send('user.get', { id: user.id }), user);
});

test('user.create refuses a taken address with 409', async () => {
  const dto = person({ email: `A.${randomUUID()}@Example.com` });
  await users.send('user.create', dto);
  assert.equal(JSON.stringify(await users.refusal('user.create', dto)),
    `{"message":"User with email ${dto.email} already exists","error":"Conflict","statusCode":409}`);
});

test('user.create refuses what breaks a rule with 400', async () => {
  assert.equal(JSON.stringify(await users.refusal('user.create', person({ firstName: '' }))),
    '{"message":["firstName should not be empty"],"error":"Bad Request","statusCode":400}');
  assert.equal(JSON.stringify(await users.refusal('user.create', person({ role: 'admin' }))),
    '{"message":["property role should not exist"],"error":"Bad Request","statusCode":400}');
});

test('user.get refuses what is not there', async () => {
  const id = randomUUID();
  assert.deepEqual(await users.refusal('user.get', { id }), { message: `User ${id} not found`, error: 'Not Found', statusCode: 404 });
  assert.deepEqual(await users.refusal('user.get', { id: '42' }),
    { message: ['id must be a UUID'], error: 'Bad Request', statusCode: 400 });
});

test('notification.send and notification.status answer with the notification', async () => {
  const dto = { userId: randomUUID(), type: 'sms', recipient: '+49', subject: 'Hi', content: '😀' };
  const sent = await notifications.send('notification.send', dto);
  assert.deepEqual(Object.keys(sent),
    ['id', 'userId', 'type', 'recipient', 'subject', 'content', 'status', 'sentAt', 'createdAt']);
  assert.deepEqual({ ...sent, ...dto }, sent);
  assert.equal((await notifications.send('notification.status', { id: sent.id })).id, sent.id);
  assert.equal((await notifications.send('notification.status', { userId: dto.userId })).id, sent.id);
  assert.deepEqual(await notifications.refusal('notification.status', { id: randomUUID() }),
    { message: 'Notification not found', error: 'Not Found', statusCode: 404 });
  assert.deepEqual(await notifications.refusal('notification.status', {}),
    { message: ['id or userId should be given'], error: 'Bad Request', statusCode: 400 });
});

test('1 MiB comes back as it was', async () => {
  for (const content of ['x'.repeat(1024 * 1024), '😀'.repeat(256 * 1024), '"\\\n\u0001é'.repeat(200_000)]) {
    const sent = await notifications.send('notification.send', { userId: randomUUID(), type: 'email', recipient: 'r', subject: 's', content });
    assert.equal(sent.content.length, content.length);
    assert.ok(sent.content === content);
    assert.ok((await notifications.send('notification.status', { id: sent.id })).content === content);
  }
});

test('user.created emitted by NestJS, without an eventId, welcomes once', async () => {
  const event = { userId: randomUUID(), email: 'a@example.com', firstName: 'Zoë', lastName: 'Q', createdAt: new Date().toISOString() };
  await notifications.emit('user.created', event);
  await notifications.emit('user.created', event);
  const welcome = await eventually(() => notifications.send('notification.status', { userId: event.userId }).catch(() => null));
  assert.equal(welcome.subject, 'Welcome, Zoë!');
  // A handler that answers nothing completes the call without a value.
  await assert.rejects(notifications.send('user.created', event), /no elements in sequence/);
  assert.equal((await notifications.send('notification.status', { userId: event.userId })).id, welcome.id);
});

test('notification.sent emitted by NestJS is taken', async () => {
  await users.emit('notification.sent', {
    eventId: randomUUID(), notificationId: randomUUID(), userId: randomUUID(), type: 'email', sentAt: new Date().toISOString() });
  assert.deepEqual((await users.refusal('user.get', {})).statusCode, 400);
});

test('an unknown pattern is refused in NestJS\'s words', async () => {
  assert.equal(await users.refusal('nothing', {}), 'There is no matching message handler defined in the remote service.');
  assert.equal(await users.refusal({ cmd: 'nothing' }, {}), 'There is no matching message handler defined in the remote service.');
});

test('many calls at once are each answered', async () => {
  const people = Array.from({ length: 200 }, () => person());
  const created = await Promise.all(people.map((dto) => users.send('user.create', dto)));
  created.forEach((user, index) => assert.equal(user.email, people[index].email));
});

test('a NestJS client finds the service again after it was killed', async () => {
  const port = { users: await freePort() };
  let service = await startUserService(port);
  const client = nestClient(port.users);
  assert.equal((await client.refusal('user.get', {})).statusCode, 400);
  await service.stop('SIGKILL');
  await assert.rejects(client.send('user.get', {}));
  service = await startUserService(port);
  await eventually(() => client.send('user.get', {}).catch((err) => err.statusCode === 400));
  client.close();
  await service.stop();
});
