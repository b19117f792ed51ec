// Compiled, not run: the types are those of the verbs.
import { CallError, start } from 'payporter-mock';
import type { Checkout, Entry, Merchant } from 'payporter-mock';
import { usePayporter } from 'payporter-mock/jest';
import { expect, test } from 'payporter-mock/playwright';

export async function order(): Promise<string> {
  const sandbox = await start({ payer: 'auto', scenarios: ['shop.yaml'], seed: 1 });
  const merchant: Merchant = sandbox.merchant();
  const callback = 'http://127.0.0.1:9/payment-callback';
  const { checkoutId } = await merchant.createCheckout({ orderId: 'ORD-1', amount: 100.5, currency: 'TRY', callback });
  const paid: Checkout = await merchant.pay(checkoutId, { card: '5421190122090656', installmentCount: 3 });
  const { entries } = await merchant.waitFor({ orderId: 'ORD-1', kind: 'callback', count: 2 });
  const entry: Entry = entries[0];
  await merchant.nextScenario({ scenario: 'insufficient-funds', times: 2 });
  // @ts-expect-error: a scenario has a name
  await merchant.nextScenario({ times: 2 });
  // @ts-expect-error: there is no such kind
  await merchant.journal({ kind: 'kallback' });
  try {
    await merchant.putScenarios('version: 1');
  } catch (error) {
    if (error instanceof CallError) return `${error.status} ${entry.seq} ${paid.status}`;
  }
  await sandbox.stop();
  return merchant.env.PAYPORTER_API_KEY;
}

const payporter = usePayporter({ logLevel: 'error' });
export const key: () => string = () => payporter.merchant.apiKey;

test.use({ sandboxOptions: { payer: 'auto' } });
test('orders', async ({ page, merchant, sandbox }) => {
  expect((await sandbox.health()).status).toBe('ok');
  await page.goto((await merchant.checkouts()).checkouts[0].checkoutId);
});
