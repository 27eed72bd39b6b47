// NestJS in plain JavaScript: decorators are functions, applied here by hand.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';

/** `@decorator() method(parameters) {}`; parameters: [[class, ...decorators], …]. */
export function decorateMethod(type, method, decorators, parameters = []) {
  const descriptor = Object.getOwnPropertyDescriptor(type.prototype, method);
  Reflect.defineMetadata('design:paramtypes', parameters.map(([kind]) => kind), type.prototype, method);
  parameters.forEach(([, ...own], index) => own.forEach((decorator) => decorator(type.prototype, method, index)));
  decorators.forEach((decorator) => decorator(type.prototype, method, descriptor));
}

/** `@decorator() property`, given from top to bottom and applied, as TypeScript does, from bottom to top. */
export function decorateProperty(type, property, ...decorators) {
  [...decorators].reverse().forEach((decorator) => decorator(type.prototype, property));
}

function moduleOf(controller, path) {
  Controller(path)(controller);
  class TwinModule {}
  Module({ controllers: [controller] })(TwinModule);
  return TwinModule;
}

/** A NestJS microservice on TCP with the handlers of one controller. */
export async function startNestMicroservice(controller, port) {
  const app = await NestFactory.createMicroservice(moduleOf(controller), {
    transport: Transport.TCP, options: { host: '127.0.0.1', port }, logger: ['error', 'fatal'],
  });
  await app.listen();
  return { stop: () => app.close() };
}

/** A NestJS application over HTTP. */
export async function startNestHttp(controller, port) {
  const app = await NestFactory.create(moduleOf(controller, ''), { logger: ['error', 'fatal'] });
  await app.listen(port, '127.0.0.1');
  return { stop: () => app.close() };
}

/** NestJS's ClientTCP, with promises. */
export function nestClient(port) {
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
  return {
    client,
    send: (pattern, data) => firstValueFrom(client.send(pattern, data).pipe(timeout(15_000))),
    emit: (pattern, data) => firstValueFrom(client.emit(pattern, data), { defaultValue: undefined }),
    /** What a call is refused with. */
    refusal: (pattern, data) => firstValueFrom(client.send(pattern, data).pipe(timeout(15_000))).then(
      (value) => { throw new Error(`not refused: ${JSON.stringify(value)}`); }, (err) => err),
    close: () => client.close(),
  };
}
