// NestJS's counterpart of examples/user_service: users and an outbox in TypeORM, relayed to the notification service.
//
//   node user_service.cjs      settings as in examples/user_service/env.example
const { Body, ConflictException, Controller, Get, Inject, Module, NotFoundException, Param, ParseUUIDPipe, Post,
  UseFilters, UseInterceptors } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { ClientsModule, EventPattern, MessagePattern, Payload, Transport } = require('@nestjs/microservices');
const { getDataSourceToken, getRepositoryToken, TypeOrmModule } = require('@nestjs/typeorm');
const argon2 = require('argon2');
const { randomUUID } = require('node:crypto');
const { lastValueFrom, timeout } = require('rxjs');
const { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn, QueryFailedError } = require('typeorm');
const { CreateUserDto, GetUserDto, LoggingInterceptor, MicroserviceExceptionFilter, NotificationSentEvent,
  TimeoutInterceptor, database, injectable, method, property, serve, settings, strict, validation } =
  require('./support.cjs');

class User {}
Entity('users')(User);
property(User, 'id', PrimaryColumn('uuid'));
property(User, 'firstName', Column('text', { name: 'first_name' }));
property(User, 'lastName', Column('text', { name: 'last_name' }));
property(User, 'email', Column('text', { unique: true }));
property(User, 'passwordHash', Column('text', { name: 'password_hash' }));
property(User, 'isActive', Column('boolean', { name: 'is_active' }));
property(User, 'createdAt', Column('timestamptz', { name: 'created_at' }));
property(User, 'updatedAt', Column('timestamptz', { name: 'updated_at' }));

class OutboxRecord {}
Entity('user_outbox')(OutboxRecord);
property(OutboxRecord, 'sequence', PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }));
property(OutboxRecord, 'eventId', Column('uuid', { name: 'event_id', unique: true }));
property(OutboxRecord, 'pattern', Column('text'));
property(OutboxRecord, 'payload', Column('text'));
property(OutboxRecord, 'messageKey', Column('text', { name: 'message_key', nullable: true }));
property(OutboxRecord, 'createdAt', Column('timestamptz', { name: 'created_at' }));

class CreateUsers1700000000001 {
  async up(runner) {
    await runner.query(`CREATE TABLE users (
      id uuid PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, email text NOT NULL UNIQUE,
      password_hash text NOT NULL, is_active boolean NOT NULL, created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL)`);
    await runner.query(`CREATE TABLE user_outbox (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id uuid NOT NULL UNIQUE, pattern text NOT NULL,
      payload text NOT NULL, message_key text, attempts integer NOT NULL DEFAULT 0, last_error text,
      created_at timestamptz NOT NULL, available_at timestamptz, claimed_by uuid, claimed_until timestamptz)`);
    await runner.query(`CREATE INDEX user_outbox_message_key ON user_outbox (message_key, sequence)
      WHERE message_key IS NOT NULL`);
  }
  async down(runner) {
    await runner.query('DROP TABLE user_outbox');
    await runner.query('DROP TABLE users');
  }
}

class PasswordHasher {
  hash(password) {
    return argon2.hash(password, {
      type: argon2.argon2id,
      memoryCost: Number(process.env.PASSWORD_HASH_KIB ?? 65536),
      timeCost: Number(process.env.PASSWORD_HASH_OPS ?? 2),
      parallelism: 1,
    });
  }
}
injectable(PasswordHasher, []);

/** Takes what is in the outbox to the notification service, until it is acknowledged. */
class UserEventsRelay {
  static inFlight = 32;

