// The user service as a NestJS team would write it; it keeps its users in memory.
import { randomUUID } from 'node:crypto';
import { UsePipes } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { decorateMethod, nestClient, startNestMicroservice } from '../support/nest.mjs';
import { conflict, CreateUserDto, GetUserDto, notFound, strict } from './contracts.mjs';

/** events: 'with ids' as ours has them, or 'plain' without `eventId`. */
export async function startUserTwin(neighbours, { events = 'with ids' } = {}) {
  const users = new Map();
  const notified = [];
  const notifications = nestClient(neighbours.notifications);
  let stopped = false;

  async function relay(event) {
    while (!stopped) {
      try {
        await notifications.send('user.created', event);
        return;
      } catch (error) {
        if (error?.message === 'no elements in sequence') return;  // acknowledged without a value
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  class UsersController {
    create({ firstName, lastName, email, password: _ }) {
      const key = email.toLowerCase();
      if ([...users.values()].some((user) => user.email === key)) throw conflict(`User with email ${email} already exists`);
      const now = new Date().toISOString();
      const user = { id: randomUUID(), firstName, lastName, email: key, isActive: true, createdAt: now, updatedAt: now };
      users.set(user.id, user);
      const event = { userId: user.id, email: key, firstName, lastName, createdAt: now };
      void relay(events === 'plain' ? event : { eventId: randomUUID(), ...event });
      return user;
    }
    get({ id }) {
      const user = users.get(id);
      if (!user) throw notFound(`User ${id} not found`);
      return user;
    }
    onNotificationSent(event) { notified.push(event); }
  }
  decorateMethod(UsersController, 'create', [MessagePattern('user.create'), UsePipes(strict())], [[CreateUserDto, Payload()]]);
  decorateMethod(UsersController, 'get', [MessagePattern('user.get'), UsePipes(strict())], [[GetUserDto, Payload()]]);
  decorateMethod(UsersController, 'onNotificationSent', [EventPattern('notification.sent')], [[Object, Payload()]]);

  const service = await startNestMicroservice(UsersController, neighbours.users);
  return {
    users, notified,
    async stop() {
      stopped = true;
      notifications.close();
      await service.stop();
    },
  };
}
