// Signs webhooks: reads lines of secret, x-request-time and body, the first and the last in hexadecimal, and writes the
// signature of each.
const crypto = require('crypto');

const bytes = (hex) => Buffer.from(hex, 'hex');

for (const line of require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const [secret, requestTime, body] = line.split(' ');
  const mac = crypto.createHmac('sha256', bytes(secret));
  console.log(mac.update(requestTime + ':').update(bytes(body)).digest('hex'));
}
