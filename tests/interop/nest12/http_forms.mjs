// node http_forms.mjs <port> <folder>: what tests/interop/http_forms/main.cpp does, as a NestJS 12 team would write it, on
// Express. Prints "listening …" once it is ready.
import 'reflect-metadata';
import {
  Body, Controller, Get, Header, HttpException, Module, Param, ParseFilePipe, MaxFileSizeValidator, ParseIntPipe, Post, Query, Req,
  Res, Sse, StreamableFile, UploadedFile, UploadedFiles, UseGuards, UseInterceptors, Version, VersioningType, VERSION_NEUTRAL,
} from '@nestjs/common';
import * as common from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AnyFilesInterceptor, FileInterceptor, FilesInterceptor } from '@nestjs/platform-express';
import { Throttle, ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import compression from 'compression';
import cookieParser from 'cookie-parser';
import { concat, delay, EMPTY, of, throwError, timer } from 'rxjs';
import { map, mergeMap } from 'rxjs/operators';

const [port, folder] = process.argv.slice(2);

/** Decorates a method: `decorators` as they would stand above it, `parameters` as type and decorator. */
function method(type, name, decorators, ...parameters) {
  const target = type.prototype;
  Reflect.defineMetadata('design:paramtypes', parameters.map(([kind]) => kind), target, name);
  parameters.forEach(([, decorate], index) => decorate(target, name, index));
  [...decorators].reverse().forEach((decorate) => decorate(target, name, Object.getOwnPropertyDescriptor(target, name)));
}

class EventsController {
  texts() { return of({ data: 'one' }, { data: 'two\nlines\r\nand three\rfour' }, { data: '' }); }
  objects() { return of(0, 1, 2).pipe(map((number) => ({ data: { number } }))); }
  fields() {
    return of({ data: 'a', type: 'tick', id: 'own', retry: 1500 }, { comment: 'only\na comment' }, { data: 'b', type: 'two\nlines' }, { data: 'c' });
  }
  empty() { return EMPTY; }
  late() { return of({ data: 'at last' }).pipe(delay(50)); }
  async refuses() { throw new common.ForbiddenException('not you'); }
  failsFirst() { return throwError(() => new common.ConflictException('before the first')); }
  failsLater() { return concat(of({ data: 'one' }), timer(20).pipe(mergeMap(() => throwError(() => new common.ConflictException('after the first'))))); }
  breaks() { return concat(of({ data: 'one' }), timer(20).pipe(mergeMap(() => throwError(() => new Error('a secret'))))); }
  byId(id) { return of({ data: id }); }
}
method(EventsController, 'texts', [Sse('texts')]);
method(EventsController, 'objects', [Sse('objects')]);
method(EventsController, 'fields', [Sse('fields'), Header('X-Own', '1')]);
method(EventsController, 'empty', [Sse('empty')]);
method(EventsController, 'late', [Sse('late')]);
method(EventsController, 'refuses', [Sse('refuses')]);
method(EventsController, 'failsFirst', [Sse('fails-first')]);
method(EventsController, 'failsLater', [Sse('fails-later')]);
method(EventsController, 'breaks', [Sse('breaks')]);
method(EventsController, 'byId', [Sse('of/:id')], [Number, Param('id', ParseIntPipe)]);
Controller('events')(EventsController);

const shown = (files, body) => ({
  files: files.map((each) => ({
    field: each.fieldname, name: each.originalname, type: each.mimetype, size: each.size, content: each.buffer.toString('utf8').slice(0, 100),
  })),
  body: body ?? {},
});
class FormsController {
  echo(body) { return body ?? {}; }
  one(file, body) { return shown([file], body); }
  maybe(file, body) { return shown(file ? [file] : [], body); }
  several(files, body) { return shown(files ?? [], body); }
  any(files, body) { return shown(files ?? [], body); }
  small(file, body) { return shown([file], body); }
}
method(FormsController, 'echo', [Post('echo')], [Object, Body()]);
method(FormsController, 'one', [Post('one'), UseInterceptors(FileInterceptor('avatar'))], [Object, UploadedFile(new ParseFilePipe())], [Object, Body()]);
method(FormsController, 'maybe', [Post('maybe'), UseInterceptors(FileInterceptor('avatar'))], [Object, UploadedFile()], [Object, Body()]);
method(FormsController, 'several', [Post('several'), UseInterceptors(FilesInterceptor('photos', 2))], [Object, UploadedFiles()], [Object, Body()]);
method(FormsController, 'any', [Post('any'), UseInterceptors(AnyFilesInterceptor())], [Object, UploadedFiles()], [Object, Body()]);
method(FormsController, 'small', [Post('small'), UseInterceptors(FileInterceptor('avatar'))],
  [Object, UploadedFile(new ParseFilePipe({ validators: [new MaxFileSizeValidator({ maxSize: 10 })] }))], [Object, Body()]);
Controller('forms')(FormsController);

class AnswersController {
  cookies(request, response, name) {
    response.cookie('plain', 'a b;ü');
    response.cookie('all', '1', { path: '/answers', domain: 'example.com', httpOnly: true, secure: true, sameSite: 'strict' });
    return { value: request.cookies[name] ?? null };
  }
  file() { return new StreamableFile(Buffer.from('x'.repeat(3000)), { type: 'text/csv', disposition: 'attachment; filename="x.csv"', length: 3000 }); }
  bytes() { return new StreamableFile(Buffer.from([0, 1, 2]), { length: 3 }); }
  large(size) { return JSON.stringify('a'.repeat(size)); }
  largeText() { return 'b'.repeat(5000); }
  largeKept() { return 'c'.repeat(5000); }
}
method(AnswersController, 'cookies', [Get('cookies')], [Object, Req()], [Object, Res({ passthrough: true })], [String, Query('name')]);
method(AnswersController, 'file', [Get('file')]);
method(AnswersController, 'bytes', [Get('bytes')]);
method(AnswersController, 'large', [Get('large'), Header('Content-Type', 'application/json; charset=utf-8')], [Number, Query('size', ParseIntPipe)]);
method(AnswersController, 'largeText', [Get('large-text')]);
method(AnswersController, 'largeKept', [Get('large-kept'), Header('Cache-Control', 'no-transform')]);
Controller('answers')(AnswersController);

class FirstController {
  get() { return 'first'; }
  neutral() { return 'neutral'; }
}
method(FirstController, 'get', [Get()]);
method(FirstController, 'neutral', [Get('neutral'), Version(VERSION_NEUTRAL)]);
Controller({ path: 'versions', version: '1' })(FirstController);
class SecondController {
  get() { return 'second'; }
}
method(SecondController, 'get', [Get()]);
Controller({ path: 'versions', version: ['2', '3'] })(SecondController);

const builtIn = Object.fromEntries(Object.values(common)
  .filter((each) => typeof each === 'function' && each.prototype instanceof HttpException && each !== common.IntrinsicException)
  .map((each) => { try { return [new each().getStatus(), each]; } catch { return []; } }).filter((each) => each.length));
class ErrorsController {
  builtIn(status, form) {
    const type = builtIn[status];
    if (!type) throw new Error('no such exception');
    switch (form) {
      case 'none': throw new type();
      case 'text': throw new type('a text');
      case 'array': throw new type(['a', 'b']);
      case 'description': throw new type('a text', 'A description');
      default: throw new type({ reason: 'x', code: 7 });
    }
  }
  own(form) {
    switch (form) {
      case 'text': throw new HttpException('a text', 418);
      case 'object': throw new HttpException({ a: 1, b: null }, 409);
      case 'array': throw new HttpException([1, 'two'], 422);
      case 'status': throw new HttpException('unknown', 599);
      case 'error': throw new Error('a secret');
      default: throw 7;
    }
  }
}
method(ErrorsController, 'builtIn', [Get('built-in/:status/:form')], [Number, Param('status', ParseIntPipe)], [String, Param('form')]);
method(ErrorsController, 'own', [Get('own/:form')], [String, Param('form')]);
Controller('errors')(ErrorsController);

class LimitedController {
  get() { return 'in time'; }
}
method(LimitedController, 'get', [Get(), Throttle({ default: { limit: 3, ttl: 60000 } })]);
UseGuards(ThrottlerGuard)(LimitedController);
Controller('limited')(LimitedController);

class FormsModule {}
Module({
  imports: [ThrottlerModule.forRoot([{ limit: 10, ttl: 60000 }])],
  controllers: [EventsController, FormsController, AnswersController, FirstController, SecondController, ErrorsController, LimitedController],
})(FormsModule);

const app = await NestFactory.create(FormsModule, { logger: false });
app.enableCors({ origin: ['https://a.example', 'https://b.example'], credentials: true, exposedHeaders: ['X-Total'], maxAge: 600 });
app.use(compression({ threshold: 1024 }));
app.use(cookieParser());
app.enableVersioning({ type: VersioningType.HEADER, header: 'X-API-Version' });
app.useStaticAssets(folder, { prefix: '/public' });
await app.listen(Number(port), '127.0.0.1');
console.log(`listening http 127.0.0.1:${port}`);
process.on('SIGTERM', () => process.exit(0));
