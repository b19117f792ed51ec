'use strict';

const { writeFile } = require('node:fs/promises');
const { expect, test } = require('@playwright/test');
const { start } = require('./sandbox.js');

/** Playwright's test, with a sandbox for each worker and a merchant of its own for each test. */
exports.test = test.extend({
  sandboxOptions: [{}, { option: true, scope: 'worker' }],

  sandbox: [async ({ sandboxOptions }, use) => {
    const sandbox = await start(sandboxOptions);
    await use(sandbox);
    await sandbox.stop();
  }, { scope: 'worker' }],

  merchant: async ({ sandbox }, use, info) => {
    const merchant = sandbox.merchant();
    await use(merchant);
    if (info.status === info.expectedStatus) return;
    // What the sandbox saw is left beside the report: payporter-mock show FILE, or the dashboard, opens it.
    const path = info.outputPath('payporter-session.json');
    await writeFile(path, JSON.stringify(await merchant.session()));
    await info.attach('payporter-session.json', { path });
  },
});
exports.expect = expect;
