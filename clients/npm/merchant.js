'use strict';

const { MerchantVerbs } = require('./verbs.js');

/** A merchant of the sandbox, whom nothing of other merchants concerns. */
class Merchant extends MerchantVerbs {
  constructor(url, apiKey, apiSecret, headers) {
    super(url, { ...headers, 'X-API-KEY': apiKey, 'X-API-SECRET': apiSecret });
    this.apiKey = apiKey;
    this.apiSecret = apiSecret;
    this.env = { PAYPORTER_BASE_URL: this.url, PAYPORTER_API_KEY: apiKey, PAYPORTER_API_SECRET: apiSecret };
  }

  createCheckout(order, headers) { return this.call('POST', '/api/checkout', { body: order, headers }); }
  getCheckout(checkoutId) { return this.call('GET', `/api/checkout/${encodeURIComponent(checkoutId)}`); }

  cancel(checkoutId) { return this.outcome(checkoutId, { status: 'CANCELLED' }); }
  advance(duration) { return this.moveClock({ advance: duration }); }
  freeze() { return this.moveClock({ freeze: true }); }
  resume() { return this.moveClock({ resume: true }); }
  setTime(time) { return this.moveClock({ set: time }); }
}

exports.Merchant = Merchant;
