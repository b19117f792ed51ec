'use strict';

const { afterAll, beforeAll, beforeEach } = require('@jest/globals');
const { start } = require('./sandbox.js');

/** A sandbox for the tests of this file, and a merchant of its own for each. */
exports.usePayporter = (options) => {
  const payporter = {};
  beforeAll(async () => { payporter.sandbox = await start(options); });
  beforeEach(() => { payporter.merchant = payporter.sandbox.merchant(); });
  afterAll(() => payporter.sandbox?.stop());
  return payporter;
};
