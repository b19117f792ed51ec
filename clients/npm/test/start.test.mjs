// Run by Node.js alone, from a project of ES modules.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

test('a slash behind the URL makes no difference, and an answer of any kind is told', async () => {
  const { callback, close } = await shop.openShop();
  const sandbox = await start({ scenarios: null });
  const merchant = connect(`${sandbox.url}/`).merchant();
  assert.equal(merchant.env.PAYPORTER_BASE_URL, sandbox.url);
  for (const body of ['{"error": "of another kind"}', '[1]']) {
    await merchant.putScenarios(
      `version: 1\nscenarios:\n  - name: odd\n    create: {respond: {status: 503, body: ${body}}}\n`);
    await assert.rejects(merchant.createCheckout(shop.order(callback)),
      (error) => error.status === 503 && JSON.stringify(error.body) === JSON.stringify(JSON.parse(body)));
  }
  await sandbox.stop();
  close();
});

test('an error that is no JSON is told', async () => {
  const server = createServer((_, answer) =>
    answer.writeHead(503, { 'Content-Type': 'application/json', Connection: 'close' }).end('{"mess'));
  await new Promise((listens) => server.listen(0, '127.0.0.1', listens));
  await assert.rejects(connect(`http://127.0.0.1:${server.address().port}`).health(), { status: 503, body: '{"mess' });
  server.close();
});

test('what is secret is in no flag, and what is null is left out', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'payporter-'));
  const fake = path.join(folder, 'program');
  writeFileSync(fake, '#!/bin/sh\n' +
    `echo "$@" "$PAYPORTER_MOCK_ADMIN_TOKEN" "$PAYPORTER_MOCK_API_SECRET" >${folder}/told\nexit 3\n`, { mode: 0o755 });
  process.env.PAYPORTER_MOCK = fake;
  await assert.rejects(start({
    adminToken: 'a-token-of-sixteen', apiSecret: 'hush', addr: null, scenarios: undefined, allowedHost: [null, 'a'],
  }), /ended with 3/);
  delete process.env.PAYPORTER_MOCK;
  assert.equal(readFileSync(path.join(folder, 'told'), 'utf8'),
    'serve --addr=127.0.0.1:0 --log-level=error --allowed-host=a --log-format=json a-token-of-sixteen hush\n');
  rmSync(folder, { recursive: true });
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
