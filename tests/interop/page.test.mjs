// The gateway's page in headless Chromium, against the three services. NESTCPP_SCREENSHOTS names a folder for pictures.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort, start } from './support/services.mjs';

const require = createRequire(join(dirname(fileURLToPath(import.meta.url)), 'browser', 'package.json'));
const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const skip = program ? false : 'skipped: there is no Chromium (Debian: apt-get install chromium)';
if (skip) console.log(skip);

const wide = { width: 1440, height: 900 };
const person = (more = {}) => ({
  firstName: 'Ada', lastName: 'Lovelace', email: `${randomUUID()}@example.com`, password: 'analytical engine', ...more });

describe('the gateway’s page', { skip }, () => {
  const profile = mkdtempSync(join(tmpdir(), 'nestcpp-page-'));
  const ports = {};
  const services = {};
  let browser;
  let url;

  const startOf = async (name) => {
    const env = {
      HTTP_PORT: ports[name].http, PASSWORD_HASH_KIB: 8, PASSWORD_HASH_OPS: 1, LOG_LEVEL: 'warn', DB_PATH: join(profile, `${name}.sqlite3`),
      USER_SERVICE_PORT: ports.user_service.tcp, NOTIFICATION_SERVICE_PORT: ports.notification_service.tcp, TCP_PORT: ports[name].tcp,
    };
    services[name] = await start(name, {
      env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)])), listeners: name === 'gateway' ? 1 : 2,
    });
  };

  before(async () => {
    for (const name of ['user_service', 'notification_service', 'gateway']) ports[name] = { http: await freePort(), tcp: await freePort() };
    for (const name of Object.keys(ports)) await startOf(name);
    url = `http://127.0.0.1:${ports.gateway.http}/`;
    browser = await require('playwright-core').chromium.launch({
      executablePath: program,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync'],
    });
  });
  after(async () => {
    await browser?.close();
    await Promise.all(Object.values(services).map((each) => each.stop()));
    rmSync(profile, { recursive: true, force: true });
  });

  /** Opens the page; `problems` collects errors of scripts and requests to other hosts. */
  async function open(options = {}) {
    const context = await browser.newContext({ viewport: wide, ...options });
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
    page.on('console', (line) => { if (line.type() === 'error' && !/status of 4|status of 5/.test(line.text())) problems.push(line.text()); });
    page.on('request', (request) => { if (!request.url().startsWith(url) && !request.url().startsWith('data:')) problems.push(`asks ${request.url()}`); });
    await page.goto(url);
    return { page, problems, close: () => context.close() };
  }
  async function fill(page, dto) {
    for (const [name, value] of Object.entries(dto)) await page.fill(`[name=${name}]`, value);
  }
  const step = (page, name, state) => page.waitForSelector(`#flow [data-step=${name}][data-state=${state}]`, { timeout: 15_000 });

  test('registers a user and shows each step with its time', async () => {
    const { page, problems, close } = await open();
    await fill(page, person({ firstName: '<b>Ada</b>' }));
    await page.click('button');
    for (const name of ['sent', 'stored', 'relayed', 'welcomed']) await step(page, name, 'done');
    assert.match(await page.textContent('[data-step=stored] time'), /\d\d:\d\d:\d\d\.\d{3}\s*\+\d+ ms/);
    assert.equal(await page.textContent('#subject'), 'Welcome, <b>Ada</b>!');
    assert.equal(await page.locator('#subject b').count(), 0);
    assert.equal(await page.inputValue('[name=password]'), '');
    await page.waitForFunction(() => document.querySelectorAll('#services [data-state=up]').length === 3);
    await page.waitForFunction(() => document.querySelector('[data-rate=requests] dd').textContent !== '–/s');
    assert.deepEqual(problems, []);
    await close();
  });

  test('shows at each field what is wrong with it, and what the service says', async () => {
    const { page, problems, close } = await open();
    await fill(page, person({ firstName: '', password: 'short' }));
    await page.click('button');
    await page.waitForSelector('[name=firstName][aria-invalid=true]');
    assert.match(await page.textContent('label:has([name=password]) .field-problem'), /must be longer than or equal to 8 characters/);
    assert.equal(await page.locator('[name=email][aria-invalid=true]').count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.name), 'firstName');

    const dto = person();
    for (let i = 0; i < 2; ++i) {
      await fill(page, dto);
      await page.click('button');
      await (i === 0 ? step(page, 'welcomed', 'done') : step(page, 'stored', 'failed'));
    }
    assert.match(await page.textContent('#problem'), /already exists/);
    assert.deepEqual(problems, []);
    await close();
  });

  test('may be used by keyboard alone', async () => {
    const { page, close } = await open();
    await page.focus('[name=firstName]');
    const dto = person();
    for (const value of Object.values(dto)) {
      await page.keyboard.type(value);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await step(page, 'welcomed', 'done');
    await close();
  });

  test('shows a service that is down, and the welcome that follows', async () => {
    const { page, close } = await open();
    await services.notification_service.stop();
    await page.waitForSelector('[data-service=notification-service][data-state=down]');
    await fill(page, person());
    await page.click('button');
    await step(page, 'stored', 'done');
    await step(page, 'relayed', 'waiting');
    await startOf('notification_service');
    await step(page, 'welcomed', 'done');
    await page.waitForSelector('[data-service=notification-service][data-state=up]');
    await close();
  });

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 768, 1440]) {
      test(`fits ${width} pixels in the ${colorScheme}`, async () => {
        const { page, problems, close } = await open({ colorScheme, viewport: { width, height: 900 } });
        await fill(page, person());
        await page.click('button');
        await step(page, 'welcomed', 'done');
        await page.waitForTimeout(1500);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'it is too wide');
        const folder = process.env.NESTCPP_SCREENSHOTS;
        if (folder) await page.screenshot({ path: join(folder, `page-${colorScheme}-${width}.png`), fullPage: true });
        assert.deepEqual(problems, []);
        await close();
      });
    }
  }
});
