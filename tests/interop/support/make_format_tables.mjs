// Writes src/dto/formats/tables/*.cpp: what the installed validator package and this Node.js accept, asked value by
// value where that is possible. Run it after a change of their versions; the corpus shows what changed.
//
//   node tests/interop/support/make_format_tables.mjs
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const validator = require('validator');
const folder = new URL('../../../src/dto/formats/tables/', import.meta.url);
mkdirSync(folder, { recursive: true });

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const product = (from, count) => (count === 0 ? [''] : product(from, count - 1).flatMap((head) => from.map((c) => head + c)));
const quoted = (text) => `"${[...text].map((c) => (c === '\\' || c === '"' ? `\\${c}` : c)).join('')}"`;
const hex = (unit) => `0x${unit.toString(16)}`;

function write(name, what, body) {
  const text = `// ${what}\n// Written by tests/interop/support/make_format_tables.mjs: change that.\n#include "dto/formats/tables/tables.hpp"\n\n`
    + `namespace nestcpp::detail {\n\n${body}\n}  // namespace nestcpp::detail\n`;
  writeFileSync(new URL(`${name}.cpp`, folder), text);
}

// Codes of one length, side by side.
function codes(name, size, accepted) {
  const all = accepted.join('');
  const lines = [];
  const width = Math.floor(100 / size) * size;
  for (let at = 0; at < all.length; at += width) lines.push(`    "${all.slice(at, at + width)}"`);
  return `const code_table ${name}{${size},\n${lines.join('\n')}};\n`;
}

write('codes', 'Codes of countries, currencies and languages, sorted.', [
  codes('alpha2_countries', 2, product(letters, 2).filter((code) => validator.isISO31661Alpha2(code))),
  codes('alpha3_countries', 3, product(letters, 3).filter((code) => validator.isISO31661Alpha3(code))),
  codes('numeric_countries', 3, product([...'0123456789'], 3).filter((code) => validator.isISO31661Numeric(code))),
  codes('currencies', 3, product(letters, 3).filter((code) => validator.isISO4217(code))),
  codes('languages', 2, product(letters.map((c) => c.toLowerCase()), 2).filter((code) => validator.isISO6391(code))),
].join('\n'));

// Expressions by key, in a form of their own: groups only where they are needed, digits as \d.
const tables = (file, variable) => {
  const source = readFileSync(new URL(`../node_modules/validator/es/lib/${file}.js`, import.meta.url), 'utf8')
    .replace(/^import.*$/gm, '').replace(/^export default /gm, '').replace(/^export /gm, '');
  return new Function(`${source}; return ${variable};`)();
};

function normal(expression) {
  let text = expression.source.replace(/\[0-9\]/g, '\\d').replace(/\{1\}/g, '').replace(/\\-(?=\]|[^[\]]*(?:\[|$))|\\\//g, (c) => c[1]);
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(/(\\.|\[(?:\\.|[^\]])*\])|\((?!\?)/g, (whole, kept) => kept ?? '(?:').replace(/\(\?:((?:[^()|\\[\]]|\\.|\[[^\]]*\])*)\)(?![*+?{])/g, '$1');
    text = text.replace(/\(\?:(\\?.|\[[^\]]*\])\)/g, '$1');
  }
  return text + (expression.flags.includes('i') ? '/i' : '');
}

function patterns(name, from) {
  const rows = Object.entries(from).sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, expression]) => `    {${quoted(key)}, ${quoted(normal(expression))}},`);
  return `namespace {\nconstexpr pattern_entry ${name}_rows[] = {\n${rows.join('\n')}\n};\n}  // namespace\n`
    + `const std::span<const pattern_entry> ${name}{${name}_rows};\n`;
}
const kept = { phones: tables('isMobilePhone', 'phones'), codes: tables('isPostalCode', 'patterns'),
  passports: tables('isPassportNumber', 'passportRegexByCountryCode') };
// Without references to groups: what (?!(\d)\1{3}) says, digit by digit.
kept.codes.IR = new RegExp(kept.codes.IR.source.replace('(\\d)\\1{3}', [...'0123456789'].map((d) => d.repeat(4)).join('|')));
if (kept.codes.IR.source.includes('\\1')) throw new Error('the postal codes of IR are written in a new way');
write('phones', 'Mobile phone numbers by locale.', patterns('mobile_phones', kept.phones));
write('postal_codes', 'Postal codes by country.', patterns('postal_codes', kept.codes));
write('passports', 'Passport numbers by country.', patterns('passports', kept.passports));

