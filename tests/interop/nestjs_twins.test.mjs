// Any of the three services may be replaced by a NestJS twin: each mix registers users.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  call, eventually, freePort, startGateway, startNotificationService, startUserService,
} from './support/services.mjs';
import { nestClient } from './support/nest.mjs';
import { startGatewayTwin } from './twins/gateway.mjs';
import { startNotificationTwin } from './twins/notification_service.mjs';
import { startUserTwin } from './twins/user_service.mjs';

const starters = {
  users: { ours: startUserService, NestJS: startUserTwin },
  notifications: { ours: startNotificationService, NestJS: startNotificationTwin },
  gateway: { ours: startGateway, NestJS: startGatewayTwin },
};

async function withSystem(kinds, run) {
  const ports = { users: await freePort(), notifications: await freePort() };
  const services = {};
  try {
    for (const part of ['users', 'notifications', 'gateway']) services[part] = await starters[part][kinds[part]](ports);
    await run({ ...services, ports, url: services.gateway.url });
  } finally {
    for (const service of Object.values(services).reverse()) await service.stop();
  }
}

const person = (more = {}) => (
  { firstName: 'Zoë 😀 "q" \\', lastName: 'Q', email: `${randomUUID()}@example.com`, password: 'analytical engine', ...more });

for (const gateway of ['ours', 'NestJS']) {
  for (const users of ['ours', 'NestJS']) {
    for (const notifications of ['ours', 'NestJS']) {
      const kinds = { users, notifications, gateway };
      if (Object.values(kinds).every((kind) => kind === 'NestJS')) continue;

      describe(`gateway ${gateway}, user service ${users}, notification service ${notifications}`, () => {
        test('registers and welcomes, once', () => withSystem(kinds, async ({ url, ports }) => {
          const dto = person();
          const { status, body } = await call(`${url}/registration`, dto);
          assert.equal(status, 201, JSON.stringify(body));
          assert.equal(body.success, true);
          const { user } = body.data;
          assert.deepEqual(Object.keys(user), ['id', 'firstName', 'lastName', 'email', 'isActive', 'createdAt', 'updatedAt']);
          assert.equal(user.firstName, dto.firstName);
          assert.deepEqual((await call(`${url}/users/${user.id}`)).body, user);

          const peer = nestClient(ports.notifications);
          const welcome = await eventually(() => peer.send('notification.status', { userId: user.id }).catch(() => null));
          peer.close();
          assert.equal(welcome.subject, `Welcome, ${dto.firstName}!`);
          assert.equal(welcome.content, `Hi ${dto.firstName} Q, your account is ready.`);
          assert.equal(welcome.recipient, dto.email);
          assert.equal((await call(`${url}/notifications/${welcome.id}`)).body.id, welcome.id);
        }));

        test('refuses in the same words', () => withSystem(kinds, async ({ url }) => {
          const dto = person({ email: `Mixed.${randomUUID()}@Example.com` });
          assert.equal((await call(`${url}/registration`, dto)).status, 201);
          const id = randomUUID();
          for (const [answer, status, body] of [
            [await call(`${url}/registration`, dto), 409,
              { message: `User with email ${dto.email} already exists`, error: 'Conflict', statusCode: 409 }],
            [await call(`${url}/registration`, person({ firstName: '', more: 1 })), 400,
              { message: ['property more should not exist', 'firstName should not be empty'], error: 'Bad Request', statusCode: 400 }],
            [await call(`${url}/users/${id}`), 404, { message: `User ${id} not found`, error: 'Not Found', statusCode: 404 }],
            [await call(`${url}/users/42`), 400, { message: ['id must be a UUID'], error: 'Bad Request', statusCode: 400 }],
            [await call(`${url}/notifications/${id}`), 404,
              { message: 'Notification not found', error: 'Not Found', statusCode: 404 }],
          ]) {
            assert.equal(answer.status, status);
            assert.equal(JSON.stringify(answer.body), JSON.stringify(body));
          }
        }));
      });
    }
  }
}

test('our user service hears from a NestJS notification service, and the other way round', async () => {
  await withSystem({ users: 'NestJS', notifications: 'ours', gateway: 'ours' }, async ({ url, users }) => {
    const { body } = await call(`${url}/registration`, person());
    const event = await eventually(() => users.notified[0]);
    assert.deepEqual(Object.keys(event), ['eventId', 'notificationId', 'userId', 'type', 'sentAt']);
    assert.equal(event.userId, body.data.user.id);
  });
});

test('a NestJS user service that gives no eventId gets its users welcomed once', async () => {
  const ports = { users: await freePort(), notifications: await freePort() };
  const notifications = await startNotificationService(ports);
  const users = await startUserTwin(ports, { events: 'plain' });
  const gateway = await startGateway(ports);
  try {
    const { body } = await call(`${gateway.url}/registration`, person());
    const peer = nestClient(ports.notifications);
    const welcome = await eventually(
      () => peer.send('notification.status', { userId: body.data.user.id }).catch(() => null));
    peer.close();
    assert.equal(welcome.type, 'email');
  } finally {
    await gateway.stop();
    await users.stop();
    await notifications.stop();
  }
});

test('our outbox reaches a NestJS notification service that comes late', async () => {
  const ports = { users: await freePort(), notifications: await freePort() };
  const users = await startUserService(ports);
  const gateway = await startGateway(ports);
  let notifications;
  try {
    const { status, body } = await call(`${gateway.url}/registration`, person());
    assert.equal(status, 201);
    assert.deepEqual(body.data.notification, { status: 'pending' });
    notifications = await startNotificationTwin(ports);
    await eventually(() => notifications.stored.some((entry) => entry.userId === body.data.user.id));
    // The next user's welcome is the only other one.
    const second = (await call(`${gateway.url}/registration`, person())).body.data.user.id;
    await eventually(() => notifications.stored.some((entry) => entry.userId === second));
    assert.equal(notifications.stored.length, 2);
  } finally {
    await gateway.stop();
    await users.stop();
    await notifications?.stop();
  }
});
