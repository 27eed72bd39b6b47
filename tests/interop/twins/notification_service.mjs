// The notification service as a NestJS team would write it; it keeps its notifications in memory.
import { randomUUID } from 'node:crypto';
import { UsePipes } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { decorateMethod, nestClient, startNestMicroservice } from '../support/nest.mjs';
import { notFound, SendNotificationDto, validation } from './contracts.mjs';

export async function startNotificationTwin(neighbours) {
  const stored = [];
  const inbox = new Set();
  const users = nestClient(neighbours.users);

  function deliver(notification) {
    const now = new Date().toISOString();
    const sent = { id: randomUUID(), ...notification, status: 'sent', sentAt: now, createdAt: now };
    stored.push(sent);
    const { id, userId, type } = sent;
    users.emit('notification.sent', { eventId: randomUUID(), notificationId: id, userId, type, sentAt: now }).catch(() => {});
    return sent;
  }

  class NotificationsController {
    send({ userId, type, recipient, subject, content }) {
      return deliver({ userId, type, recipient, subject, content });
    }
    status({ id, userId }) {
      const found = stored.findLast((entry) => (id ? entry.id === id : entry.userId === userId));
      if (!found) throw notFound('Notification not found');
      return found;
    }
    onUserCreated({ eventId, userId, email, firstName, lastName }) {
      const key = eventId ?? `user.created:${userId}`;
      if (inbox.has(key)) return;
      inbox.add(key);
      deliver({
        userId, type: 'email', recipient: email, subject: `Welcome, ${firstName}!`,
        content: `Hi ${firstName} ${lastName}, your account is ready.`,
      });
    }
  }
  decorateMethod(NotificationsController, 'send', [MessagePattern('notification.send'), UsePipes(validation({ whitelist: true }))],
    [[SendNotificationDto, Payload()]]);
  decorateMethod(NotificationsController, 'status', [MessagePattern('notification.status')], [[Object, Payload()]]);
  decorateMethod(NotificationsController, 'onUserCreated', [EventPattern('user.created')], [[Object, Payload()]]);

  const service = await startNestMicroservice(NotificationsController, neighbours.notifications);
  return {
    stored,
    async stop() {
      users.close();
      await service.stop();
    },
  };
}
