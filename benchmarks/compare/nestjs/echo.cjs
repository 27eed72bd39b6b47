// NestJS's counterpart of benchmarks/echo/echo_server.cpp: the same DTO and rules, an exception filter, a logging and a
// timeout interceptor. Plain JavaScript, so that no build step is needed: decorators are applied by hand.
//
//   node echo.cjs PORT
require('reflect-metadata');
const { Catch, Controller, Logger, Module, UseFilters, UseInterceptors, ValidationPipe } = require('@nestjs/common');

const { NestFactory } = require('@nestjs/core');
const { MessagePattern, Payload, RpcException, Transport } = require('@nestjs/microservices');
const { IsEmail, IsNotEmpty, IsString, MaxLength, MinLength } = require('class-validator');
const { catchError, tap, throwError, timeout } = require('rxjs');

const decorate = (target, key, ...decorators) => {
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  for (const each of decorators.reverse()) each(target, key, descriptor);
};

class EchoDto {}
for (const name of ['firstName', 'lastName']) {
  decorate(EchoDto.prototype, name, IsString(), IsNotEmpty(), MaxLength(100));
}
decorate(EchoDto.prototype, 'email', IsEmail());
decorate(EchoDto.prototype, 'password', IsString(), MinLength(8), MaxLength(128));

class MicroserviceExceptionFilter {
  catch(exception) {
    return throwError(() => (exception instanceof RpcException ? exception.getError() : { message: exception.message }));
  }
}
Catch()(MicroserviceExceptionFilter);

class LoggingInterceptor {
  constructor() {
    this.logger = new Logger('LoggingInterceptor', { timestamp: false });
  }
  intercept(context, next) {
    const began = process.hrtime.bigint();
    return next.handle().pipe(
      tap(() => this.logger.debug?.(`${context.getHandler().name} in ${Number(process.hrtime.bigint() - began) / 1e6} ms`)),
    );
  }
}

class TimeoutInterceptor {
  intercept(_context, next) {
    return next.handle().pipe(timeout(10000), catchError((error) => throwError(() => error)));
  }
}

class EchoController {
  echo(dto) {
    return dto;
  }
}
decorate(EchoController.prototype, 'echo', MessagePattern('echo'));
Payload()(EchoController.prototype, 'echo', 0);
Reflect.defineMetadata('design:paramtypes', [EchoDto], EchoController.prototype, 'echo');
UseFilters(new MicroserviceExceptionFilter())(EchoController);
UseInterceptors(new LoggingInterceptor(), new TimeoutInterceptor())(EchoController);
Controller()(EchoController);

class AppModule {}
Module({ controllers: [EchoController] })(AppModule);

async function main() {
  const port = Number(process.argv[2] ?? 3000);
  const app = await NestFactory.createMicroservice(AppModule, {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port },
    logger: ['log', 'warn', 'error'],
  });
  app.useGlobalPipes(new ValidationPipe());
  await app.listen();
  console.log(`listening tcp 127.0.0.1:${port}`);
}
main();
