// Our server and client, and NestJS 11.
import { nestjsCallsUs, weCallNestjs } from './support/peers.mjs';

nestjsCallsUs(11);
weCallNestjs(11);
