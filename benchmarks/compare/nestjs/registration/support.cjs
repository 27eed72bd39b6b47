// What the three services of the twin share: the DTOs, the exception filter, the interceptors, settings from the
// environment (the same names as examples/), and how decorators are applied without a build step.
require('reflect-metadata');
const { Catch, HttpException, Injectable, Logger, ValidationPipe } = require('@nestjs/common');
const { RpcException, Transport } = require('@nestjs/microservices');
const { TypeOrmModule } = require('@nestjs/typeorm');
const { IsEmail, IsIn, IsISO8601, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength, MinLength } =
  require('class-validator');
const { catchError, tap, throwError, timeout, TimeoutError } = require('rxjs');

/** Decorators of a property, from top to bottom; they are applied from bottom to top, as TypeScript does it. */
const property = (type, name, ...decorators) => {
  for (const each of decorators.reverse()) each(type.prototype, name);
};

/** `@decorators… method(@decorators… parameter, …)`; parameters: [[class, ...decorators], …]. */
const method = (type, name, decorators, parameters = []) => {
  const descriptor = Object.getOwnPropertyDescriptor(type.prototype, name);
  Reflect.defineMetadata('design:paramtypes', parameters.map(([kind]) => kind), type.prototype, name);
  parameters.forEach(([, ...own], index) => own.forEach((each) => each(type.prototype, name, index)));
  for (const each of decorators.reverse()) each(type.prototype, name, descriptor);
};

/** `@decorators… class { constructor(private a: A, @Inject(token) private b, …) }` */
const injectable = (type, parameters, ...decorators) => {
  Reflect.defineMetadata('design:paramtypes', parameters.map((each) => (Array.isArray(each) ? Object : each)), type);
  parameters.forEach((each, index) => Array.isArray(each) && each[0](type, undefined, index));
  for (const each of decorators.length ? decorators.reverse() : [Injectable()]) each(type);
};

class CreateUserDto {}
for (const name of ['firstName', 'lastName']) property(CreateUserDto, name, IsString(), IsNotEmpty(), MaxLength(100));
property(CreateUserDto, 'email', IsEmail());
property(CreateUserDto, 'password', IsString(), MinLength(8), MaxLength(128));

class GetUserDto {}
property(GetUserDto, 'id', IsUUID());

class SendNotificationDto {}
property(SendNotificationDto, 'userId', IsUUID());
property(SendNotificationDto, 'type', IsIn(['email', 'sms', 'push']));
for (const name of ['recipient', 'subject', 'content']) property(SendNotificationDto, name, IsString(), IsNotEmpty());

class NotificationStatusDto {}
property(NotificationStatusDto, 'id', IsOptional(), IsUUID());
property(NotificationStatusDto, 'userId', IsOptional(), IsUUID());

class UserCreatedEvent {}
property(UserCreatedEvent, 'eventId', IsOptional(), IsString());
property(UserCreatedEvent, 'userId', IsUUID());
property(UserCreatedEvent, 'email', IsString(), IsNotEmpty());
property(UserCreatedEvent, 'firstName', IsString());
property(UserCreatedEvent, 'lastName', IsString());
property(UserCreatedEvent, 'createdAt', IsISO8601());

class NotificationSentEvent {}
property(NotificationSentEvent, 'eventId', IsString());
property(NotificationSentEvent, 'notificationId', IsUUID());
property(NotificationSentEvent, 'userId', IsUUID());
property(NotificationSentEvent, 'type', IsIn(['email', 'sms', 'push']));
property(NotificationSentEvent, 'sentAt', IsISO8601());