  constructor(source, notifications) {
    this.source = source;
    this.notifications = notifications;
    this.id = randomUUID();
    this.underWay = 0;
    this.acknowledged = [];
  }
  onApplicationBootstrap() {
    this.poll = setInterval(() => this.wake(), 500);
    this.wake();
  }
  beforeApplicationShutdown() {
    this.stopped = true;
    clearInterval(this.poll);
  }
  /** At once, or as soon as the round that is under way has ended. */
  wake() {
    this.again = true;
    if (!this.running && !this.stopped) this.running = this.run().finally(() => { this.running = undefined; });
  }
  async run() {
    while ((this.again || this.acknowledged.length) && !this.stopped) {
      this.again = false;
      const done = this.acknowledged;
      this.acknowledged = [];
      const room = UserEventsRelay.inFlight - this.underWay;
      try {
        const claimed = await this.settleAndClaim(done, room);
        if (claimed.length && claimed.length === room) this.again = true;
        this.underWay += claimed.length;
        for (const each of claimed) void this.publish(each);
      } catch {
        this.acknowledged.push(...done);
        return;  // until the next poll
      }
      if (this.underWay >= UserEventsRelay.inFlight && !this.acknowledged.length) return;  // the end of one wakes us up
    }
  }
  /** Both in one transaction: what was acknowledged goes, what is due is claimed for three seconds. */
  settleAndClaim(done, room) {
    return this.source.transaction(async (manager) => {
      if (done.length) await manager.query('DELETE FROM user_outbox WHERE sequence = ANY($1::bigint[])', [done]);
      if (!room) return [];
      const [rows] = await manager.query(
        `WITH due AS MATERIALIZED (SELECT o.sequence FROM user_outbox o
           WHERE (o.claimed_until IS NULL OR o.claimed_until < clock_timestamp())
           AND (o.available_at IS NULL OR o.available_at <= clock_timestamp())
           AND (o.message_key IS NULL OR NOT EXISTS (SELECT 1 FROM user_outbox e
             WHERE e.message_key = o.message_key AND e.sequence < o.sequence))
           ORDER BY o.sequence LIMIT $1 FOR UPDATE OF o SKIP LOCKED)
         UPDATE user_outbox SET claimed_by = $2, claimed_until = clock_timestamp() + interval '3 seconds'
         WHERE sequence IN (SELECT sequence FROM due) RETURNING sequence, pattern, payload`, [room, this.id]);
      return rows;
    });
  }
  async publish({ sequence, pattern, payload }) {
    try {
      // A handler that answers nothing completes without a value.
      await lastValueFrom(this.notifications.send(pattern, JSON.parse(payload)).pipe(timeout(5000)),
        { defaultValue: undefined });
      this.acknowledged.push(sequence);
    } catch {
      // its claim runs out, then it is tried again
    }
    this.underWay -= 1;
    this.wake();
  }
}
injectable(UserEventsRelay, [[Inject(getDataSourceToken())], [Inject('NOTIFICATION_SERVICE')]]);

const taken = (error) => error instanceof QueryFailedError && error.driverError?.code === '23505';

class UsersService {
  constructor(users, source, hasher, relay) {
    this.users = users;
    this.source = source;
    this.hasher = hasher;
    this.relay = relay;
  }
  async create({ firstName, lastName, email, password }) {
    const conflict = () => new ConflictException(`User with email ${email} already exists`);
    const normalized = email.toLowerCase();
    if (await this.users.countBy({ email: normalized }) > 0) throw conflict();
    const now = new Date();
    const user = { id: randomUUID(), firstName, lastName, email: normalized,
      passwordHash: await this.hasher.hash(password), isActive: true, createdAt: now, updatedAt: now };
    const eventId = randomUUID();
    const event = { eventId, userId: user.id, email: normalized, firstName, lastName, createdAt: now.toISOString() };
    try {
      await this.source.transaction(async (manager) => {
        await manager.insert(User, user);
        await manager.insert(OutboxRecord,
          { eventId, pattern: 'user.created', payload: JSON.stringify(event), createdAt: new Date() });
      });
    } catch (error) {
      throw taken(error) ? conflict() : error;
    }
    this.relay.wake();
    return this.toDto(user);
  }
  async find(id) {
    const user = await this.users.findOneBy({ id });
    if (!user) throw new NotFoundException(`User ${id} not found`);
    return this.toDto(user);
  }
  toDto({ passwordHash, ...rest }) {
    return rest;
  }
}
injectable(UsersService,
  [[Inject(getRepositoryToken(User))], [Inject(getDataSourceToken())], PasswordHasher, UserEventsRelay]);

class UsersController {
  constructor(users) {
    this.users = users;
  }
  create(dto) {
    return this.users.create(dto);
  }
  post(dto) {
    return this.users.create(dto);
  }
  get({ id }) {
    return this.users.find(id);
  }
  find(id) {
    return this.users.find(id);
  }
  onNotificationSent(_event) {}
}
injectable(UsersController, [UsersService], UseFilters(MicroserviceExceptionFilter),
  UseInterceptors(LoggingInterceptor, TimeoutInterceptor), Controller('users'));
method(UsersController, 'create', [MessagePattern('user.create')], [[CreateUserDto, Payload()]]);
method(UsersController, 'post', [Post()], [[CreateUserDto, Body()]]);
method(UsersController, 'get', [MessagePattern('user.get')], [[GetUserDto, Payload()]]);
method(UsersController, 'find', [Get(':id')], [[String, Param('id', new ParseUUIDPipe())]]);
method(UsersController, 'onNotificationSent', [EventPattern('notification.sent')], [[NotificationSentEvent, Payload()]]);

class UserModule {}
Module({
  imports: [
    database([User, OutboxRecord], [CreateUsers1700000000001]),
    TypeOrmModule.forFeature([User]),
    ClientsModule.register(
      [{ name: 'NOTIFICATION_SERVICE', transport: Transport.TCP, options: settings.notificationService }]),
  ],
  providers: [PasswordHasher, UserEventsRelay, UsersService],
  controllers: [UsersController],
})(UserModule);

serve(NestFactory, UserModule, validation(strict));
