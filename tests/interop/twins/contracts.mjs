// The DTOs as a NestJS team writes them, and the pipe that checks them.
import { ValidationPipe } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { IsEmail, IsIn, IsNotEmpty, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { decorateProperty } from '../support/nest.mjs';

export class CreateUserDto {}
decorateProperty(CreateUserDto, 'firstName', IsString(), IsNotEmpty(), MaxLength(100));
decorateProperty(CreateUserDto, 'lastName', IsString(), IsNotEmpty(), MaxLength(100));
decorateProperty(CreateUserDto, 'email', IsEmail());
decorateProperty(CreateUserDto, 'password', IsString(), MinLength(8), MaxLength(128));

export class GetUserDto {}
decorateProperty(GetUserDto, 'id', IsUUID());

export class SendNotificationDto {}
decorateProperty(SendNotificationDto, 'userId', IsUUID());
decorateProperty(SendNotificationDto, 'type', IsIn(['email', 'sms', 'push']));
decorateProperty(SendNotificationDto, 'recipient', IsString(), IsNotEmpty());
decorateProperty(SendNotificationDto, 'subject', IsString(), IsNotEmpty());
decorateProperty(SendNotificationDto, 'content', IsString(), IsNotEmpty());

const refusal = (statusCode, error, message) => new RpcException({ message, error, statusCode });
export const notFound = (message) => refusal(404, 'Not Found', message);
export const conflict = (message) => refusal(409, 'Conflict', message);

/** NestJS's ValidationPipe; what it refuses reaches a caller over TCP as it would one over HTTP. */
export function validation(options) {
  const pipe = new ValidationPipe({
    ...options,
    exceptionFactory: (errors) => refusal(400, 'Bad Request', pipe.flattenValidationErrors(errors)),
  });
  return pipe;
}
export const strict = () => validation({ whitelist: true, forbidNonWhitelisted: true });