// IBANs: the country, then runs of characters: n digits, a letters, c both.
const ibans = Object.entries(tables('isIBAN', 'ibanRegexThroughCountryCode')).sort(([a], [b]) => (a < b ? -1 : 1)).map(([country, expression]) => {
  const runs = [];
  let source = expression.source.replace(/[()^$]/g, '').slice(2);
  while (source !== '') {
    const [whole, kind, count] = /^(\\d|\[0-9\]|\[A-Z\]|\[A-Z0-9\])\{(\d+)\}/.exec(source);
    runs.push([{ '\\d': 'n', '[0-9]': 'n', '[A-Z]': 'a', '[A-Z0-9]': 'c' }[kind], Number(count)]);
    source = source.slice(whole.length);
  }
  const joined = runs.reduce((all, [kind, count]) => {
    if (all.length && all.at(-1)[0] === kind) all.at(-1)[1] += count; else all.push([kind, count]);
    return all;
  }, []);
  return `    {${quoted(country)}, ${quoted(joined.map(([kind, count]) => `${count}${kind}`).join(' '))}},`;
});
write('ibans', 'What follows the country in an IBAN: so many n digits, a letters, c digits or letters.',
  `namespace {\nconstexpr pattern_entry iban_rows[] = {\n${ibans.join('\n')}\n};\n}  // namespace\nconst std::span<const pattern_entry> ibans{iban_rows};\n`);

// Characters as runs of units, by asking for each.
function runs(accepts) {
  const found = [];
  for (let unit = 0; unit < 0x10000; ++unit) {
    if (!accepts(String.fromCharCode(unit))) continue;
    if (found.length && found.at(-1)[1] === unit - 1) found.at(-1)[1] = unit; else found.push([unit, unit]);
  }
  return found;
}
const { alpha, alphanumeric, decimal } = tables('alpha', '{ alpha, alphanumeric, decimal }');
function lettersOf(name, from) {
  const sets = new Map();
  const rows = [];
  const texts = [];
  const set = (accepts) => {
    const found = runs(accepts);
    const key = JSON.stringify(found);
    if (!sets.has(key)) {
      sets.set(key, `${name}_${sets.size}`);
      texts.push(`constexpr unit_run ${name}_${sets.size - 1}[] = {${found.map(([a, b]) => `{${hex(a)}, ${hex(b)}}`).join(', ')}};`);
    }
    return sets.get(key);
  };
  for (const [locale, expression] of Object.entries(from).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const parts = expression.source.match(/^\^(\[[^\]]+\])([+*])(?:(\[[^\]]+\])\*)?\$$/);
    if (!parts) throw new Error(`${name} ${locale} is written in a new way: ${expression}`);
    const first = new RegExp(`^${parts[1]}$`, expression.flags);
    const then = parts[3] ? set((c) => new RegExp(`^${parts[3]}$`, expression.flags).test(c)) : null;
    rows.push(`    {${quoted(locale)}, ${set((c) => first.test(c))}, ${then ? `${then}` : '{}'}, ${parts[2] === '*'}},`);
  }
  return `namespace {\n${texts.join('\n')}\nconstexpr letters_entry ${name}_rows[] = {\n${rows.join('\n')}\n};\n}  // namespace\n`
    + `const std::span<const letters_entry> ${name}{${name}_rows};\n`;
}
write('letters', 'The letters of languages, as runs of UTF-16 units.', lettersOf('alpha_locales', alpha));
write('letters_and_digits', 'The letters and digits of languages, as runs of UTF-16 units.', lettersOf('alphanumeric_locales', alphanumeric));
const marks = Object.entries(decimal).sort(([a], [b]) => (a < b ? -1 : 1)).map(([locale, mark]) => `    {${quoted(locale)}, ${quoted(mark)}},`);
write('decimal_marks', 'What stands before the decimals, by locale.',
  `namespace {\nconstexpr pattern_entry decimal_mark_rows[] = {\n${marks.join('\n')}\n};\n}  // namespace\nconst std::span<const pattern_entry> decimal_marks{decimal_mark_rows};\n`);

