import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSandbox } from './payporter.js';

let sandbox, shop, callback;

beforeAll(async () => {
  sandbox = await startSandbox('--log-level', 'warn');
  // Stands for your shop: start yours here instead, with PAYPORTER_BASE_URL = sandbox.url.
  shop = createServer((request, response) => request.resume().on('end', () => response.end()));
  await new Promise((ready) => shop.listen(0, '127.0.0.1', ready));
  callback = `http://127.0.0.1:${shop.address().port}/payment-callback`;
});
afterAll(async () => { await sandbox.stop(); shop.close(); });

test('a customer pays, and the shop is told', async () => {
  const call = sandbox.merchant('test_pays');
  const { checkoutId } = await call('/api/checkout', { orderId: 'ORD-1', amount: 100.5, currency: 'TRY', callback });
  await call(`/_mock/checkouts/${checkoutId}/pay`, {});
  await call('/_mock/journal/wait?orderId=ORD-1&kind=callback&status=DELIVERED');
  expect((await call(`/api/checkout/${checkoutId}`)).status).toBe('SUCCESS');
});

test('a card is declined', async () => {
  const call = sandbox.merchant('test_declined');
  const { checkoutId } = await call('/api/checkout', { orderId: 'ORD-1', amount: 100.5, currency: 'TRY', callback });
  await call(`/_mock/checkouts/${checkoutId}/pay`, { card: '4111111111111129' });
  const payment = await call(`/api/checkout/${checkoutId}`);
  expect(payment).toMatchObject({ status: 'FAILED', resultCode: '51', resultMessage: 'Not sufficient funds' });
});