/** Callers over TCP get as `err` what callers over HTTP get as body. */
class MicroserviceExceptionFilter {
  constructor() {
    this.logger = new Logger('MicroserviceExceptionFilter');
  }
  catch(exception, host) {
    if (host.getType() === 'http') {
      const known = exception instanceof HttpException;
      if (!known) this.logger.error(exception);
      const status = known ? exception.getStatus() : 500;
      const body = known ? exception.getResponse() : { statusCode: 500, message: 'Internal server error' };
      host.switchToHttp().getResponse().status(status).json(body);
      return undefined;
    }
    if (exception instanceof HttpException) return throwError(() => exception.getResponse());
    if (exception instanceof RpcException) return throwError(() => exception.getError());
    this.logger.error(exception);
    return throwError(() => ({ status: 'error', message: 'Internal server error' }));
  }
}
Catch()(MicroserviceExceptionFilter);

class LoggingInterceptor {
  constructor() {
    this.logger = new Logger('LoggingInterceptor');
  }
  intercept(context, next) {
    const began = process.hrtime.bigint();
    const took = () => `${context.getHandler().name} in ${Number(process.hrtime.bigint() - began) / 1e6} ms`;
    return next.handle().pipe(tap({
      next: () => Logger.isLevelEnabled('debug') && this.logger.debug(took()),
      error: (error) => Logger.isLevelEnabled('warn') && this.logger.warn(`${took()}: ${error.message}`),
    }));
  }
}
injectable(LoggingInterceptor, []);

class TimeoutInterceptor {
  intercept(_context, next) {
    return next.handle().pipe(
      timeout(Number(process.env.REQUEST_TIMEOUT_MS ?? 10000)),
      catchError((error) => throwError(() => (error instanceof TimeoutError
        ? new HttpException({ message: 'Request Timeout', error: 'Request Timeout', statusCode: 408 }, 408) : error))),
    );
  }
}
injectable(TimeoutInterceptor, []);

const strict = { whitelist: true, forbidNonWhitelisted: true };
const validation = (options = {}) => new ValidationPipe({ transform: true, ...options });

const env = process.env;
const host = env.HOST ?? '127.0.0.1';
const settings = {
  host,
  httpPort: Number(env.HTTP_PORT),
  tcp: { transport: Transport.TCP, options: { host, port: Number(env.TCP_PORT) } },
  userService: { host: env.USER_SERVICE_HOST ?? host, port: Number(env.USER_SERVICE_PORT ?? 4001) },
  notificationService: { host: env.NOTIFICATION_SERVICE_HOST ?? host, port: Number(env.NOTIFICATION_SERVICE_PORT ?? 4003) },
  logger: ['warn', 'error', 'fatal'],
};

/** TypeORM with pg, and the tables made by a migration at the start. */
const database = (entities, migrations) => TypeOrmModule.forRoot({
  type: 'postgres',
  host: env.DB_HOST,
  port: Number(env.DB_PORT ?? 5432),
  username: env.DB_USERNAME ?? 'postgres',
  password: env.DB_PASSWORD,
  database: env.DB_NAME ?? 'microservices_db',
  poolSize: Number(env.DB_POOL_SIZE ?? 10),
  entities,
  migrations,
  migrationsRun: true,
  migrationsTableName: `${entities[0].name.toLowerCase()}_migrations`,
});

/** An application with HTTP and, where the service has a TCP port, its microservice. */
async function serve(NestFactory, module, pipe) {
  const app = await NestFactory.create(module, { logger: settings.logger });
  app.useGlobalPipes(pipe);
  app.enableShutdownHooks();
  if (env.TCP_PORT) {
    app.connectMicroservice(settings.tcp, { inheritAppConfig: true });
    await app.startAllMicroservices();
    console.log(`listening tcp ${host}:${env.TCP_PORT}`);
  }
  await app.listen(settings.httpPort, host);
  console.log(`listening http ${host}:${settings.httpPort}`);
}

module.exports = {
  CreateUserDto, GetUserDto, LoggingInterceptor, MicroserviceExceptionFilter, NotificationSentEvent,
  NotificationStatusDto, SendNotificationDto, TimeoutInterceptor, UserCreatedEvent,
  database, injectable, method, property, serve, settings, strict, validation,
};
