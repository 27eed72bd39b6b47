// NestJS's counterpart of benchmarks/echo/echo_server.cpp: the same DTOs and rules, an exception filter, a logging and a
// timeout interceptor, and `echo.plain` with nothing around it. Plain JavaScript, so that no build step is needed:
// decorators are applied by hand.
//
//   node echo.cjs FOLDER PORT      FOLDER (11, 12): where NestJS is installed
const { createRequire } = require('node:module');
const { resolve } = require('node:path');

const [folder, port] = process.argv.slice(2);
const load = createRequire(resolve(folder, 'package.json'));
load('reflect-metadata');
const { Catch, Controller, Logger, Module, UseFilters, UseInterceptors, ValidationPipe } = load('@nestjs/common');
const { NestFactory } = load('@nestjs/core');
const { MessagePattern, Payload, RpcException, Transport } = load('@nestjs/microservices');
const { IsEmail, IsNotEmpty, IsString, MaxLength, MinLength } = load('class-validator');
const { catchError, tap, throwError, timeout } = load('rxjs');

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

class TextDto {}
decorate(TextDto.prototype, 'text', IsString(), IsNotEmpty());

class EchoController {
  echo(dto) {
    return dto;
  }
  text(dto) {
    return dto;
  }
}
UseFilters(new MicroserviceExceptionFilter())(EchoController);
UseInterceptors(new LoggingInterceptor(), new TimeoutInterceptor())(EchoController);
Controller()(EchoController);

class PlainController {
  echo(data) {
    return data;
  }
}
Controller()(PlainController);

const handle = (controller, method, pattern, type) => {
  decorate(controller.prototype, method, MessagePattern(pattern));
  Payload()(controller.prototype, method, 0);
  Reflect.defineMetadata('design:paramtypes', [type], controller.prototype, method);
};
handle(EchoController, 'echo', 'echo', EchoDto);
handle(EchoController, 'text', 'echo.text', TextDto);
handle(PlainController, 'echo', 'echo.plain', Object);

class AppModule {}
Module({ controllers: [EchoController, PlainController] })(AppModule);

async function main() {
  const app = await NestFactory.createMicroservice(AppModule, {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: Number(port) },
    logger: ['log', 'warn', 'error'],
  });
  app.useGlobalPipes(new ValidationPipe());
  await app.listen();
  console.log(`listening tcp 127.0.0.1:${port}`);
}
main();
