// A shop that takes payments on PayPorter's hosted page: create a checkout, send the customer to its
// redirectUrl, take the callback, ask for the status. Orders live in memory; yours belong in a
// database.
import { randomUUID } from 'node:crypto';
import express from 'express';
import { refunded, refunds } from './refunds.js';

const payporter = process.env.PAYPORTER_BASE_URL ?? 'http://127.0.0.1:8080';
const credentials = {
  'X-API-KEY': process.env.PAYPORTER_API_KEY ?? 'test_key',
  'X-API-SECRET': process.env.PAYPORTER_API_SECRET ?? 'test_secret',
};
const patience = 3000; // ms; a callback wants its answer within 5 seconds

const orders = new Map(); // orderId -> order
const checkouts = new Map(); // checkoutId -> the order it is for
const app = express();

app.get('/health', (req, res) => res.json({ status: 'ok' }));

// 1. The customer orders. A real shop knows its prices; it never takes one from the customer.
app.post('/orders', express.json(), async (req, res) => {
  const { amount, currency } = req.body ?? {};
  if (typeof amount !== 'number' || !(amount > 0) || !/^[A-Z]{3}$/.test(currency)) {
    return res.status(400).json({ message: 'want {"amount": 100.50, "currency": "TRY"}' });
  }
  // A double holds every amount of up to 15 digits, and is never calculated with.
  const order = { orderId: `ORD-${randomUUID()}`, amount, currency, status: 'pending', fulfilments: 0, refunds: [] };
  orders.set(order.orderId, order); // first, because a callback can overtake the answer
  await sendToPay(order, res);
});

// A customer who left, or whose payment was declined, tries again.
app.post('/orders/:id/pay', async (req, res) => {
  const order = orders.get(req.params.id);
  if (!order) return res.status(404).json({ message: 'there is no such order' });
  await sendToPay(order, res);
});

app.get('/orders/:id', async (req, res) => {
  const order = orders.get(req.params.id);
  if (!order) return res.status(404).json({ message: 'there is no such order' });
  await askForRefunds(order).catch((err) => console.error(`${order.orderId}: ${err.message}`)); // asked again the next time
  const { orderId, status, fulfilments } = order;
  res.json({ orderId, status, fulfilments, refunded: refunded(order) });
});

// 2. Send the customer to redirectUrl, unchanged. Who asks twice at once gets one link, not two that
// can both be paid.
const sendToPay = async (order, res) => {
  order.linking ??= link(order).finally(() => { order.linking = undefined; });
  try {
    const redirectUrl = await order.linking;
    if (!redirectUrl) return res.status(409).json({ message: 'this order is paid' });
    res.json({ orderId: order.orderId, redirectUrl });
  } catch (err) {
    console.error(`${order.orderId}: ${err.message}`);
    res.status(502).json({ orderId: order.orderId, message: 'no payment can be taken now: try POST /orders/{id}/pay again' });
  }
};

// link answers where the order can be paid: on the link it has, or on a new one where that is over.
const link = async (order) => {
  if (order.checkoutId) settle(order, order.checkoutId, await ask(`/api/checkout/${order.checkoutId}`)); // a callback can be lost
  if (order.status === 'paid') return null;
  if (order.redirectUrl) return order.redirectUrl;
  const { checkoutId, redirectUrl } = await ask('/api/checkout', {
    orderId: order.orderId,
    amount: order.amount,
    currency: order.currency,
    maxInstallmentCount: 3, // the customer chooses on the page; amount stays the whole order's
    callback: `http://127.0.0.1:${server.address().port}/payment-callback`,
  });
  checkouts.set(checkoutId, order);
  Object.assign(order, { checkoutId, redirectUrl });
  return redirectUrl;
};

// 3. The callback is not signed, so it proves nothing: it only says which checkout to ask about. An
// error here becomes a 503, so that the callback is sent again later.
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

app.post('/payment-callback', express.urlencoded({ extended: false }), async (req, res) => {
  const checkoutId = req.body?.checkoutId;
  if (typeof checkoutId !== 'string' || !uuid.test(checkoutId)) {
    return res.status(400).json({ message: 'checkoutId must be a UUID' });
  }
  const payment = await ask(`/api/checkout/${checkoutId}`);
  const order = orders.get(payment.orderId);
  if (!order || (checkouts.get(checkoutId) ?? order) !== order) {
    return res.status(404).json({ message: 'there is no such order' });
  }
  settle(order, checkoutId, payment);
  res.json({ message: 'thank you' });
});

// 4. Believe the status, once, and only if it is about this order's money. There is no await in here,
// so of two callbacks at the same time only one fulfils the order.
const settle = (order, checkoutId, { paymentId, status, orderId, amount, currency }) => {
  if (order.status === 'paid') return; // callbacks come more than once, and in any order
  if (status === 'SUCCESS') {
    if (orderId !== order.orderId || amount !== order.amount || currency !== order.currency) {
      console.error(`${order.orderId}: paid ${amount} ${currency} for ${orderId}`); // for a person to look at
      return;
    }
    Object.assign(order, { status: 'paid', paymentId }); // a refund names the payment
    order.fulfilments += 1; // ship it
  } else if (['FAILED', 'REJECTED', 'CANCELLED'].includes(status)) {
    order.status = 'failed'; // until the customer tries again: after FAILED on the same link
    if (status !== 'FAILED' && checkoutId === order.checkoutId) order.redirectUrl = undefined; // this link is over
  } // whatever else it says, it is not decided yet
};

// ask calls PayPorter. Whatever goes wrong is an error, and no error is ever a payment.
const ask = async (path, json) => {
  const response = await fetch(payporter + path, {
    method: json ? 'POST' : 'GET',
    headers: json ? { 'Content-Type': 'application/json', ...credentials } : credentials,
    body: json && JSON.stringify(json),
    redirect: 'error', // the credentials go nowhere else
    signal: AbortSignal.timeout(patience),
  });
  if (!response.ok) throw Object.assign(new Error(`PayPorter answered ${response.status}`), { answered: response.status });
  const answer = await response.json();
  if (answer === null || typeof answer !== 'object') throw new Error('PayPorter answered no object');
  return answer;
};

const askForRefunds = refunds(app, { orders, ask, settle });

// Express needs the fourth parameter to know an error handler.
app.use((err, req, res, next) => {
  if (err.answered === 404) return res.status(404).json({ message: 'there is no such checkout' });
  if (err.status) return res.status(err.status).json({ message: err.message }); // a body that cannot be read
  console.error(`${req.path}: ${err.message}`);
  res.status(503).json({ message: 'PayPorter could not be asked' });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (err) => {
  if (err) throw err;
  console.log(`shop listens on http://127.0.0.1:${server.address().port}`);
});
