// Our server, called by NestJS 12.
import { nestjsCallsUs } from './support/peers.mjs';

nestjsCallsUs(12);
