const crypto = require('crypto');

// body is the raw body as a Buffer, before any JSON parser has read it.
function genuine(secret, headers, body) {
  const mac = crypto.createHmac('sha256', secret);
  const expected = mac.update(headers['x-request-time'] + ':').update(body).digest();
  const sent = Buffer.from(headers['x-request-signature'] || '', 'hex');
  return sent.length === expected.length && crypto.timingSafeEqual(sent, expected);
}
