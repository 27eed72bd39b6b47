// Welcomes leave by SMTP: against the npm package smtp-server, read by mailparser.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { freePort, start } from './support/services.mjs';

const user = '0192d3a0-1111-7222-8333-123456789abc';
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

describe('notifications by SMTP', () => {
  const mails = [];
  let refuse = () => null;  // an error for an address, or null
  let server, service, http, smtpPort;

  const listen = async () => {
    server = new SMTPServer({
      disabledCommands: ['STARTTLS'], closeTimeout: 100,
      onAuth: (auth, session, done) => (auth.username === 'me' && auth.password === 'secret'
        ? done(null, { user: 'me' }) : done(Object.assign(new Error('no'), { responseCode: 535 }))),
      onRcptTo: (address, session, done) => done(refuse(address.address)),
      onData: (stream, session, done) => simpleParser(stream).then((mail) => {
        mails.push({ mail, session: session.id, to: session.envelope.rcptTo.map((each) => each.address), from: session.envelope.mailFrom.address });
        done();
      }, done),
      allowInsecureAuth: true,
    });
    server.listen(smtpPort, '127.0.0.1');
    await once(server.server, 'listening');
  };
  const close = () => new Promise((resolve) => server.close(resolve));
  const send = async (more = {}) => {
    const response = await fetch(`http://127.0.0.1:${http}/notifications`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ userId: user, type: 'email', recipient: 'ada@example.com', subject: 'Hello', content: 'Hi', ...more }),
    });
    assert.equal(response.status, 201);
    return response.json();
  };
  const find = async (id) => (await fetch(`http://127.0.0.1:${http}/notifications/${id}`)).json();
  const status = async (id, wanted) => {
    for (let i = 0; i < 400; ++i) {
      const found = await find(id);
      if (found.status === wanted) return found;
      await sleep(25);
    }
    assert.fail(`${id} is not ${wanted} but ${(await find(id)).status}`);
  };
  const of = (id) => mails.filter((each) => each.mail.messageId.includes(id));

  before(async () => {
    smtpPort = await freePort();
    http = await freePort();
    await listen();
    service = await start('notification_service', {
      listeners: 2,
      env: {
        HTTP_PORT: String(http), TCP_PORT: String(await freePort()), LOG_LEVEL: 'error', MAIL_TRANSPORT: 'smtp', MAIL_SMTP_PORT: String(smtpPort),
        MAIL_FROM: 'welcome@example.org', MAIL_MAX_ATTEMPTS: '3', MAIL_SMTP_USERNAME: 'me', MAIL_SMTP_PASSWORD: 'secret',
      },
    });
  });
  after(async () => {
    await service.stop();
    await close();
  });

  test('arrive as they were meant', async () => {
    const subject = 'Zoë 😀 "quoted" and rather a long subject, so that it has to be folded somewhere';
    const content = 'Grüße,\n.\n..dots\nFrom here 😀\n' + 'x'.repeat(2000);
    const told = await send({ subject, content });
    const found = await status(told.id, 'sent');
    assert.match(found.sentAt, /^\d{4}-/);
    const [{ mail, to, from }] = of(told.id);
    assert.equal(mail.subject, subject);
    assert.equal(mail.text.trimEnd(), content);
    assert.deepEqual(to, ['ada@example.com']);
    assert.equal(from, 'welcome@example.org');
    assert.equal(mail.from.value[0].address, 'welcome@example.org');
    assert.ok(Math.abs(mail.date - new Date(told.createdAt)) < 1000);
  });

  test('use their connections again', async () => {
    for (let i = 0; i < 10; ++i) await status((await send()).id, 'sent');
    assert.ok(new Set(mails.map((each) => each.session)).size < 5, 'a connection for each mail');
  });

  test('that are refused for good have failed', async () => {
    refuse = (address) => (address === 'nobody@example.com' ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null);
    await status((await send({ recipient: 'nobody@example.com' })).id, 'failed');
    await status((await send({ recipient: 'no address' })).id, 'failed');
    await status((await send({ type: 'sms', recipient: '+49 30 1' })).id, 'failed');
    await status((await send()).id, 'sent');
  });

  test('that are refused for now are tried again', async () => {
    let times = 0;
    refuse = (address) => (address === 'busy@example.com' && ++times < 2 ? Object.assign(new Error('later'), { responseCode: 451 }) : null);
    const told = await send({ recipient: 'busy@example.com' });
    await status(told.id, 'sent');
    assert.equal(of(told.id).length, 1);
  });

  test('wait for a server that is away', async () => {
    await close();
    const told = await send();
    assert.equal(told.status, 'pending');
    assert.equal((await find(told.id)).sentAt, null);
    await listen();
    await status(told.id, 'sent');
    assert.equal(of(told.id).length, 1);
  });

  test('are given up after MAIL_MAX_ATTEMPTS', async () => {
    refuse = (address) => (address === 'never@example.com' ? Object.assign(new Error('later'), { responseCode: 451 }) : null);
    const told = await send({ recipient: 'never@example.com' });
    await status(told.id, 'failed');
  });
});
