// node hello.cjs <port> <express|fastify>: NestJS 12 with the route that http_server has.
const path = require('node:path');
const from = path.join(__dirname, 'http', 'node_modules');
const load = (name) => require(require.resolve(name, { paths: [from] }));
load('reflect-metadata');
const { Controller, Get, Module } = load('@nestjs/common');
const { NestFactory } = load('@nestjs/core');

class HelloController {
  hello() {
    return 'hello';
  }
}
Controller()(HelloController);
Get('hello')(HelloController.prototype, 'hello', Object.getOwnPropertyDescriptor(HelloController.prototype, 'hello'));
class HelloModule {}
Module({ controllers: [HelloController] })(HelloModule);

async function main() {
  const [port, platform] = process.argv.slice(2);
  const adapter = platform === 'fastify' ? new (load('@nestjs/platform-fastify').FastifyAdapter)() : undefined;
  const app = adapter
    ? await NestFactory.create(HelloModule, adapter, { logger: false })
    : await NestFactory.create(HelloModule, { logger: false });
  await app.listen(Number(port), '127.0.0.1');
}
main();
