// Our server and client, and NestJS 12.
import { nestjsCallsUs, weCallNestjs } from './support/peers.mjs';

nestjsCallsUs(12);
weCallNestjs(12);
