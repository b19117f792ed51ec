'use strict';

// Run by Jest as it is out of the box: CommonJS, no settings.
const { afterAll, beforeAll, expect, test } = require('@jest/globals');
const { usePayporter } = require('payporter-mock/jest');
const { openShop, order } = require('./shop.js');

const payporter = usePayporter({ seed: 1, scenarios: ['builtin:magic-amounts'] });
let shop;

beforeAll(async () => { shop = await openShop(); });
afterAll(() => shop.close());

test('a customer pays, the shop is told, and it asks', async () => {
  const { merchant } = payporter;
  const { checkoutId } = await merchant.createCheckout(order(shop.callback));
  await merchant.pay(checkoutId);
  await merchant.waitFor({ orderId: 'ORD-1', kind: 'callback', status: 'DELIVERED' });
  expect((await merchant.getCheckout(checkoutId)).status).toBe('SUCCESS');
});

test('a test sees nothing of the one before', async () => {
  expect(await payporter.merchant.checkouts()).toEqual({ checkouts: [] });
});

test('two days of retries pass in a moment', async () => {
  const { merchant } = payporter;
  await merchant.freeze();
  const { checkoutId } = await merchant.createCheckout(order('http://127.0.0.1:9/payment-callback'));
  await merchant.pay(checkoutId, { card: '4111111111111129' });
  expect((await merchant.setTime('2100-01-31T12:00:00Z')).now).toBe('2100-01-31T12:00:00Z');
  expect((await merchant.advance('48h')).now).toBe('2100-02-02T12:00:00Z');
  expect((await merchant.resume()).frozen).toBe(false);
  const { callbacks: [callback] } = await merchant.callbacks({ checkoutId });
  expect(callback).toMatchObject({ status: 'EXHAUSTED', attempts: { length: 9 } });
  expect((await merchant.redeliver(callback.id)).attempts).toHaveLength(10);
});

test('what can go wrong is forced', async () => {
  const { merchant } = payporter;
  await merchant.nextScenario({ scenario: 'insufficient-funds' });
  const declined = await merchant.createCheckout(order(shop.callback));
  expect(await merchant.pay(declined.checkoutId)).toMatchObject({ status: 'FAILED', payment: { resultCode: '51' } });

  const cancelled = await merchant.createCheckout(order(shop.callback));
  expect((await merchant.cancel(cancelled.checkoutId)).state).toBe('CANCELLED');
  const expired = await merchant.createCheckout(order(shop.callback));
  expect((await merchant.expire(expired.checkoutId)).state).toBe('EXPIRED');

  const forged = await merchant.forge({ checkoutId: 'none of ours', url: shop.callback, as: 'json' });
  expect(forged).toMatchObject({ kind: 'forge', response: { status: 200 } });
});

test('a scenario file is put in force as it is written', async () => {
  const { merchant } = payporter;
  const file = 'version: 1\nscenarios:\n  - name: mine\n    payment: {status: FAILED}\n';
  expect(await merchant.putScenarios(file)).toMatchObject({ scenarios: ['mine'], own: true });
  await expect(merchant.putScenarios('version: 1\nscenarioz: []\n')).rejects.toMatchObject({
    name: 'CallError', status: 400, message: expect.stringContaining('scenarioz'),
  });
});

test('a header forces a scenario', async () => {
  const refused = payporter.merchant.createCheckout(order(shop.callback), { 'X-Mock-Scenario': 'rate-limited' });
  await expect(refused).rejects.toMatchObject({ status: 429, body: { messageCode: 'TOO_MANY_REQUESTS' } });
});
