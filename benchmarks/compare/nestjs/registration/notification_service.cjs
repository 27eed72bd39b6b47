// NestJS's counterpart of examples/notification_service: a welcome for each `user.created`, once, through an inbox; mails
// are written as files, eight at a time, and what became of them is recorded for all that have ended meanwhile.
//
//   node notification_service.cjs      settings as in examples/notification_service/env.example
const { BadRequestException, Body, Controller, Get, Inject, Module, NotFoundException, Param, ParseUUIDPipe, Post, Query,
  UseFilters, UseInterceptors } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { ClientsModule, EventPattern, MessagePattern, Payload, Transport } = require('@nestjs/microservices');
const { getDataSourceToken, getRepositoryToken, TypeOrmModule } = require('@nestjs/typeorm');
const { randomUUID } = require('node:crypto');
const { mkdirSync } = require('node:fs');
const { open, rename } = require('node:fs/promises');
const { join } = require('node:path');
const { Column, Entity, PrimaryColumn } = require('typeorm');
const { LoggingInterceptor, MicroserviceExceptionFilter, NotificationStatusDto, SendNotificationDto, TimeoutInterceptor,
  UserCreatedEvent, database, injectable, method, property, serve, settings, validation } = require('./support.cjs');

class Notification {}
Entity('notifications')(Notification);
property(Notification, 'id', PrimaryColumn('uuid'));
property(Notification, 'userId', Column('uuid', { name: 'user_id' }));
for (const name of ['type', 'recipient', 'subject', 'content', 'status']) property(Notification, name, Column('text'));
property(Notification, 'sentAt', Column('timestamptz', { name: 'sent_at', nullable: true }));
property(Notification, 'createdAt', Column('timestamptz', { name: 'created_at' }));
property(Notification, 'attempts', Column('integer', { default: 0, select: false }));
property(Notification, 'lastError', Column('text', { name: 'last_error', nullable: true, select: false }));
property(Notification, 'nextAttemptAt',
  Column('timestamptz', { name: 'next_attempt_at', nullable: true, select: false }));

class InboxKey {}
Entity('notification_inbox')(InboxKey);
property(InboxKey, 'messageKey', PrimaryColumn('text', { name: 'message_key' }));
property(InboxKey, 'receivedAt', Column('timestamptz', { name: 'received_at' }));

class CreateNotifications1700000000001 {
  async up(runner) {
    await runner.query(`CREATE TABLE notifications (
      id uuid PRIMARY KEY, user_id uuid NOT NULL, type text NOT NULL, recipient text NOT NULL, subject text NOT NULL,
      content text NOT NULL, status text NOT NULL, sent_at timestamptz, created_at timestamptz NOT NULL,
      attempts integer NOT NULL DEFAULT 0, last_error text, next_attempt_at timestamptz)`);
    await runner.query('CREATE INDEX notifications_newest ON notifications (created_at, id)');
    await runner.query('CREATE INDEX notifications_newest_of_user ON notifications (user_id, created_at, id)');
    await runner.query(`CREATE INDEX notifications_pending ON notifications (created_at, id) WHERE status = 'pending'`);
    await runner.query('CREATE TABLE notification_inbox (message_key text PRIMARY KEY, received_at timestamptz NOT NULL)');
    await runner.query('CREATE INDEX notification_inbox_received_at ON notification_inbox (received_at)');
  }
  async down(runner) {
    await runner.query('DROP TABLE notification_inbox');
    await runner.query('DROP TABLE notifications');
  }
}

/** One file for each notification, `<id>.eml`, whole and on the disk. */
class FileSender {
  constructor() {
    this.folder = process.env.MAIL_FOLDER ?? 'data/mails';
    this.from = process.env.MAIL_FROM ?? 'welcome@localhost';
    mkdirSync(this.folder, { recursive: true });
  }
  async send({ id, recipient, subject, content, createdAt }) {
    const text = [
      `Date: ${createdAt.toUTCString()}`, `From: <${this.from}>`, `To: <${recipient}>`, `Subject: ${subject}`,
      `Message-ID: <${id}@${this.from.split('@')[1]}>`, 'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64', '',
      Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n'), '',
    ].join('\r\n');
    const path = join(this.folder, `${id}.eml`);
    const file = await open(`${path}.part`, 'w', 0o640);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
  }
}
injectable(FileSender, []);

