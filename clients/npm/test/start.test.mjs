// Run by Node.js alone, from a project of ES modules.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { connect, start } from 'payporter-mock';
import shop from './shop.js';

test('a sandbox starts, takes an order through, and ends', async () => {
  const { callback, close } = await shop.openShop();
  const sandbox = await start({ payer: 'auto', adminToken: 'a-token-of-sixteen' });
  assert.equal((await sandbox.health()).status, 'ok');

  const merchant = connect(sandbox.url, { adminToken: 'a-token-of-sixteen' }).merchant();
  const { checkoutId } = await merchant.createCheckout(shop.order(callback));
  await merchant.waitFor({ checkoutId, kind: 'callback', status: 'DELIVERED', count: 1, timeout: '10s' });
  assert.equal((await merchant.getCheckout(checkoutId)).status, 'SUCCESS');
  assert.deepEqual((await sandbox.merchants()).merchants.slice(1), [merchant.apiKey]);

  await sandbox.stop();
  await sandbox.stop(); // again: nothing is left to do
  await assert.rejects(sandbox.health());
  close();
});

test('what cannot start says so', async () => {
  await assert.rejects(start({ payer: 'nobody' }), /payporter-mock ended with 2 before it listened/);
  process.env.PAYPORTER_MOCK = '/nowhere/payporter-mock';
  await assert.rejects(start(), /nowhere.*ENOENT/);
  delete process.env.PAYPORTER_MOCK;
});

test('a sandbox ends with the process that started it', async () => {
  const code = "require('payporter-mock').start().then(({ url }) => { console.log(url); process.exit(); })";
  const stdio = ['ignore', 'pipe', 'ignore']; // a sandbox that stays must not hold this test up
  const url = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8', stdio }).trim();
  await assert.rejects(connect(url).health());
});
