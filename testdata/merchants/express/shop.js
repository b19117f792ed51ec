// A shop that takes payments on PayPorter's hosted page: create a checkout, send the customer to its
// redirectUrl, take the callback, ask for the status. Orders live in memory; yours belong in a
// database.
import { randomUUID } from 'node:crypto';
import express from 'express';

const payporter = process.env.PAYPORTER_BASE_URL ?? 'http://127.0.0.1:8080';
const credentials = {
  'X-API-KEY': process.env.PAYPORTER_API_KEY ?? 'test_key',
  'X-API-SECRET': process.env.PAYPORTER_API_SECRET ?? 'test_secret',
};
const patience = 4000; // ms; a callback wants its answer within 5 seconds

const orders = new Map(); // orderId -> order
const app = express();

app.get('/health', (req, res) => res.json({ status: 'ok' }));

// 1. Create a checkout. Whoever ordered is sent on to redirectUrl.
app.post('/orders', express.json(), async (req, res) => {
  const { amount, currency } = req.body ?? {};
  if (typeof amount !== 'number' || typeof currency !== 'string') {
    return res.status(400).json({ message: 'want {"amount": 100.50, "currency": "TRY"}' });
  }
  const order = { orderId: `ORD-${randomUUID()}`, amount, currency, status: 'pending', fulfilments: 0 };
  orders.set(order.orderId, order); // first, because a callback can overtake the answer
  try {
    const redirectUrl = await createCheckout(order);
    res.json({ orderId: order.orderId, redirectUrl });
  } catch (err) {
    if (order.status === 'pending') order.status = 'failed'; // nobody was sent to pay it
    throw err;
  }
});

app.get('/orders/:id', (req, res) => {
  const order = orders.get(req.params.id);
  if (!order) return res.status(404).json({ message: 'there is no such order' });
  res.json({ orderId: order.orderId, status: order.status, fulfilments: order.fulfilments });
});

const createCheckout = async (order) => {
  const response = await fetch(`${payporter}/api/checkout`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...credentials },
    body: JSON.stringify({
      orderId: order.orderId,
      amount: order.amount,
      currency: order.currency,
      callback: `http://127.0.0.1:${server.address().port}/payment-callback`,
    }),
    signal: AbortSignal.timeout(patience),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`PayPorter refused the checkout: ${answer.message}`);
  order.checkoutId = answer.checkoutId;
  return answer.redirectUrl;
};

// 2. The callback is not signed, so it proves nothing: it only says which checkout to ask about.
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

app.post('/payment-callback', express.urlencoded({ extended: false }), async (req, res) => {
  const checkoutId = req.body?.checkoutId;
  if (typeof checkoutId !== 'string' || !uuid.test(checkoutId)) return res.sendStatus(400);
  const checkoutStatus = await getCheckoutStatus(checkoutId);
  const order = orders.get(checkoutStatus?.orderId);
  if (!order || (order.checkoutId ?? checkoutId) !== checkoutId) return res.sendStatus(404);
  settle(order, checkoutStatus);
  res.sendStatus(200);
});

// 3. Ask for the status. A checkout that is not ours is null; an error here becomes a 503, so that
// the callback is sent again later.
const getCheckoutStatus = async (checkoutId) => {
  const response = await fetch(`${payporter}/api/checkout/${checkoutId}`, {
    headers: credentials,
    signal: AbortSignal.timeout(patience),
  });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`PayPorter answered ${response.status}`);
  return response.json();
};

const failures = ['FAILED', 'REJECTED', 'CANCELLED'];

// settle runs without an await, so of two callbacks at the same time only one fulfils the order.
const settle = (order, { status, amount, currency }) => {
  if (order.status === 'paid') return; // callbacks arrive more than once
  if (status === 'SUCCESS') {
    if (amount !== order.amount || currency !== order.currency) {
      console.error(`${order.orderId}: paid ${amount} ${currency} instead of ${order.amount} ${order.currency}`);
      return; // for a person to look at
    }
    order.status = 'paid';
    order.fulfilments += 1; // ship it
  } else if (failures.includes(status)) {
    order.status = 'failed'; // until the customer tries again
  }
};

// Express needs the fourth parameter to know an error handler.
app.use((err, req, res, next) => {
  console.error(err.message);
  res.status(err.status ?? 503).json({ message: err.message });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (err) => {
  if (err) throw err;
  console.log(`shop listens on http://127.0.0.1:${server.address().port}`);
});
