// Every rule, over thousands of values: what class-validator behind NestJS's ValidationPipe says, and what our rules say,
// message for message, in the same order.
//
// corpus/rules.json holds the classes by name and inputs for each; to these come random variations of them, texts made
// from validator's own expressions, and values of every kind. corpus/differences.json lists what is known to differ, by
// the reason; an entry under which nothing differs any more fails.
//
//   CORPUS_SEED=n repeats a run, CORPUS_VARIATIONS=n changes how many variations there are of each input,
//   CORPUS_RECORD=file writes a part of the inputs with their answers for the unit test that needs no Node.js.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { ValidationPipe } from '@nestjs/common';
import { Type } from 'class-transformer';
import * as rules from 'class-validator';
import { decorateProperty } from './support/nest.mjs';
import { randomSource, sampleOf, variationOf } from './support/random_text.mjs';
import { startFilter } from './support/services.mjs';

process.env.TZ = 'UTC';
const require = createRequire(import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(`corpus/${name}`, import.meta.url), 'utf8'));
const corpus = read('rules.json');
const seed = Number(process.env.CORPUS_SEED ?? 20261125);
const variations = Number(process.env.CORPUS_VARIATIONS ?? 3);
const random = randomSource(seed);

/** An argument of a decorator as the corpus writes it. */
function argument(value) {
  if (Array.isArray(value)) return value.map(argument);
  if (value === null || typeof value !== 'object') return value;
  if (value.$regexp) return new RegExp(...value.$regexp);
  if (value.$property) return (item) => item[value.$property];
  if (value.$date) return new Date(value.$date);
  if (value.$enum) return Object.fromEntries(value.$enum.map((name) => [name, name]));
  return { ...value };
}

/** A class with one property, `value`. */
function classOf(decorators, of) {
  class Dto {}
  const made = decorators.map(([name, ...given]) => rules[name](...given.map(argument)));
  if (of === 'date' || of === 'dates') made.push(Type(() => Date));
  decorateProperty(Dto, 'value', ...made);
  return Dto;
}

const pipe = new ValidationPipe({ transform: true });
/** What NestJS tells about a payload: a JSON array of messages, or what else went wrong. */
async function theirs(metatype, payload) {
  try {
    await pipe.transform(JSON.parse(payload), { type: 'body', metatype });
    return '[]';
  } catch (error) {
    if (typeof error.getResponse !== 'function') return `throws ${error.constructor.name}`;
    return JSON.stringify(error.getResponse().message);
  }
}

/** As the source of validator's expressions, for texts that pass. */
function expressions(file, variable) {
  const source = readFileSync(require.resolve(`validator/es/lib/${file}.js`), 'utf8')
    .replace(/^import.*$/gm, '').replace(/^export default /gm, '').replace(/^export /gm, '');
  return new Function(`${source}; return ${variable};`)();
}

