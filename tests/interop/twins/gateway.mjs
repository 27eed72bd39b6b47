// The gateway as a NestJS team would write it.
import { Body, Get, HttpException, InternalServerErrorException, Param, Post } from '@nestjs/common';
import { decorateMethod, nestClient, startNestHttp } from '../support/nest.mjs';
import { freePort } from '../support/services.mjs';

const pass = (err) => {
  throw err?.statusCode ? new HttpException(err, err.statusCode) : new InternalServerErrorException();
};

export async function startGatewayTwin(neighbours) {
  const users = nestClient(neighbours.users);
  const notifications = nestClient(neighbours.notifications);

  class GatewayController {
    async register(dto) {
      const user = await users.send('user.create', dto).catch(pass);
      const end = Date.now() + 250;
      let notification = { status: 'pending' };
      while (notification.status !== 'sent' && Date.now() < end) {
        notification = await notifications.send('notification.status', { userId: user.id }).catch(() => ({ status: 'pending' }));
      }
      return { success: true, message: 'User registered successfully', data: { user, notification } };
    }
    user(id) { return users.send('user.get', { id }).catch(pass); }
    notification(id) { return notifications.send('notification.status', { id }).catch(pass); }
  }
  decorateMethod(GatewayController, 'register', [Post('registration')], [[Object, Body()]]);
  decorateMethod(GatewayController, 'user', [Get('users/:id')], [[String, Param('id')]]);
  decorateMethod(GatewayController, 'notification', [Get('notifications/:id')], [[String, Param('id')]]);

  const port = await freePort();
  const app = await startNestHttp(GatewayController, port);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      users.close();
      notifications.close();
      await app.stop();
    },
  };
}