// Time zones: ICU's and the tz database's names that Intl accepts, in lower case.
const isZone = (timeZone) => {
  try { return new Intl.DateTimeFormat(undefined, { timeZone }) !== null; } catch { return false; }
};
const zones = new Set();
const visit = (path, prefix) => {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) visit(`${path}/${entry.name}`, `${prefix}${entry.name}/`);
    else zones.add(`${prefix}${entry.name}`);
  }
};
try { visit('/usr/share/zoneinfo', ''); } catch { console.error('no /usr/share/zoneinfo: older names are missing'); }
Intl.supportedValuesOf('timeZone').forEach((zone) => zones.add(zone));
for (const country of ['US', 'Canada', 'Mexico', 'Brazil', 'Chile', 'Etc']) {
  for (const zone of ['Alaska', 'Aleutian', 'Arizona', 'Central', 'East-Indiana', 'Eastern', 'Hawaii', 'Indiana-Starke', 'Michigan',
    'Mountain', 'Pacific', 'Pacific-New', 'Samoa', 'Atlantic', 'Newfoundland', 'Saskatchewan', 'Yukon', 'BajaNorte', 'BajaSur', 'General',
    'Acre', 'DeNoronha', 'East', 'West', 'Continental', 'EasterIsland', 'UTC', 'GMT', 'UCT', 'Universal', 'Zulu', 'Greenwich']) zones.add(`${country}/${zone}`);
}
const names = [...new Set([...zones].filter(isZone).map((zone) => zone.toLowerCase()))].sort((a, b) => (a < b ? -1 : 1));
write('time_zones', 'Names of IANA time zones in lower case, each between spaces.',
  `const std::string_view time_zones =\n    ${names.join(' ').match(/.{1,100}(?: |$)/g).map((line, i) => `"${i === 0 ? ' ' : ''}${line.trimEnd()} "`).join('\n    ')};\n`);

// Upper and lower case: runs of code points that lie a stride apart and move by the same distance.
function cases(name, change) {
  const pairs = [];
  const special = [];
  for (let code = 128; code < 0x110000; ++code) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const changed = change(String.fromCodePoint(code));
    if (changed === String.fromCodePoint(code)) continue;
    if ([...changed].length === 1) pairs.push([code, changed.codePointAt(0) - code]);
    else special.push(code);
  }
  const found = [];
  for (const [code, distance] of pairs) {
    const last = found.at(-1);
    if (last && last.distance === distance && (code - last.last === last.stride || (last.first === last.last && code - last.last <= 2))) {
      last.stride = code - last.last;
      last.last = code;
    } else {
      found.push({ first: code, last: code, stride: 1, distance });
    }
  }
  const rows = found.map((run) => `{${hex(run.first)}, ${hex(run.last)}, ${run.stride}, ${run.distance}}`);
  const others = special.reduce((all, code) => {
    if (all.length && all.at(-1)[1] === code - 1) all.at(-1)[1] = code; else all.push([code, code]);
    return all;
  }, []).map(([a, b]) => `{${hex(a)}, ${hex(b)}, 1, 0}`);
  return `namespace {\nconstexpr case_run ${name}_rows[] = {${rows.join(', ')}};\n`
    + `constexpr case_run ${name}_special_rows[] = {${others.join(', ')}};\n}  // namespace\n`
    + `const std::span<const case_run> ${name}{${name}_rows};\nconst std::span<const case_run> ${name}_special{${name}_special_rows};\n`;
}
write('upper_case', 'Characters beyond ASCII that toUpperCase() changes.', cases('to_upper_runs', (c) => c.toUpperCase()));
write('lower_case', 'Characters beyond ASCII that toLowerCase() changes.', cases('to_lower_runs', (c) => c.toLowerCase()));

// The keys, for checks when a program is compiled.
const keys = (name, from) => `inline constexpr std::string_view ${name} =\n    ${Object.keys(from).sort().join(' ').match(/.{1,100}(?: |$)/g).map((line, i) => `"${i === 0 ? ' ' : ''}${line.trimEnd()} "`).join('\n    ')};\n`;
writeFileSync(new URL('../../../include/nestcpp/dto/detail/locale_names.hpp', import.meta.url),
  '#pragma once\n// The locales and countries that rules know, so that a wrong one does not compile; each between spaces.\n'
  + '// Written by tests/interop/support/make_format_tables.mjs: change that.\n\n#include <string_view>\n\nnamespace nestcpp::detail {\n\n'
  + [keys('phone_locale_names', kept.phones), keys('postal_country_names', kept.codes), keys('passport_country_names', kept.passports),
    keys('alpha_locale_names', alpha), keys('alphanumeric_locale_names', alphanumeric), keys('decimal_locale_names', decimal)].join('\n')
  + '\n}  // namespace nestcpp::detail\n');
