// Generated from the control API's description by: go generate ./clients/generate
'use strict';

const { Caller } = require('./caller.js');

/** The calls that concern the whole sandbox. */
class SandboxVerbs extends Caller {
  health() {
    return this.call('GET', '/_mock/health');
  }

  merchants() {
    return this.call('GET', '/_mock/merchants');
  }

  strangers(options) {
    return this.call('GET', '/_mock/strangers', { query: options });
  }
}

/** The calls that concern one merchant. */
class MerchantVerbs extends Caller {
  abandon(checkoutId) {
    return this.call('POST', `/_mock/checkouts/${encodeURIComponent(checkoutId)}/abandon`);
  }

  approve(paymentId) {
    return this.call('POST', `/_mock/payments/${encodeURIComponent(paymentId)}/approve`);
  }

  callback(callbackId) {
    return this.call('GET', `/_mock/callbacks/${encodeURIComponent(callbackId)}`);
  }

  callbacks(options) {
    return this.call('GET', '/_mock/callbacks', { query: options });
  }

  cancelNextScenarios() {
    return this.call('DELETE', '/_mock/scenarios/next');
  }

  checkout(checkoutId) {
    return this.call('GET', `/_mock/checkouts/${encodeURIComponent(checkoutId)}`);
  }

  checkouts(options) {
    return this.call('GET', '/_mock/checkouts', { query: options });
  }

  clock() {
    return this.call('GET', '/_mock/clock');
  }

  coverage() {
    return this.call('GET', '/_mock/coverage');
  }

  deleteScenarios() {
    return this.call('DELETE', '/_mock/scenarios');
  }

  deleteWebhook() {
    return this.call('DELETE', '/_mock/webhook');
  }

  expire(checkoutId) {
    return this.call('POST', `/_mock/checkouts/${encodeURIComponent(checkoutId)}/expire`);
  }

  explainScenario(options) {
    return this.call('GET', '/_mock/scenarios/explain', { query: options });
  }

  forge(options) {
    return this.call('POST', '/_mock/callbacks/forge', { body: options });
  }

  forgeWebhook(options) {
    return this.call('POST', '/_mock/webhooks/forge', { body: options });
  }

  journal(options) {
    return this.call('GET', '/_mock/journal', { query: options });
  }

  moveClock(options) {
    return this.call('POST', '/_mock/clock', { body: options });
  }

  nextScenario(options) {
    return this.call('POST', '/_mock/scenarios/next', { body: options });
  }

  nextScenarios() {
    return this.call('GET', '/_mock/scenarios/next');
  }

  outcome(checkoutId, options) {
    return this.call('POST', `/_mock/checkouts/${encodeURIComponent(checkoutId)}/outcome`, { body: options });
  }

  pay(checkoutId, options) {
    return this.call('POST', `/_mock/checkouts/${encodeURIComponent(checkoutId)}/pay`, { body: options });
  }

  payment(paymentId) {
    return this.call('GET', `/_mock/payments/${encodeURIComponent(paymentId)}`);
  }

  paymentOutcome(paymentId, options) {
    return this.call('POST', `/_mock/payments/${encodeURIComponent(paymentId)}/outcome`, { body: options });
  }

  payments(options) {
    return this.call('GET', '/_mock/payments', { query: options });
  }

  putScenarios(file) {
    return this.call('PUT', '/_mock/scenarios', { body: file });
  }

  redeliver(callbackId) {
    return this.call('POST', `/_mock/callbacks/${encodeURIComponent(callbackId)}/redeliver`);
  }

  reject(paymentId) {
    return this.call('POST', `/_mock/payments/${encodeURIComponent(paymentId)}/reject`);
  }

  reset(options) {
    return this.call('POST', '/_mock/reset', { query: options });
  }

  rotateWebhook() {
    return this.call('POST', '/_mock/webhook/rotate');
  }

  scenarios() {
    return this.call('GET', '/_mock/scenarios');
  }

  session() {
    return this.call('GET', '/_mock/session');
  }

  setWebhook(options) {
    return this.call('PUT', '/_mock/webhook', { body: options });
  }

  waitFor(options) {
    return this.call('GET', '/_mock/journal/wait', { query: options });
  }

  webhook() {
    return this.call('GET', '/_mock/webhook');
  }
}

exports.SandboxVerbs = SandboxVerbs;
exports.MerchantVerbs = MerchantVerbs;