// Values that the type of a member can hold or that its rules refuse: elsewhere the C++ type has a say that JavaScript
// has not.
const fits = {
  texts: (value) => !Array.isArray(value) || value.every((item) => typeof item === 'string'),
  nested: (value) => !Array.isArray(value) || value.every((item) => Array.isArray(item) && item.every((text) => typeof text === 'string')),
  date: (value) => typeof value === 'string',
  dates: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

const jobs = [];  // { name, arguments, payload, type }
const add = (name, given, type, text) => jobs.push({ name, given, type, payload: text === undefined ? '{}' : `{"value":${text}}` });

for (const { name, decorators, of, inputs = [], strings = [] } of corpus.cases) {
  const type = classOf(decorators, of);
  const literals = strings.map((text) => JSON.stringify(text));
  const all = new Set([...inputs, ...literals]);
  for (const text of strings) {
    for (let i = 0; i < variations; ++i) all.add(JSON.stringify(variationOf(random, text)));
    all.add(`[${JSON.stringify(text)}]`);
  }
  corpus.kinds.forEach((text) => all.add(text));
  const accepts = fits[of] ?? (() => true);
  if (of !== 'date' && of !== 'dates') add(name, [], type, undefined);
  for (const text of all) if (accepts(JSON.parse(text))) add(name, [], type, text);
}

// Every locale and country, with texts from its own expression, from another one, and variations.
function addAll(name, decorator, from, textsOf) {
  const keys = Object.keys(from).sort();
  keys.forEach((key, at) => {
    const type = classOf([[decorator, key]]);
    const texts = [...textsOf(from[key]), ...textsOf(from[keys[(at + 7) % keys.length]]).slice(0, 2)];
    for (const text of new Set(texts.flatMap((one) => [one, variationOf(random, one)]))) add(name, [key], type, JSON.stringify(text));
    for (const text of ['""', '"\\ud800"', '5', 'null', '[]', '"\u0661"']) add(name, [key], type, text);
  });
}
const samples = (count) => (expression) => Array.from({ length: count }, () => sampleOf(random, expression));
const alphabets = expressions('alpha', '{ alpha, alphanumeric, decimal }');
addAll('is_mobile_phone', 'IsMobilePhone', expressions('isMobilePhone', 'phones'), samples(6));
addAll('is_postal_code', 'IsPostalCode', expressions('isPostalCode', 'patterns'), samples(6));
addAll('is_passport_number', 'IsPassportNumber', expressions('isPassportNumber', 'passportRegexByCountryCode'), samples(6));
addAll('is_alpha', 'IsAlpha', alphabets.alpha, samples(4));
addAll('is_alphanumeric', 'IsAlphanumeric', alphabets.alphanumeric, samples(4));
addAll('is_hash', 'IsHash', Object.fromEntries(['md4', 'md5', 'sha1', 'sha256', 'sha384', 'sha512', 'ripemd128', 'ripemd160', 'tiger128',
  'tiger160', 'tiger192', 'crc32', 'crc32b'].map((name, at) => [name, [32, 32, 40, 64, 96, 128, 32, 40, 32, 40, 48, 8, 8][at]])),
(length) => ['a'.repeat(length), 'F0'.repeat(length / 2), 'a'.repeat(length - 1), 'g'.repeat(length)]);
for (const [locale, mark] of Object.entries(alphabets.decimal)) {
  const type = classOf([['IsNumberString', { locale }]]);
  for (const text of ['1', `1${mark}5`, `${mark}5`, `1${mark}`, '1.5', '1,5', '1٫5', '-1', '']) add('is_number_string', [locale], type, JSON.stringify(text));
}

// Expressions: what is written in them, not what they are for.
for (const [source, flags, texts] of read('expressions.json')) {
  const expression = new RegExp(source, flags);
  const type = classOf([['Matches', { $regexp: [source, flags] }]]);
  const own = samples(6)(expression);
  for (const text of new Set([...texts, ...own, ...own.map((one) => variationOf(random, one)), ...texts.map((one) => variationOf(random, one)), ''])) {
    add('matches', [source, flags], type, JSON.stringify(text));
  }
  add('matches', [source, flags], type, '5');
}

/** Our answers, in the order of the jobs. */
async function ours() {
  const answers = [];
  const filter = startFilter('judge_corpus', [], (line) => answers.push(line));
  filter.write(jobs.map(({ name, given, payload }) => JSON.stringify([name, given, payload])).join('\n'));
  assert.deepEqual(await filter.end(), { code: 0, signal: null });
  assert.equal(answers.length, jobs.length);
  return answers;
}

const answers = await ours();
const expected = [];
for (const { type, payload } of jobs) expected.push(await theirs(type, payload));

test('every case of the program is in the corpus', async () => {
  const names = [];
  const program = startFilter('judge_corpus', ['--cases'], (line) => names.push(line));
  await program.end();
  assert.deepEqual(names.filter((name) => !jobs.some((job) => job.name === name)), []);
});

test(`class-validator and we say the same of ${jobs.length} values`, () => {
  const known = read('differences.json').map((entry) => ({ ...entry, met: 0, payload: new RegExp(entry.payload, 'u') }));
  const differences = [];
  let refused = 0;
  jobs.forEach(({ name, given, payload }, at) => {
    if (expected[at] !== '[]') ++refused;
    if (answers[at] === expected[at]) return;
    const entry = known.find((one) => new RegExp(`^(?:${one.cases})$`).test(name) && one.payload.test(payload)
      && (one.nestjs === undefined || one.nestjs === expected[at]));
    if (entry) ++entry.met; else differences.push(`${name} ${given.join(' ')} ${payload}\n    NestJS: ${expected[at]}\n    we:     ${answers[at]}`);
  });
  console.log(`seed ${seed}: ${jobs.length} values for ${new Set(jobs.map((job) => `${job.name} ${job.given}`)).size} classes, ${refused} refused; `
    + `${known.reduce((sum, entry) => sum + entry.met, 0)} known differences, ${differences.length} others`);
  assert.deepEqual(known.filter((entry) => entry.met === 0).map((entry) => entry.reason), [], 'differences that are none any more');
  assert.equal(differences.length, 0, `\n${differences.slice(0, 60).join('\n')}`);
});

// Of each case a few that pass and a few that do not.
if (process.env.CORPUS_RECORD) {
  const kept = new Map();
  const lines = [];
  jobs.forEach(({ name, given, payload }, at) => {
    if (answers[at] !== expected[at] || payload.length > 90) return;
    const key = `${name} ${given} ${expected[at] === '[]'}`;
    const count = (kept.get(key) ?? 0) + 1;
    kept.set(key, count);
    if (count <= (given.length === 0 ? 3 : 1)) lines.push(`${JSON.stringify([name, given, payload])}\t${expected[at]}`);
  });
  writeFileSync(process.env.CORPUS_RECORD, `${lines.join('\n')}\n`);
}