/** Sends what is stored as pending, and takes up at the start what was left behind. */
class DeliveryQueue {
  constructor(source, sender, users) {
    this.source = source;
    this.sender = sender;
    this.users = users;
    this.most = Number(process.env.MAIL_CONCURRENCY ?? 8);
    this.waiting = [];
    this.sent = [];
    this.sending = 0;
  }
  async onApplicationBootstrap() {
    const left = await this.source.getRepository(Notification).find(
      { where: { status: 'pending' }, order: { createdAt: 'ASC', id: 'ASC' }, take: 1000 });
    left.forEach((each) => this.add(each));
  }
  add(notification) {
    return new Promise((settled) => {
      this.waiting.push({ notification, settled });
      this.startSome();
    });
  }
  startSome() {
    while (this.waiting.length && this.sending < this.most) {
      this.sending += 1;
      void this.send(this.waiting.shift());
    }
  }
  async send(entry) {
    try {
      await this.sender.send(entry.notification);
      entry.sentAt = new Date();
      this.sent.push(entry);
      if (!this.recording) this.recording = this.record().finally(() => { this.recording = undefined; });
    } catch {
      setTimeout(() => this.waiting.push(entry) && this.startSome(), 1000);
    }
    this.sending -= 1;
    this.startSome();
  }
  /** All that have been sent meanwhile in one transaction. */
  async record() {
    while (this.sent.length) {
      const now = this.sent;
      this.sent = [];
      try {
        await this.source.transaction(async (manager) => {
          for (const { notification: { id }, sentAt } of now) {
            await manager.update(Notification, { id, status: 'pending' },
              { status: 'sent', sentAt, attempts: 1, lastError: null, nextAttemptAt: null });
          }
        });
      } catch {
        this.sent.unshift(...now);
        await new Promise((resolve) => setTimeout(resolve, 100));
        continue;
      }
      for (const { notification, sentAt, settled } of now) {
        Object.assign(notification, { status: 'sent', sentAt });
        settled(notification);
        const { id: notificationId, userId, type } = notification;
        this.users.emit('notification.sent', { eventId: randomUUID(), notificationId, userId, type, sentAt })
          .subscribe({ error: () => {} });
      }
    }
  }
}
injectable(DeliveryQueue, [[Inject(getDataSourceToken())], FileSender, [Inject('USER_SERVICE')]]);

const newestFirst = { createdAt: 'DESC', id: 'DESC' };
const created = (fields) => ({ id: randomUUID(), ...fields, status: 'pending', sentAt: null, createdAt: new Date() });
const orNotFound = (found) => {
  if (!found) throw new NotFoundException('Notification not found');
  return found;
};

class NotificationsService {
  constructor(notifications, source, deliveries) {
    this.notifications = notifications;
    this.source = source;
    this.deliveries = deliveries;
  }
  async send({ userId, type, recipient, subject, content }) {
    const notification = created({ userId, type, recipient, subject, content });
    await this.notifications.insert(notification);
    const patience = new Promise((resolve) => setTimeout(resolve, 500, notification));
    return Promise.race([this.deliveries.add(notification), patience]);
  }
  /** One welcome per event, however often it arrives. */
  async welcomeUser({ eventId, userId, email, firstName, lastName }) {
    const notification = created({ userId, type: 'email', recipient: email, subject: `Welcome, ${firstName}!`,
      content: `Hi ${firstName} ${lastName}, your account is ready.` });
    const firstTime = await this.source.transaction(async (manager) => {
      const stored = await manager.createQueryBuilder().insert().into(InboxKey)
        .values({ messageKey: eventId ?? `user.created:${userId}`, receivedAt: new Date() })
        .orIgnore().returning('message_key').execute();
      if (!stored.raw.length) return false;
      await manager.insert(Notification, notification);
      return true;
    });
    if (firstTime) void this.deliveries.add(notification);
  }
  async find(id) {
    return orNotFound(await this.notifications.findOneBy({ id }));
  }
  async newestOf(userId) {
    return orNotFound(await this.notifications.findOne({ where: { userId }, order: newestFirst }));
  }
  newest(userId) {
    return this.notifications.find({ where: userId ? { userId } : {}, order: newestFirst, take: 100 });
  }
}
injectable(NotificationsService,
  [[Inject(getRepositoryToken(Notification))], [Inject(getDataSourceToken())], DeliveryQueue]);

class NotificationsController {
  constructor(notifications) {
    this.notifications = notifications;
  }
  send(dto) {
    return this.notifications.send(dto);
  }
  post(dto) {
    return this.notifications.send(dto);
  }
  status({ id, userId }) {
    if (id) return this.notifications.find(id);
    if (userId) return this.notifications.newestOf(userId);
    throw new BadRequestException(['id or userId should be given']);
  }
  find(id) {
    return this.notifications.find(id);
  }
  list(userId) {
    return this.notifications.newest(userId);
  }
  onUserCreated(event) {
    return this.notifications.welcomeUser(event);
  }
}
injectable(NotificationsController, [NotificationsService], UseFilters(MicroserviceExceptionFilter),
  UseInterceptors(LoggingInterceptor, TimeoutInterceptor), Controller('notifications'));
method(NotificationsController, 'send', [MessagePattern('notification.send')], [[SendNotificationDto, Payload()]]);
method(NotificationsController, 'post', [Post()], [[SendNotificationDto, Body()]]);
method(NotificationsController, 'status', [MessagePattern('notification.status')], [[NotificationStatusDto, Payload()]]);
method(NotificationsController, 'find', [Get(':id')], [[String, Param('id', new ParseUUIDPipe())]]);
method(NotificationsController, 'list', [Get()], [[String, Query('userId', new ParseUUIDPipe({ optional: true }))]]);
method(NotificationsController, 'onUserCreated', [EventPattern('user.created')], [[UserCreatedEvent, Payload()]]);

class NotificationModule {}
Module({
  imports: [
    database([Notification, InboxKey], [CreateNotifications1700000000001]),
    TypeOrmModule.forFeature([Notification]),
    ClientsModule.register([{ name: 'USER_SERVICE', transport: Transport.TCP, options: settings.userService }]),
  ],
  providers: [FileSender, DeliveryQueue, NotificationsService],
  controllers: [NotificationsController],
})(NotificationModule);

serve(NestFactory, NotificationModule, validation());
