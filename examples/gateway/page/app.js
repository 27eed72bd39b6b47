'use strict';
// Everything is text: what comes from the service is never taken for markup.
const form = document.getElementById('form');
const problem = document.getElementById('problem');
const fields = ['firstName', 'lastName', 'email', 'password'];
const steps = new Map([...document.querySelectorAll('#flow li')].map((each) => [each.dataset.step, each]));
const subjectText = document.getElementById('subject').textContent;

function setStep(name, state, text = '') {
  const step = steps.get(name);
  step.dataset.state = state;
  step.querySelector('time').textContent = text;
}

const clockTime = (date) => date.toLocaleTimeString('en-GB', { hour12: false }) + '.' + String(date.getMilliseconds()).padStart(3, '0');
const since = (from, to) => `${clockTime(to)}\n+${Math.max(0, to - from)} ms`;

function showProblem(text) {
  problem.hidden = text === '';
  problem.textContent = text;
}

// "firstName should not be empty" belongs to the field it begins with; what is left is told below the form.
function showFieldProblems(messages) {
  const rest = [];
  clearFieldProblems();
  for (const message of messages) {
    const field = fields.find((each) => message.startsWith(each));
    if (!field) {
      rest.push(message);
      continue;
    }
    const input = form.elements[field];
    input.setAttribute('aria-invalid', 'true');
    const note = document.createElement('span');
    note.className = 'field-problem';
    note.textContent = message.slice(field.length).trim();
    input.closest('label').append(note);
  }
  showProblem(rest.join('. '));
  form.querySelector('[aria-invalid="true"]')?.focus();
}

function clearFieldProblems() {
  for (const note of form.querySelectorAll('.field-problem')) note.remove();
  for (const field of fields) form.elements[field].removeAttribute('aria-invalid');
}

function resetFlow() {
  for (const name of steps.keys()) setStep(name, '');
  document.getElementById('subject').textContent = subjectText;
}

// True: nothing more will come.
function showNotification(began, notification) {
  if (!notification.createdAt) return false;
  setStep('relayed', 'done', since(began, new Date(notification.createdAt)));
  document.getElementById('subject').textContent = notification.subject;
  if (notification.status === 'sent') {
    setStep('welcomed', 'done', since(began, new Date(notification.sentAt)));
    return true;
  }
  setStep('welcomed', notification.status === 'failed' ? 'failed' : 'waiting', notification.status);
  return notification.status === 'failed';
}

let flows = 0;

// The welcome follows, if not at once: ask until it is there.
async function follow(began, userId, current) {
  for (let pause = 200; current === flows; pause = Math.min(pause * 1.5, 3000)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const answer = await fetch(`/registration/${userId}/notification`).catch(() => null);
    if (current !== flows) return;
    if (answer?.ok && showNotification(began, await answer.json())) return;
  }
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  const dto = Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
  const current = ++flows;
  clearFieldProblems();
  showProblem('');
  resetFlow();
  button.disabled = true;
  const began = new Date();
  setStep('sent', 'done', clockTime(began));
  setStep('stored', 'waiting');
  try {
    const answer = await fetch('/registration', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(dto),
    });
    const body = await answer.json();
    if (!answer.ok) {
      setStep('stored', 'failed', String(answer.status));
      if (Array.isArray(body.message)) showFieldProblems(body.message);
      else showProblem(body.message);
      return;
    }
    form.reset();
    setStep('stored', 'done', since(began, new Date(body.data.user.createdAt)));
    setStep('relayed', 'waiting', 'follows');
    if (!showNotification(began, body.data.notification)) follow(began, body.data.user.id, current);
  } catch {
    setStep('stored', 'failed', 'no answer');
    showProblem('The gateway does not answer.');
  } finally {
    button.disabled = false;
  }
});

// ---- health every two seconds, rates every second

function setService(name, state, text) {
  const service = document.querySelector(`#services [data-service="${name}"]`);
  service.dataset.state = state;
  service.querySelector('small').textContent = text;
}

async function lookAtHealth() {
  const began = performance.now();
  try {
    const { details } = await (await fetch('/health')).json();
    setService('gateway', 'up', `${Math.round(performance.now() - began)} ms`);
    for (const name of ['user-service', 'notification-service']) {
      const state = details[name]?.status === 'up' ? 'up' : 'down';
      setService(name, state, state);
    }
  } catch {
    setService('gateway', 'down', 'down');
    for (const name of ['user-service', 'notification-service']) setService(name, '', 'unknown');
  }
}

function parseMetrics(text) {
  const sums = { requests: 0, registrations: 0, seconds: 0, count: 0, flight: 0 };
  for (const line of text.split('\n')) {
    const value = Number(line.slice(line.lastIndexOf(' ') + 1));
    const own = /route="\/(metrics|health[^"]*|page[^"]*|)"/.test(line); // what this page asks for does not count
    if (line.startsWith('http_server_requests_total{') && !own) {
      sums.requests += value;
      if (line.includes('route="/registration"') && line.includes('status="201"')) sums.registrations += value;
    }
    if (line.startsWith('http_server_request_duration_seconds_sum{') && !own) sums.seconds += value;
    if (line.startsWith('http_server_request_duration_seconds_count{') && !own) sums.count += value;
    if (line.startsWith('http_server_requests_in_flight ')) sums.flight = Math.max(0, value - 1);
  }
  return sums;
}

const shown = 60;
const past = Object.fromEntries(['requests', 'registrations', 'latency', 'flight'].map((name) => [name, new Array(shown).fill(0)]));
let former;

function showRate(name, value, digits) {
  const box = document.querySelector(`[data-rate="${name}"]`);
  box.querySelector('dd').firstChild.data = value.toFixed(digits);
  const values = past[name];
  values.push(value);
  if (values.length > shown) values.shift();
  const most = Math.max(...values, 1e-9);
  const points = values.map((each, i) => `${(120 * (i + shown - values.length)) / (shown - 1)},${30 - (28 * each) / most}`);
  box.querySelector('polyline').setAttribute('points', points.join(' '));
}

async function lookAtRates() {
  try {
    const now = { at: performance.now(), ...parseMetrics(await (await fetch('/metrics')).text()) };
    if (former) {
      const seconds = (now.at - former.at) / 1000;
      const answered = now.count - former.count;
      showRate('requests', Math.max(0, now.requests - former.requests) / seconds, 1);
      showRate('registrations', Math.max(0, now.registrations - former.registrations) / seconds, 1);
      showRate('latency', answered > 0 ? (1000 * (now.seconds - former.seconds)) / answered : 0, 1);
      showRate('flight', now.flight, 0);
    }
    former = now;
  } catch {
    former = undefined;
  }
}

async function repeat(work, pause) {
  for (;;) {
    if (!document.hidden) await work();
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
repeat(lookAtHealth, 2000);
repeat(lookAtRates, 1000);
