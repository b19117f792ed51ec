'use strict';

// Run by Playwright: the customer is a browser.
const { expect, test } = require('payporter-mock/playwright');
const { openShop, order } = require('./shop.js');

test('a customer pays on the hosted page', async ({ page, merchant }) => {
  const shop = await openShop();
  const { checkoutId, redirectUrl } = await merchant.createCheckout(order(shop.callback));
  await page.goto(redirectUrl);
  await page.getByTestId('test-cards-summary').click();
  await page.getByTestId('test-card-5421190122090656').click();
  await page.getByTestId('pay').click();
  await expect(page.getByTestId('result')).toHaveAttribute('data-state', 'PAID');
  await merchant.waitFor({ checkoutId, kind: 'callback', status: 'DELIVERED' });
  shop.close();
});
