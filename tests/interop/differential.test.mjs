// 100,000 random patterns and JSON values through NestJS 11 and 12 (`transformPatternToRoute`, and its server's look-up)
// and JavaScript's own JSON on one side, through our `route_of` and `json_text` on the other: no difference.
//
// Keys outside ASCII are sorted by ICU's tables in NestJS and by code point here. Over TCP that shows in no answer, as
// routes are only compared with one another; so of patterns with such keys pairs are compared, equal or not.
//
//   DIFFERENTIAL_SEED=n repeats a run, DIFFERENTIAL_COUNT=n changes its length.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nestjs } from './support/versions.mjs';
import { jsonSource } from './support/random_json.mjs';
import { startFilter } from './support/services.mjs';

const seed = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2 ** 31));
const count = Number(process.env.DIFFERENTIAL_COUNT ?? 100_000);
console.log(`seed ${seed}: DIFFERENTIAL_SEED=${seed} repeats this`);

/** Sends each text to wire_forms and gives its answers. */
async function ours(texts) {
  const answers = [];
  const filter = startFilter('wire_forms', [], (line) => answers.push(JSON.parse(line)));
  filter.write(texts.map((text) => JSON.stringify(text)).join('\n'));
  assert.deepEqual(await filter.end(), { code: 0, signal: null });
  return answers;
}

function parsed(text) {
  try { return { value: JSON.parse(text) }; } catch { return undefined; }
}

const isAscii = (value) => value === null || typeof value !== 'object' ||
  Object.entries(value).every(([key, inner]) => /^[\0-\x7f]*$/.test(key) && isAscii(inner));

// Our handlers' patterns may hold no number beyond a double's range.
const isFinite = (value) => (typeof value === 'number' ? Number.isFinite(value)
  : value === null || typeof value !== 'object' || Object.values(value).every(isFinite));

/** What NestJS and JavaScript make of it, as wire_forms tells it. */
function theirs({ transformPatternToRoute, ServerTCP }) {
  const server = new ServerTCP({});
  const text = (route) => (typeof route === 'string' ? route : null);
  return (raw) => {
    const found = parsed(raw);
    if (found === undefined) return null;
    const pattern = found.value;
    const sent = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
    return [text(server.getRouteFromPattern(sent)), sent, text(transformPatternToRoute(pattern)), JSON.stringify(pattern)];
  };
}

const source = jsonSource(seed);
const texts = Array.from({ length: count }, () => source.text());
// A pattern and another that says the same in another order, or nearly the same.
const pairs = Array.from({ length: Math.ceil(count / 20) }, () => source.pair());
const answers = await ours(texts);
const answersToPairs = await ours(pairs.flat());

for (const major of [11, 12]) {
  test(`NestJS ${major} and we make the same of ${count} random texts`, async () => {
    const forms = theirs(await nestjs(major));
    assert.equal(answers.length, texts.length);
    const differences = [];
    let compared = 0, refused = 0, sortedByIcu = 0;
    texts.forEach((text, index) => {
      const expected = forms(text);
      const actual = answers[index];
      if (expected === null || actual === null) {
        refused += 1;
        if (expected !== actual) differences.push({ text, expected, actual });
        return;
      }
      const value = JSON.parse(text);
      const hidden = !isAscii(value) || !isAscii(parsed(expected[1])?.value ?? null);
      if (hidden) sortedByIcu += 1;
      // A context's pattern that is nested deeper than anyone writes one is not spelt out.
      const skipped = [hidden, actual[1] === '[UNSERIALIZABLE_PATTERN]', hidden || !isFinite(value), false];
      compared += 1;
      if (expected.some((form, at) => !skipped[at] && form !== actual[at])) differences.push({ text, expected, actual });
    });
    assert.deepEqual(differences.slice(0, 5), [], `${differences.length} differences`);
    assert.ok(compared > count * 0.8, `only ${compared} were compared`);
    assert.ok(refused > count / 100, `only ${refused} were no JSON`);
    assert.ok(sortedByIcu < count / 5, `${sortedByIcu} have keys outside ASCII`);
  });

  test(`patterns with any keys are the same or not to NestJS ${major} as they are to us`, async () => {
    const forms = theirs(await nestjs(major));
    let same = 0;
    const differences = [];
    pairs.forEach(([one, other], index) => {
      const expected = forms(one)[0] === forms(other)[0];
      const actual = answersToPairs[2 * index][0] === answersToPairs[2 * index + 1][0];
      if (expected) same += 1;
      if (expected !== actual) differences.push({ one, other, expected, actual });
    });
    assert.deepEqual(differences.slice(0, 5), [], `${differences.length} differences`);
    assert.ok(same > pairs.length / 5 && same < pairs.length * 0.8, `${same} of ${pairs.length} pairs are the same`);
  });
}
