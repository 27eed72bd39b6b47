// NestJS's counterpart of examples/gateway: takes registrations on Express and asks the other two over TCP.
//
//   node gateway.cjs      settings as in examples/gateway/env.example
const { Body, Controller, Get, HttpException, Inject, Module, Param, ParseUUIDPipe, Post, Req, UseFilters,
  UseInterceptors } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { ClientsModule, Transport } = require('@nestjs/microservices');
const { randomUUID } = require('node:crypto');
const { setTimeout: sleep } = require('node:timers/promises');
const { firstValueFrom, timeout, TimeoutError } = require('rxjs');
const { CreateUserDto, LoggingInterceptor, MicroserviceExceptionFilter, TimeoutInterceptor, injectable, method, serve,
  settings, strict, validation } = require('./support.cjs');

const patience = Number(process.env.CLIENT_TIMEOUT_MS ?? 5000);

/** A call of a service; what it refuses, and that it cannot be reached, in HTTP's words. */
async function call(client, service, pattern, data, limit = patience) {
  try {
    return await firstValueFrom(client.send(pattern, data).pipe(timeout(limit)));
  } catch (error) {
    if (error instanceof TimeoutError) {
      throw new HttpException(
        { message: `${service} did not answer in time`, error: 'Gateway Timeout', statusCode: 504 }, 504);
    }
    if (error?.statusCode) throw new HttpException(error, error.statusCode);
    if (error?.status === 'error') {
      throw new HttpException({ statusCode: 500, message: 'Internal server error' }, 500);
    }
    throw new HttpException({ message: `${service} is unavailable`, error: 'Service Unavailable', statusCode: 503 }, 503);
  }
}

class RegistrationService {
  constructor(users, notifications) {
    this.users = users;
    this.notifications = notifications;
  }
  async register(dto) {
    const user = await call(this.users, 'User service', 'user.create', dto);
    return { user, notification: await this.welcomeOf(user.id) };
  }
  /** The welcome once it is sent, which is waited for at most 250 ms. */
  async welcomeOf(userId) {
    const end = Date.now() + 250;
    for (let wait = 4; Date.now() + wait < end; wait = Math.min(2 * wait, 32)) {
      try {
        const found = await call(this.notifications, 'Notification service', 'notification.status', { userId },
          end - Date.now());
        if (found.status === 'sent') return found;
      } catch (error) {
        if (error.getStatus() !== 404) break;
      }
      await sleep(wait);
    }
    return { status: 'pending' };
  }
  user(id) {
    return call(this.users, 'User service', 'user.get', { id });
  }
  notification(query) {
    return call(this.notifications, 'Notification service', 'notification.status', query);
  }
}
injectable(RegistrationService, [[Inject('USER_SERVICE')], [Inject('NOTIFICATION_SERVICE')]]);

class GatewayController {
  constructor(registration) {
    this.registration = registration;
  }
  async register(dto, request) {
    const began = performance.now();
    const data = await this.registration.register(dto);
    return {
      success: true, message: 'User registered successfully', data,
      meta: { requestId: request.requestId, durationMs: Math.round((performance.now() - began) * 10) / 10 },
    };
  }
  welcome(userId) {
    return this.registration.notification({ userId });
  }
  user(id) {
    return this.registration.user(id);
  }
  notification(id) {
    return this.registration.notification({ id });
  }
}
const id = (name) => [String, Param(name, new ParseUUIDPipe())];
injectable(GatewayController, [RegistrationService], UseFilters(MicroserviceExceptionFilter),
  UseInterceptors(LoggingInterceptor, TimeoutInterceptor), Controller());
method(GatewayController, 'register', [Post('registration')], [[CreateUserDto, Body()], [Object, Req()]]);
method(GatewayController, 'welcome', [Get('registration/:userId/notification')], [id('userId')]);
method(GatewayController, 'user', [Get('users/:id')], [[String, Param('id')]]);
method(GatewayController, 'notification', [Get('notifications/:id')], [id('id')]);

class GatewayModule {
  /** Every answer carries `X-Request-Id`: the caller's, if it sent one. */
  configure(consumer) {
    consumer.apply((request, response, next) => {
      request.requestId = request.get('X-Request-Id') ?? randomUUID();
      response.set('X-Request-Id', request.requestId);
      next();
    }).forRoutes('*path');
  }
}
Module({
  imports: [ClientsModule.register([
    { name: 'USER_SERVICE', transport: Transport.TCP, options: settings.userService },
    { name: 'NOTIFICATION_SERVICE', transport: Transport.TCP, options: settings.notificationService },
  ])],
  providers: [RegistrationService],
  controllers: [GatewayController],
})(GatewayModule);

serve(NestFactory, GatewayModule, validation(strict));
