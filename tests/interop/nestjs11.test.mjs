// Our server, called by NestJS 11.
import { nestjsCallsUs } from './support/peers.mjs';

nestjsCallsUs(11);
