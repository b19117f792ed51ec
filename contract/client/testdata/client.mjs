// The tests of a small SDK in JavaScript, as `verify client` runs them. It speaks the contract.
import assert from "node:assert/strict";

const base = process.env.PAYPORTER_BASE_URL;
const control = process.env.PAYPORTER_MOCK_URL + "/_mock";
const headers = {
  "X-API-KEY": process.env.PAYPORTER_API_KEY,
  "X-API-SECRET": process.env.PAYPORTER_API_SECRET,
};

async function ask(method, url, body) {
  const json = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(url, { method, headers: { ...headers, ...json }, body: body && JSON.stringify(body) });
  assert.equal(answer.status, 200, url);
  return answer.json();
}

const create = (order) => ask("POST", base + "/api/checkout", order);
const status = async (id) => (await ask("GET", base + "/api/checkout/" + id)).status;
const order = (orderId, more) => ({ orderId, amount: 100.5, currency: "TRY", callback: "http://127.0.0.1:9/callback", ...more });

const [paid, declined] = await Promise.all([
  create(order("ORD-1", { description: "two at once", maxInstallmentCount: 12 })),
  create(order("ORD-2", { amount: 0.01, interestPaidByCustomer: true })),
]);
assert.equal(paid.redirectUrl, base + "/checkout-link/" + paid.checkoutId);
assert.equal(await status(paid.checkoutId), "ENROLLED");
await ask("POST", `${control}/checkouts/${paid.checkoutId}/pay`, {});
await ask("POST", `${control}/checkouts/${declined.checkoutId}/pay`, { card: "4111111111111129" });
assert.equal(await status(paid.checkoutId), "SUCCESS");
assert.equal(await status(declined.checkoutId), "FAILED");

const card = { cardHolderName: "AYSE YILMAZ", pan: "5421190122090656", expiryMonth: "04", expiryYear: "48", cvv: "916" };
const { callback: _, ...charge } = order("ORD-CARD", { ...card, requestIp: "203.0.113.7", requestPort: 49152 });
const { paymentId } = await ask("POST", base + "/api/payment", charge);
assert.equal((await ask("GET", `${base}/api/payment/${paymentId}`)).status, "SUCCESS");
const refund = await ask("POST", `${base}/api/payment/${paymentId}/refund`, { amount: 50.25, currency: "TRY" });
assert.equal(refund.status, "PENDING_APPROVAL");

// The customer's browser sends the form of htmlContent, enters the code, and brings the key back.
const urls = { successUrl: "http://127.0.0.1:9/ok", failureUrl: "http://127.0.0.1:9/no" };
const started = await ask("POST", base + "/api/3ds", { ...charge, ...urls, orderId: "ORD-3DS" });
const bank = started.htmlContent.match(/<form[^>]* action="([^"]*)"/)[1];
const send = async (form) => (await fetch(bank, { method: "POST", body: new URLSearchParams(form) })).text();
await send({});
const [, securityKey] = (await send({ code: "123456" })).match(/name="securityKey" value="([^"]*)"/);
const completed = await ask("POST", `${base}/api/3ds/${started.paymentId}/complete`, { securityKey });
assert.equal(completed.status, "SUCCESS");
