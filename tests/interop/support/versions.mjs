// NestJS 11, which these tests are written with, and NestJS 12 beside it.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folders = { 11: join(here, '..'), 12: join(here, '..', 'nest12') };

/** The directory from which `@nestjs/*` of that major version is found. */
export const folderOf = (major) => folders[major];

/** Imports a module as a file of that folder would. */
export async function importFrom(major, name) {
  const require = createRequire(join(folders[major], 'package.json'));
  return import(pathToFileURL(require.resolve(name)));
}

/** What the tests need of @nestjs/microservices, its inner parts among them. */
export async function nestjs(major) {
  const microservices = await importFrom(major, '@nestjs/microservices');
  const folder = join(folders[major], 'node_modules', '@nestjs', 'microservices');
  const utils = await import(pathToFileURL(join(folder, 'utils', 'transform-pattern.utils.js')));
  return { ...microservices, transformPatternToRoute: utils.transformPatternToRoute ?? utils.default.transformPatternToRoute };
}
