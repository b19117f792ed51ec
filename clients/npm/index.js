'use strict';

// CommonJS, because both require and import take it, and so does Jest without a setting.
const { CallError } = require('./caller.js');
const { Merchant } = require('./merchant.js');
const { program } = require('./program.js');
const { Sandbox, connect, start } = require('./sandbox.js');

module.exports = { CallError, Merchant, Sandbox, connect, program, start };
