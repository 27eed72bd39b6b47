// Groups, conditions, messages, inheritance and the options of NestJS's ValidationPipe: random payloads under random
// options through NestJS with class-validator and class-transformer, and through pipe_forms; the same messages in the
// same order.
//
//   PIPE_SEED=n repeats a run, PIPE_COUNT=n changes how many payloads each class gets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValidationPipe } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import * as v from 'class-validator';
import { decorateProperty } from './support/nest.mjs';
import { startFilter } from './support/services.mjs';

const seed = Number(process.env.PIPE_SEED ?? Math.floor(Math.random() * 2 ** 31));
const count = Number(process.env.PIPE_COUNT ?? 2000);
console.log(`seed ${seed}: PIPE_SEED=${seed} repeats this`);

let state = seed >>> 0;
const random = () => {  // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const below = (limit) => Math.floor(random() * limit);
const oneOf = (list) => list[below(list.length)];

class Grouped {}
decorateProperty(Grouped, 'a', v.MinLength(2, { groups: ['create'] }));
decorateProperty(Grouped, 'b', v.MinLength(2, { groups: ['update'] }));
decorateProperty(Grouped, 'c', v.MinLength(2));
decorateProperty(Grouped, 'd', v.MinLength(2, { always: true }));

class Account {}
decorateProperty(Account, 'id', v.IsInt({ groups: ['update', 'admin'] }), v.Min(1, { groups: ['update'] }));
decorateProperty(Account, 'password', v.IsOptional({ groups: ['update'] }), v.MinLength(8, { always: true }));
decorateProperty(Account, 'nick', v.Allow({ groups: ['create', 'update'] }));

class Address {}
decorateProperty(Address, 'street', v.IsString({ always: true }), v.MinLength(3, { always: true }));
decorateProperty(Address, 'zip', v.IsInt(), v.Min(10, { groups: ['create'] }));
class Company {}
decorateProperty(Company, 'main', v.ValidateNested({ groups: ['create'] }), Type(() => Address), v.IsDefined({ always: true }));
decorateProperty(Company, 'branches', v.IsArray({ always: true }), v.ValidateNested({ each: true, always: true }), Type(() => Address));

class Contact {}
decorateProperty(Contact, 'phone', v.ValidateIf((c) => c.channel === 'sms'), v.IsString(), v.MinLength(6));
decorateProperty(Contact, 'email', v.ValidateIf((c) => c.channel === 'mail'), v.ValidateIf((c) => c.phone !== 'skip'), v.IsEmail());
decorateProperty(Contact, 'channel', v.IsString());
decorateProperty(Contact, 'tags', v.IsOptional(), v.IsArray(), v.ArrayMaxSize(2), v.IsString({ each: true }), v.MaxLength(3, { each: true }));

class Told {}
decorateProperty(Told, 'word', v.IsString(), v.MinLength(3, { message: '$target.$property: $value is shorter than $constraint1' }), v.MaxLength(5, { message: '' }));
decorateProperty(Told, 'number', v.IsInt(), v.Min(1, {
  message: (of) => `${of.property} of ${of.targetName}: ${of.constraints[0]} or more, not $value`,
}));

class Base {}
decorateProperty(Base, 'shared', v.IsInt(), v.Min(1));
decorateProperty(Base, 'b1', v.IsInt());
class Sub extends Base {}
decorateProperty(Sub, 's1', v.IsInt());
decorateProperty(Sub, 'shared', v.IsInt(), v.Max(5));

class Trimmed {}
const text = (change) => Transform(({ value }) => (typeof value === 'string' ? change(value) : value));
decorateProperty(Trimmed, 'name', text((value) => value.trim()), v.IsNotEmpty(), v.MaxLength(5));
decorateProperty(Trimmed, 'mail', v.IsOptional(), text((value) => value.trim().toLowerCase()), v.IsIn(['a@b.io', 'x']));

const strings = ['', 'a', 'ab', 'abc', 'abcdef', 'abcdefghi', ' a ', '\u00a0', 'a@b.io', ' A@B.io\n', 'X', 'sms', 'mail', 'skip', 'é😀'];
const numbers = [0, 1, 3, 6, 10, 11, -1, 1.5];
const some = (make) => (below(6) === 0 ? oneOf([null, 5, true, 'text', [], {}, [1], { x: 1 }, 1.5]) : make());
// An empty array and a skipped null pass for an object in JavaScript; a struct cannot hold them, so we refuse them.
const someObject = (make) => (below(6) === 0 ? oneOf([5, true, 'text', {}, [1], { x: 1 }, 1.5]) : make());
const textValue = () => some(() => oneOf(strings));
const number = () => some(() => oneOf(numbers));
const object = (members) => () => {
  const made = {};
  for (const [name, make] of Object.entries(members)) if (below(5) !== 0) made[name] = make();
  if (below(8) === 0) made.extra = oneOf([1, 'x', { y: 1 }]);
  return made;
};
const list = (make, odd = some) => () => odd(() => Array.from({ length: below(4) }, make));
const address = object({ street: textValue, zip: number });
const payloads = {
  Grouped: object({ a: textValue, b: textValue, c: textValue, d: textValue }),
  // Any value would pass there in JavaScript, but only a text fits the member.
  Account: object({ id: number, password: textValue, nick: () => oneOf(strings) }),
  Company: object({ main: () => someObject(address), branches: list(() => someObject(address), someObject) }),
  Contact: object({ phone: textValue, email: textValue, channel: textValue, tags: list(textValue) }),
  Told: object({ word: textValue, number }),
  Sub: object({ s1: number, shared: number, b1: number }),
  Trimmed: object({ name: textValue, mail: textValue }),
};

const groupChoices = [undefined, undefined, ['create'], ['update'], ['create', 'update'], ['admin'], ['other']];
function options() {
  const chosen = { whitelist: true };
  const groups = oneOf(groupChoices);
  if (groups) chosen.groups = groups;
  for (const name of ['forbidNonWhitelisted', 'forbidUnknownValues', 'stopAtFirstError', 'skipMissingProperties',
    'skipUndefinedProperties', 'skipNullProperties', 'always', 'strictGroups', 'dismissDefaultMessages']) {
    if (below(5) === 0) chosen[name] = true;
  }
  if (below(8) === 0) chosen.maxErrorMessagesLength = below(150);
  return chosen;
}

async function theirs(metatype, chosen, payload) {
  try {
    await new ValidationPipe({ transform: true, ...chosen }).transform(JSON.parse(payload), { type: 'body', metatype });
    return [];
  } catch (error) {
    if (typeof error.getResponse !== 'function') throw error;
    return error.getResponse().message;
  }
}

for (const metatype of [Grouped, Account, Company, Contact, Told, Sub, Trimmed]) {
  test(`${count} payloads for ${metatype.name}`, async () => {
    const inputs = Array.from({ length: count }, () => ({
      dto: metatype.name, options: options(), payload: JSON.stringify(payloads[metatype.name]()),
    }));
    const answers = [];
    const filter = startFilter('pipe_forms', [], (line) => answers.push(JSON.parse(line)));
    filter.write(inputs.map((input) => JSON.stringify(input)).join('\n'));
    assert.deepEqual(await filter.end(), { code: 0, signal: null });
    assert.equal(answers.length, inputs.length);
    const differences = [];
    let refused = 0;
    for (const [index, input] of inputs.entries()) {
      const expected = await theirs(metatype, input.options, input.payload);
      if (expected.length > 0) refused += 1;
      const actual = answers[index];
      if (JSON.stringify(expected) !== JSON.stringify(actual)) differences.push({ ...input, expected, actual });
    }
    assert.deepEqual(differences.slice(0, 5), [], `${differences.length} differences`);
    assert.ok(refused > count / 10 && refused < count, `${refused} of ${count} refused: too few or too many to tell`);
  });
}
