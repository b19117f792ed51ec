// A shop that takes payments on PayPorter's hosted page, with nothing but Node.js 20: create a checkout,
// send the customer to its redirectUrl, take the callback, ask for the status. Orders live in memory;
// yours belong in a database.
'use strict';
const { createServer } = require('node:http');
const { randomUUID } = require('node:crypto');

const payporter = process.env.PAYPORTER_BASE_URL ?? 'http://127.0.0.1:8080';
const credentials = {
  'X-API-KEY': process.env.PAYPORTER_API_KEY ?? 'test_key',
  'X-API-SECRET': process.env.PAYPORTER_API_SECRET ?? 'test_secret',
};
const patience = 3000; // ms; a callback wants its answer within 5 seconds
const maxBody = 64 * 1024; // bytes

const orders = new Map(); // orderId -> order
const checkouts = new Map(); // checkoutId -> the order it is for

// Refused is why the caller gets no for an answer, with the status that says so.
class Refused extends Error {
  constructor(status, message, details) {
    super(message);
    Object.assign(this, { status, answer: { message, ...details } });
  }
}

// 1. The customer orders. A real shop knows its prices; it never takes one from the customer.
const order = async (req) => {
  const { amount, currency } = parse(await body(req)) ?? {};
  if (!(amount > 0) || typeof amount !== 'number' || !/^[A-Z]{3}$/.test(currency)) {
    throw new Refused(400, 'want {"amount": 100.50, "currency": "TRY"}');
  }
  // A double holds every amount of up to 15 digits, and is written as it was read: 100.1 stays 100.1. It
  // is never calculated with.
  const made = { orderId: `ORD-${randomUUID()}`, amount, currency, status: 'pending', fulfilments: 0 };
  orders.set(made.orderId, made); // first, because a callback can overtake the answer
  return toPay(made);
};

// 2. Send the customer to redirectUrl, unchanged. Who asks twice at once gets one link, not two that can
// both be paid.
const toPay = async (order) => {
  order.linking ??= link(order).finally(() => { order.linking = undefined; });
  try {
    return { orderId: order.orderId, redirectUrl: await order.linking };
  } catch (err) {
    if (err.status) throw err;
    console.error(`${order.orderId}: ${err.message}`);
    throw new Refused(502, 'no payment can be taken now: try POST /orders/{id}/pay again', { orderId: order.orderId });
  }
};

// link answers where the order can be paid: on the link it has, or on a new one where that is over.
const link = async (order) => {
  if (order.checkoutId) settle(order, order.checkoutId, await checkoutStatus(order.checkoutId)); // a callback can be lost
  if (order.status === 'paid') throw new Refused(409, 'this order is paid');
  if (order.redirectUrl) return order.redirectUrl;
  const { checkoutId, redirectUrl } = await ask('/api/checkout', {
    orderId: order.orderId,
    amount: order.amount,
    currency: order.currency,
    callback: `http://127.0.0.1:${server.address().port}/payment-callback`,
  });
  checkouts.set(checkoutId, order);
  Object.assign(order, { checkoutId, redirectUrl });
  return redirectUrl;
};

// 3. The callback is not signed, so it proves nothing: it only says which checkout to ask about.
const callback = async (req) => {
  if (!/^application\/x-www-form-urlencoded\b/i.test(req.headers['content-type'])) throw new Refused(415, 'want a form');
  const [checkoutId, ...more] = new URLSearchParams(await body(req)).getAll('checkoutId');
  if (more.length > 0 || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(checkoutId)) {
    throw new Refused(400, 'checkoutId must be a UUID');
  }
  const payment = await checkoutStatus(checkoutId);
  const order = orders.get(payment.orderId);
  if (!order || (checkouts.get(checkoutId) ?? order) !== order) throw new Refused(404, 'there is no such order');
  settle(order, checkoutId, payment);
  return { message: 'thank you' };
};

// 4. Believe the status, once, and only if it is about this order's money. There is no await in here, so
// of two callbacks at the same time only one fulfils the order.
const settle = (order, checkoutId, { status, orderId, amount, currency }) => {
  if (order.status === 'paid') return; // callbacks come more than once, and in any order
  if (status === 'SUCCESS') {
    if (orderId !== order.orderId || amount !== order.amount || currency !== order.currency) {
      console.error(`${order.orderId}: paid ${amount} ${currency} for ${orderId}`); // for a person to look at
      return;
    }
    order.status = 'paid';
    order.fulfilments += 1; // ship it
  } else if (['FAILED', 'REJECTED', 'CANCELLED'].includes(status)) {
    order.status = 'failed'; // until the customer tries again: after FAILED on the same link
    if (status !== 'FAILED' && checkoutId === order.checkoutId) order.redirectUrl = undefined; // this link is over
  } // whatever else it says, it is not decided yet
};

const checkoutStatus = async (checkoutId) => {
  try {
    return await ask(`/api/checkout/${checkoutId}`);
  } catch (err) {
    if (err.answered === 404) throw new Refused(404, 'there is no such checkout');
    throw err;
  }
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

const body = async (req) => {
  const chunks = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size <= maxBody) chunks.push(chunk); // what is too much is read, so that it can be answered, but not kept
  }
  if (size > maxBody) throw new Refused(413, 'the body is too long');
  return Buffer.concat(chunks).toString();
};

const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(400, 'the body must be JSON');
  }
};

const found = (id) => {
  if (!orders.has(id)) throw new Refused(404, 'there is no such order');
  return orders.get(id);
};

const route = async (req) => {
  const [, page, id, action, ...more] = req.url.split('?')[0].split('/');
  switch (`${req.method} /${page}${id ? '/ID' : ''}${action ? `/${action}` : ''}${more.length ? '/...' : ''}`) {
    case 'GET /health': return { status: 'ok' };
    case 'POST /orders': return order(req);
    case 'POST /orders/ID/pay': return toPay(found(id));
    case 'GET /orders/ID': {
      const { orderId, status, fulfilments } = found(id);
      return { orderId, status, fulfilments };
    }
    case 'POST /payment-callback': return callback(req);
    default: throw new Refused(404, 'there is no such page');
  }
};

const server = createServer(async (req, res) => {
  let status = 200;
  let answer;
  try {
    answer = await route(req);
  } catch (err) {
    if (!err.status) console.error(`${req.url}: ${err.message}`);
    // What nobody did wrong is PayPorter not to be reached: 503, so that a callback is sent again later.
    ({ status, answer } = err.status ? err : { status: 503, answer: { message: 'PayPorter could not be asked' } });
  }
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(answer));
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`shop listens on http://127.0.0.1:${server.address().port}`);
});
