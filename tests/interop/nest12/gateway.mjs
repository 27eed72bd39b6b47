// node gateway.mjs <port> <user service's port> <notification service's port>: the gateway as a NestJS 12 team would
// write it, on Express. Prints "listening …" once it is ready.
import 'reflect-metadata';
import {
  Body, Controller, Get, GatewayTimeoutException, HttpException, InternalServerErrorException, Module, Param, ParseUUIDPipe, Post,
  Req, ServiceUnavailableException, ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { IsEmail, IsNotEmpty, IsString, MaxLength, MinLength } from 'class-validator';
import { randomUUID } from 'node:crypto';
import { firstValueFrom, timeout, TimeoutError } from 'rxjs';

const [port, usersPort, notificationsPort] = process.argv.slice(2).map(Number);
const connect = (to) => ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port: to } });
const users = connect(usersPort);
const notifications = connect(notificationsPort);

async function ask(service, client, pattern, data) {
  try {
    return await firstValueFrom(client.send(pattern, data).pipe(timeout(5000)));
  } catch (error) {
    if (error instanceof TimeoutError) throw new GatewayTimeoutException(`${service} did not answer in time`);
    if (error?.statusCode) throw new HttpException(error, error.statusCode);
    if (error?.code || /ECONN|closed/i.test(error?.message ?? '')) throw new ServiceUnavailableException(`${service} is unavailable`);
    throw new InternalServerErrorException();
  }
}

class CreateUserDto {}
const property = (name, ...decorators) => {
  Reflect.defineMetadata('design:type', String, CreateUserDto.prototype, name);
  [...decorators].reverse().forEach((each) => each(CreateUserDto.prototype, name));
};
for (const name of ['firstName', 'lastName']) property(name, IsString(), IsNotEmpty(), MaxLength(100));
property('email', IsEmail());
property('password', IsString(), MinLength(8), MaxLength(128));

class RegistrationController {
  async register(dto, request) {
    const began = performance.now();
    const user = await ask('User service', users, 'user.create', { ...dto });
    const end = Date.now() + 250;
    let notification = { status: 'pending' };
    while (notification.status !== 'sent' && Date.now() < end) {
      notification = await ask('', notifications, 'notification.status', { userId: user.id }).catch(() => ({ status: 'pending' }));
    }
    return {
      success: true,
      message: 'User registered successfully',
      data: { user, notification },
      meta: { requestId: request.id, durationMs: Math.round((performance.now() - began) * 10) / 10 },
    };
  }
  user(id) { return ask('User service', users, 'user.get', { id }); }
  notification(id) { return ask('Notification service', notifications, 'notification.status', { id }); }
}
const method = (name, decorator, ...parameters) => {
  const target = RegistrationController.prototype;
  Reflect.defineMetadata('design:paramtypes', parameters.map(([type]) => type), target, name);
  parameters.forEach(([, decorate], index) => decorate(target, name, index));
  decorator(target, name, Object.getOwnPropertyDescriptor(target, name));
};
method('register', Post('registration'), [CreateUserDto, Body()], [Object, Req()]);
method('user', Get('users/:id'), [String, Param('id')]);
method('notification', Get('notifications/:id'), [String, Param('id', ParseUUIDPipe)]);
Controller()(RegistrationController);

class GatewayModule {}
Module({ controllers: [RegistrationController] })(GatewayModule);

const app = await NestFactory.create(GatewayModule, { logger: false });
app.use((request, response, next) => {
  request.id = request.headers['x-request-id'] ?? randomUUID();
  response.setHeader('X-Request-Id', request.id);
  next();
});
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }));
await app.listen(port, '127.0.0.1');
console.log(`listening http 127.0.0.1:${port}`);
process.on('SIGTERM', () => process.exit(0));
