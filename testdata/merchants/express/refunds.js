// Giving money back, and taking PayPorter's signed webhooks, which tell what became of it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

const secret = process.env.PAYPORTER_WEBHOOK_SECRET; // without it no webhook is taken
const oldest = 5 * 60 * 1000; // ms; what is older may have been recorded by somebody
const remembered = 10_000; // event ids; a real shop keeps them in its database

// refunds adds its routes to the shop. ask calls PayPorter, settle takes a payment of an order.
export const refunds = (app, { orders, ask, settle }) => {
  const seen = new Set(); // event ids

  // 5. The customer gets some of the money back. What waits for its approval is given back, too, and so is what may
  // have come through: a refund whose answer never came is not asked for again.
  app.post('/orders/:id/refund', express.json(), async (req, res) => {
    const order = orders.get(req.params.id);
    if (!order) return res.status(404).json({ message: 'there is no such order' });
    const { amount } = req.body ?? {};
    if (typeof amount !== 'number' || !(amount > 0)) return res.status(400).json({ message: 'want {"amount": 50.25}' });
    if (order.status !== 'paid') return res.status(409).json({ message: 'this order is not paid' });
    if (minor(amount) > minor(order.amount) - given(order)) {
      return res.status(409).json({ message: 'that is more than was paid and not given back' });
    }

    const refund = { amount, status: 'UNKNOWN' }; // before PayPorter is asked, so that two at once cannot exceed the order
    order.refunds.push(refund);
    try {
      const made = await ask(`/api/payment/${order.paymentId}/refund`, { amount, currency: order.currency });
      Object.assign(refund, { paymentId: made.paymentId, status: made.status });
    } catch (err) {
      if (err.answered >= 400 && err.answered < 500) { // PayPorter says no: nothing has happened
        order.refunds.splice(order.refunds.indexOf(refund), 1);
        return res.status(409).json({ message: 'PayPorter refuses this refund' });
      }
      console.error(`${order.orderId}: refund of ${amount}: ${err.message}`); // for a person to look at
      return res.status(502).json({ message: 'it is not known whether this refund was made' });
    }
    res.json({ orderId: order.orderId, refund });
  });

  // 6. A webhook is signed over its raw body. What it says is asked for all the same: it may be old by now.
  app.post('/webhook', express.raw({ type: () => true }), async (req, res) => {
    if (!genuine(req.headers, req.body)) return res.status(401).json({ message: 'the signature is wrong' });
    if (Date.now() - Number(req.headers['x-request-time']) > oldest) return res.status(401).json({ message: 'too old' });
    const event = req.headers['x-event-id'];
    if (seen.has(event)) return res.json({ message: 'thank you, again' });

    const { paymentId } = JSON.parse(req.body);
    await learn(await ask(`/api/payment/${encodeURIComponent(paymentId)}`));
    seen.add(event); // afterwards: one that could not be handled comes again
    if (seen.size > remembered) seen.delete(seen.values().next().value);
    res.json({ message: 'thank you' });
  });

  // learn takes what PayPorter says of a payment: of an order's own, or of what gives money back.
  const learn = async (payment) => {
    const order = orders.get(payment.orderId);
    if (!order) return; // somebody else's
    if (payment.transactionType === 'SALE') return settle(order, order.checkoutId, payment);
    const refund = order.refunds.find((r) => r.paymentId === payment.paymentId)
      ?? order.refunds.find((r) => !r.paymentId && r.amount === payment.amount); // its answer never came
    if (refund) Object.assign(refund, { paymentId: payment.paymentId, status: payment.status });
  };

  // asked brings the refunds of an order up to date: a webhook can be lost.
  const asked = async (order) => {
    for (const refund of order.refunds) {
      if (refund.status === 'PENDING_APPROVAL') await learn(await ask(`/api/payment/${refund.paymentId}`));
    }
  };
  return asked;
};

// refunded is what the customer has got back; only SUCCESS is.
export const refunded = (order) => sum(order.refunds.filter((r) => r.status === 'SUCCESS')) / 100;

// given is what was given back, or may be.
const given = (order) => sum(order.refunds.filter((r) => ['SUCCESS', 'PENDING_APPROVAL', 'UNKNOWN'].includes(r.status)));
const sum = (refunds) => refunds.reduce((all, refund) => all + minor(refund.amount), 0);
const minor = (amount) => Math.round(amount * 100); // a real shop knows the digits of each currency

const genuine = (headers, body) => {
  if (!secret) return false;
  const expected = createHmac('sha256', secret).update(`${headers['x-request-time']}:`).update(body).digest();
  const sent = Buffer.from(headers['x-request-signature'] ?? '', 'hex');
  return sent.length === expected.length && timingSafeEqual(sent, expected);
};
