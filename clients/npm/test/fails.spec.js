'use strict';

// Fails, so that what the sandbox saw is attached to its report.
const { expect, test } = require('payporter-mock/playwright');
const { order } = require('./shop.js');

test('an order is never paid', async ({ merchant }) => {
  const { checkoutId } = await merchant.createCheckout(order('http://127.0.0.1:9/payment-callback'));
  expect((await merchant.checkout(checkoutId)).state).toBe('PAID');
});
