// node nest_server.mjs <major> <port>: a NestJS microservice as a process, with handlers that answer in every way.
import { importFrom, nestjs } from './versions.mjs';

const [major, port] = process.argv.slice(2).map(Number);
await importFrom(major, 'reflect-metadata');
const { Controller, Module } = await importFrom(major, '@nestjs/common');
const { NestFactory } = await importFrom(major, '@nestjs/core');
const { Ctx, EventPattern, MessagePattern, Payload, RpcException, Transport } = await nestjs(major);
const { EMPTY, concat, from, interval, map, of, range, take, throwError } = await importFrom(major, 'rxjs');

const handlers = {
  echo: (data) => data,
  undef: () => undefined,
  nul: () => null,
  slow: (data) => new Promise((resolve) => { setTimeout(() => resolve(data), data); }),
  count: (data) => range(0, data),
  ticks: (data) => interval(2).pipe(take(data)),
  halves: (data) => from([data, data / 2]).pipe(map((value) => ({ value }))),
  empty: () => EMPTY,
  late: () => concat(of(1, 2), throwError(() => new RpcException('late'))),
  rpc_text: () => { throw new RpcException('nope'); },
  rpc_object: () => { throw new RpcException({ code: 42, message: 'custom', extra: [1] }); },
  plain: () => { throw new Error('secret'); },
  get_events: () => noted.splice(0),
};
const objects = [
  [{ cmd: 'sum', role: 'a' }, (data, context) => ({ sum: data.reduce((a, b) => a + b, 0), pattern: context.getPattern() })],
  [{ b: { d: [1, 'two'], c: 'x' }, a: 1 }, () => 'nested'],
];
const noted = [];
const events = {
  seen: [(data) => noted.push(['seen', data])],
  twice: [(data) => noted.push(['first', data]), (data) => noted.push(['second', data])],
};

class PeerController {}
let names = 0;
function bind(decorator, handler) {
  const name = `handler${++names}`;
  Object.defineProperty(PeerController.prototype, name, { value: handler, writable: true, configurable: true });
  Reflect.defineMetadata('design:paramtypes', [Object, Object], PeerController.prototype, name);
  Payload()(PeerController.prototype, name, 0);
  Ctx()(PeerController.prototype, name, 1);
  decorator(PeerController.prototype, name, Object.getOwnPropertyDescriptor(PeerController.prototype, name));
}
for (const [pattern, handler] of Object.entries(handlers)) bind(MessagePattern(pattern), handler);
for (const [pattern, handler] of objects) bind(MessagePattern(pattern), handler);
for (const [pattern, list] of Object.entries(events)) {
  for (const handler of list) bind(EventPattern(pattern), (data) => { handler(data); });
}
Controller()(PeerController);
class PeerModule {}
Module({ controllers: [PeerController] })(PeerModule);

const app = await NestFactory.createMicroservice(PeerModule, {
  transport: Transport.TCP, options: { host: '127.0.0.1', port }, logger: ['fatal'],
});
await app.listen();
console.log(`listening tcp 127.0.0.1:${port}`);
