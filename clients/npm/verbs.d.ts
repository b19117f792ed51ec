// Generated from the control API's description by: go generate ./clients/generate

import { Caller } from './caller.js';

export type Checkout = {
  amount: number;
  /** How often a customer tried to pay. */
  attempts: number;
  callback: string;
  callbacks: Array<Delivery>;
  checkoutId: string;
  createdAt: string;
  currency: string;
  customerId?: string;
  description?: string;
  expiresAt: string;
  interestPaidByCustomer?: boolean;
  maxInstallmentCount?: number;
  /** The API key of the merchant whose checkout it is. */
  merchant: string;
  orderId: string;
  /** What GET /api/checkout/{checkoutId} answers now. */
  payment: Record<string, unknown>;
  /** The scenario that the checkout follows; left out when it follows none. */
  scenario?: string;
  /** What can still happen to the link. */
  state: string;
  status: PaymentStatus;
};

export type Clock = {
  frozen: boolean;
  /** When the next thing happens by itself; left out when nothing will. */
  nextDue?: string;
  now: string;
};

export type Delivery = {
  as?: 'form' | 'json' | 'query';
  attempts: Array<{
    at: string;
    /** Why the attempt does not count. */
    error?: string;
    /** Left out when no answer came. */
    httpStatus?: number;
    /** By the merchant's clock; zero while that is frozen. */
    latencyMs: number;
    /** It was sent again by hand. */
    manual?: boolean;
    number: number;
    /** The beginning of the answer. */
    response?: string;
  }>;
  /** What a callback says as checkoutId; empty: it has no checkoutId. */
  carries?: string;
  /** Left out for a webhook of a payment that is none of a checkout. */
  checkoutId?: string;
  createdAt: string;
  deliveredAt?: string;
  /** Of a webhook: its x-event-id, the same for all attempts. */
  eventId?: string;
  /** Of a webhook: its x-event-type. */
  eventType?: string;
  id: string;
  kind: string;
  /** Left out when no attempt is planned. */
  nextAttemptAt?: string;
  orderId: string;
  /** Of a webhook. */
  paymentId?: string;
  /** How often it will be sent again although it was taken. */
  repeats?: number;
  status: string;
  url: string;
};

export type Entry = {
  attempt?: number;
  /**
   * The startSeq of the entry that made it happen when it did, such as a create, a payment or a call of this
   * API. Left out when none is known.
   */
  cause?: number;
  checkoutId?: string;
  deliveryId?: string;
  /**
   * The place of its end in the same order. What has both places between those of another entry happened
   * while that was under way.
   */
  endSeq: number;
  /** When it was over, by the same clock. */
  endedAt: string;
  error?: string;
  /** One of Kind, or one that a later version adds. */
  kind: string;
  latencyMs: number;
  note?: string;
  orderId?: string;
  /** Of a payment by the API, a capture, a cancellation or a refund. */
  paymentId?: string;
  request?: Message;
  response?: Message;
  scenario?: string;
  /** From 1, without gaps, in the order in which entries were recorded: exchanges when they are over. */
  seq: number;
  /**
   * Its place in the order in which all entries began and ended. It grows with every beginning and every end,
   * also while the clock is frozen. Zero: it began before the last reset.
   */
  startSeq: number;
  status?: string;
  /** When it began, by the merchant's clock. */
  time: string;
  warnings?: Array<string>;
};

export type Fault = {
  errors: Array<{
    field: string;
    message: string;
  }>;
  message: string;
  messageCode: string;
  requestId?: string;
};

export type Health = {
  /** Why changed scenario files are not in force; left out when they are. */
  scenarioFault?: string;
  /** What generated values are drawn from; `--seed` takes it. */
  seed: string;
  status: 'ok';
  store: {
    /** What everything is kept in: `memory`, `sqlite`, or `custom` for a Go program's own. */
    kind: string;
  };
  version: string;
};

export type Journal = {
  entries: Array<Entry>;
  next: number;
};

export type Kind = 
  | 'create'
  | 'status'
  | 'request'
  | 'page'
  | 'bank'
  | 'payment'
  | 'callback'
  | 'webhook'
  | 'forge'
  | 'control'
  | 'sale'
  | '3ds'
  | 'pre-authorization'
  | 'capture'
  | 'cancel'
  | 'refund'
  | 'installment-options';

export type Message = {
  body?: string;
  headers?: Record<string, Array<string>>;
  method?: string;
  status?: number;
  url?: string;
};

export type OrderedScenario = {
  scenario: string;
  /** How many checkouts will still get it. */
  times: number;
};

/** What GET /api/payment/{paymentId} answers, and more. */
export type PaymentState = {
  amount: number;
  /** How far the 3-D Secure step of a payment by the API has come. */
  authenticationState?: string;
  /** The checkout that it pays; left out when it pays none. */
  checkoutId?: string;
  currency: string;
  /** The API key of the merchant whose payment it is. */
  merchant: string;
  orderId: string;
  /** The payment that this one captures, cancels or refunds. */
  parentPaymentId?: string;
  paymentId: string;
  /** The scenario that the payment follows; left out when it follows none. */
  scenario?: string;
  status: PaymentStatus;
  transactionType: string;
} & Record<string, unknown>;

export type PaymentStatus = 
  | 'SUCCESS'
  | 'FAILED'
  | 'ENROLLED'
  | 'PENDING_APPROVAL'
  | 'CANCELLED'
  | 'CAPTURED'
  | 'REJECTED';

/** Where to; where it may be left out, the address of the merchant's webhooks. */
export type ReceiverURL = string;

/** A scenario file as JSON. `payporter-mock scenarios schema` prints what a scenario can have. */
export type ScenarioFile = {
  scenarios: Array<Record<string, unknown>>;
  version: 1;
};

export type Scenarios = {
  /** What was forced for the next checkouts and is not any more; left out when there is none. */
  cancelled?: Array<OrderedScenario>;
  /** The merchant has a set of its own. */
  own: boolean;
  scenarios: Array<string>;
};

export type Timeout = string;

export type Verdict = {
  failed?: Array<{
    field: string;
    got: string;
    want: string;
  }>;
  name: string;
  place?: {
    column?: number;
    file?: string;
    line?: number;
  };
  result: 'won' | 'later' | 'missed';
};

export type WebhookAddress = {
  /** Until when the secret before this one is valid. */
  previousSecretValidUntil?: string;
  /** When the secret before this one was replaced; left out when none was. */
  rotatedAt?: string;
  /** Only in the answer to the call that made it. */
  secret?: string;
  /** Left out: no webhooks are sent. */
  url?: string;
};

/** The calls that concern the whole sandbox. */
export class SandboxVerbs extends Caller {
  /**
   * Is the sandbox ready?
   *
   * Wants no token. While its store cannot be used, the answer is 503 and says why.
   */
  health(): Promise<Health>;

  /**
   * The merchants that the sandbox has met.
   *
   * The API keys, the configured one first. A key is met by its first request, or by a call of this API that
   * changes something for it; to look at it is none.
   */
  merchants(): Promise<{
    /** How many merchants were forgotten to make room for new keys. */
    forgotten: number;
    merchants: Array<string>;
  }>;

  /**
   * The requests that belong to no merchant, oldest first.
   *
   * They had no API key, or one that nobody has, so they are in no journal. All callers share this list, and
   * no reset empties it.
   */
  strangers(options?: {
    /** Only entries of this kind. */
    kind?: Kind;
    /** Only entries with a greater seq. */
    after?: number;
    /**
     * Only entries with this status of the payment (SUCCESS, FAILED, ...), of the delivery (DELIVERED,
     * EXHAUSTED, ...) or of the HTTP answer (200, 400, ...).
     */
    status?: string;
    /**
     * Only entries with this text in them, whatever the case: in ids, notes and errors, and in the addresses,
     * headers and bodies of what was said.
     */
    search?: string;
    /** Only entries that began at this time of the merchant's clock or later. */
    since?: string;
    /** Only entries that began before this time of the merchant's clock. */
    until?: string;
    /** The most to answer: the newest, but of the journal with `after` the oldest, so that one can read on. */
    limit?: number;
  }): Promise<Journal>;
}

/** The calls that concern one merchant. */
export class MerchantVerbs extends Caller {
  /**
   * The customer leaves without a word.
   *
   * Nothing happens any more until the link expires.
   */
  abandon(checkoutId: string): Promise<Checkout>;

  /**
   * The administrator approves a refund.
   *
   * It becomes SUCCESS; FAILED if the card is one whose bank refuses refunds.
   */
  approve(paymentId: string): Promise<PaymentState>;

  /**
   * One delivery with every attempt.
   *
   * Each attempt with its time, its answer and its error; and when the next one is planned.
   */
  callback(callbackId: string): Promise<Delivery>;

  /**
   * The deliveries with every attempt, newest first.
   *
   * Each attempt with its time, its answer and its error; and when the next one is planned.
   */
  callbacks(options?: {
    /** Only callbacks, or only webhooks. */
    kind?: 'callback' | 'webhook';
    /** Only those of this checkout. */
    checkoutId?: string;
    /** Only webhooks of this payment. */
    paymentId?: string;
    /** Only those of this order. */
    orderId?: string;
    /** Only those with this status. */
    status?: 'PENDING' | 'DELIVERED' | 'FAILED' | 'EXHAUSTED';
    /** Only those older than the delivery with this id. */
    before?: string;
    /** The most to answer: the newest, but of the journal with `after` the oldest, so that one can read on. */
    limit?: number;
  }): Promise<{
    callbacks: Array<Delivery>;
    next?: string;
  }>;

  /**
   * Cancel all of them.
   *
   * The next checkouts are as any other again. Checkouts that exist keep their scenarios.
   */
  cancelNextScenarios(): Promise<{
    cancelled: Array<OrderedScenario>;
  }>;

  /**
   * What the sandbox knows of a checkout.
   *
   * With its payment as `GET /api/checkout/{checkoutId}` answers it, and its callbacks.
   */
  checkout(checkoutId: string): Promise<Checkout>;

  /**
   * The checkouts, newest first.
   *
   * Each with its payment and its callbacks. A page at a time; `before` leads on.
   */
  checkouts(options?: {
    /** Only the one with this id. */
    checkoutId?: string;
    /** Only those of this order. */
    orderId?: string;
    /** Only those whose payment has this status. */
    status?: PaymentStatus;
    /** Only those older than the checkout with this id. */
    before?: string;
    /** The most to answer: the newest, but of the journal with `after` the oldest, so that one can read on. */
    limit?: number;
  }): Promise<{
    checkouts: Array<Checkout>;
    next?: string;
  }>;

  /**
   * The merchant's time.
   *
   * And when the next thing happens by itself.
   */
  clock(): Promise<Clock>;

  /**
   * What of the contract has been exercised.
   *
   * Everything that the merchant can exercise, with how often it has; a reset begins anew. The kinds are:
   *
   * - `operation`: an operation was answered with a status, such as `POST /api/checkout 200`;
   * - `field`: a field was sent in a request that the description allows, such as `POST /api/checkout
   * customerId`;
   * - `boundary`: an allowed value at the edge of what is allowed was sent, such as `POST /api/checkout
   * amount at maximum`;
   * - `answer`: a form of an answer was answered, such as `GET /api/checkout/{checkoutId} 200 status FAILED`,
   * or an error's `messageCode UNAUTHORIZED`;
   * - `scenario`: a checkout followed a scenario, shipped or in force.
   */
  coverage(): Promise<{
    items: Array<{
      /** Zero: never. */
      count: number;
      kind: string;
      name: string;
    }>;
    summary: Array<{
      /** How many were exercised at least once. */
      covered: number;
      kind: string;
      /** Rounded down to one decimal, so that 100 means all. */
      percent: number;
      total: number;
    }>;
  }>;

  /**
   * Put the sandbox's own set back in force.
   *
   * The merchant has no scenarios of its own any more. What was forced for the next checkouts is cancelled,
   * too, and
   * `cancelled` tells it.
   */
  deleteScenarios(): Promise<Scenarios>;

  /**
   * Send no more webhooks.
   *
   * What is planned already is still sent, signed as before.
   */
  deleteWebhook(): Promise<WebhookAddress>;

  /**
   * The link expires now.
   *
   * As if its lifetime were over. The payment is CANCELLED for good.
   */
  expire(checkoutId: string): Promise<Checkout>;

  /**
   * Why a checkout or a payment has its scenario.
   *
   * Which scenario won, which nearly did, and the conditions that failed, with both values.
   */
  explainScenario(options?: {
    /** The checkout. Without this and paymentId: the newest one. */
    checkoutId?: string;
    /** A payment, capture, cancellation or refund; with checkoutId, of that checkout. */
    paymentId?: string;
  }): Promise<{
    choice: string;
    nearly: Array<Verdict>;
    /** Left out when the checkout follows none. */
    scenario?: string;
    verdicts: Array<Verdict>;
    /**
     * The first match in the set; left out when nothing matches, or when the scenario was named and the set
     * not asked.
     */
    winner?: string;
  }>;

  /**
   * Send what an attacker would.
   *
   * Answers when the receiver has answered. No delivery is changed. Without a `url`, a `checkoutId` that no
   * checkout has
   * is a 404.
   */
  forge(options: {
    /** What to send, a UUID or anything else. */
    checkoutId: string;
    as?: 'form' | 'json' | 'query';
    /** Where to; left out, the callback of the checkout. */
    url?: string;
  }): Promise<Entry>;

  /**
   * Send a webhook that must not be trusted.
   *
   * Answers when the receiver has answered. No delivery is changed. `as` says what is wrong with the webhook
   * of the payment:
   *
   * - `unsigned`: it has no signature
   * - `wrongSecret`: it is signed with another secret
   * - `oldTime`: it is rightly signed, and ten minutes old
   * - `changedBody`: its amount is 0.01, and its signature that of the true body
   * - `otherMerchant`: it is of a payment that this merchant does not have, signed with another secret
   * - `repeatedEvent`: it is right, and has the event id of the payment's own webhook
   */
  forgeWebhook(options: {
    as: 
  | 'unsigned'
  | 'wrongSecret'
  | 'oldTime'
  | 'changedBody'
  | 'otherMerchant'
  | 'repeatedEvent';
    /** The payment that it is about. */
    paymentId: string;
    /** Where to; where it may be left out, the address of the merchant's webhooks. */
    url?: ReceiverURL;
  }): Promise<Entry>;

  /**
   * Every exchange, both directions, oldest first.
   *
   * Secrets and card data are masked. Of more than `limit` the newest are answered, or with `after` the
   * oldest.
   */
  journal(options?: {
    /** Only entries of this checkout. */
    checkoutId?: string;
    /** Only entries of this order. */
    orderId?: string;
    /** Only entries of this kind. */
    kind?: Kind;
    /** Only entries with a greater seq. */
    after?: number;
    /**
     * Only entries with this status of the payment (SUCCESS, FAILED, ...), of the delivery (DELIVERED,
     * EXHAUSTED, ...) or of the HTTP answer (200, 400, ...).
     */
    status?: string;
    /**
     * Only entries with this text in them, whatever the case: in ids, notes and errors, and in the addresses,
     * headers and bodies of what was said.
     */
    search?: string;
    /** Only entries that began at this time of the merchant's clock or later. */
    since?: string;
    /** Only entries that began before this time of the merchant's clock. */
    until?: string;
    /** The most to answer: the newest, but of the journal with `after` the oldest, so that one can read on. */
    limit?: number;
  }): Promise<Journal>;

  /**
   * Freeze, set, advance or resume the merchant's time.
   *
   * Several at once happen in this order: freeze, set, advance, resume. So freeze and resume together move
   * the time
   * exactly, and let it run again. Moving forwards runs everything that falls due on the way, in order, and
   * answers when
   * it has been delivered or recorded. The time stays between the years 1970 and 2200; a movement that leaves
   * them is
   * a 409, and nothing moves.
   */
  moveClock(options?: {
    /** A duration as Go writes it, with each unit once. */
    advance?: string;
    freeze?: true;
    resume?: true;
    set?: string;
  }): Promise<Clock>;

  /**
   * Force a scenario for the next checkouts.
   *
   * Behind those that were ordered before. The next payments by the API count as well.
   */
  nextScenario(options: {
    /** A name of the merchant's set or of the library; another one is a 400 with the nearest names. */
    scenario: string;
    times?: number;
  }): Promise<{
    scenario: string;
    times: number;
  }>;

  /**
   * The scenarios that the next checkouts get.
   *
   * In the order in which they get them. A reset, with `keep=scenarios` as well, leaves none.
   */
  nextScenarios(): Promise<{
    next: Array<OrderedScenario>;
  }>;

  /**
   * Force the result.
   *
   * As if the bank had answered so. Callbacks follow as after any payment.
   */
  outcome(checkoutId: string, options: {
    status: 'SUCCESS' | 'FAILED' | 'PENDING_APPROVAL' | 'CANCELLED' | 'CAPTURED' | 'REJECTED';
    resultCode?: string;
    resultMessage?: string;
  }): Promise<Checkout>;

  /**
   * A customer pays.
   *
   * The card decides the result. Only test cards are taken. More instalments than the checkout's
   * `maxInstallmentCount`
   * are a 400, and so are instalments with a debit card or a foreign one.
   */
  pay(checkoutId: string, options?: {
    /** The number of a test card. Left out, a card that is good for every payment. */
    card?: string;
    installmentCount?: number;
  }): Promise<Checkout>;

  /**
   * What the sandbox knows of a payment.
   *
   * As `GET /api/payment/{paymentId}` answers it, without what a scenario does to that answer.
   */
  payment(paymentId: string): Promise<PaymentState>;

  /**
   * Force the result of a payment.
   *
   * As if the bank had answered so, for a refund after it was approved. A payment that has its result is a
   * 409.
   */
  paymentOutcome(paymentId: string, options: {
    status: 'SUCCESS' | 'FAILED' | 'PENDING_APPROVAL' | 'CANCELLED' | 'CAPTURED' | 'REJECTED';
    resultCode?: string;
    resultMessage?: string;
  }): Promise<PaymentState>;

  /**
   * The payments, newest first.
   *
   * Those of checkouts and of the API, with captures, cancellations and refunds. A page at a time; `before`
   * leads on.
   */
  payments(options?: {
    /** Only those of this order. */
    orderId?: string;
    /** Only those of this checkout. */
    checkoutId?: string;
    /** Only those with this status. */
    status?: PaymentStatus;
    /** Only those of this type. */
    transactionType?: string;
    /** Only those that capture, cancel or refund this payment. */
    parentPaymentId?: string;
    /** Only those older than the payment with this id. */
    before?: string;
    /** The most to answer: the newest, but of the journal with `after` the oldest, so that one can read on. */
    limit?: number;
  }): Promise<{
    next?: string;
    payments: Array<PaymentState>;
  }>;

  /**
   * Put a scenario set in force.
   *
   * For new checkouts of this merchant. An invalid one is a 400 with line and column, and the old set stays.
   * What was forced for the next checkouts stays where a scenario of the new set or of the library has the
   * name;
   * the rest is cancelled, and `cancelled` tells it.
   */
  putScenarios(file: string | ScenarioFile): Promise<Scenarios>;

  /**
   * Send it again, now.
   *
   * Answers when the attempt is over. When it fails, the plan stays as it was.
   */
  redeliver(callbackId: string): Promise<Delivery>;

  /**
   * The administrator rejects a refund.
   *
   * It becomes REJECTED.
   */
  reject(paymentId: string): Promise<PaymentState>;

  /**
   * Forget the merchant's state.
   *
   * Checkouts, callbacks, journal, coverage and the merchant's own scenarios are forgotten, time is real
   * again, and random values begin anew. Credentials and the webhook stay.
   */
  reset(options?: {
    /** What to keep. */
    keep?: 'scenarios';
  }): Promise<Clock>;

  /**
   * Make a new secret.
   *
   * It is shown in this answer only, and signs all that is made from now on. The one before it stays valid
   * for
   * `--webhook-secret-overlap`: with `--webhook-retry-time keep` a retry of what was first sent before the
   * rotation has its
   * old signature until then. So a receiver takes both meanwhile. (assumed)
   */
  rotateWebhook(): Promise<WebhookAddress>;

  /**
   * The merchant's scenario set.
   *
   * Own scenarios, or the ones that the sandbox was started with.
   */
  scenarios(): Promise<ScenarioFile>;

  /**
   * All that the merchant has done, in one file.
   *
   * Journal, checkouts, payments, deliveries, scenarios and clock, secrets and card data masked. The
   * dashboard opens the file, and `payporter-mock show FILE` prints it.
   */
  session(): Promise<{
    checkouts: Array<Checkout>;
    clock: Clock;
    deliveries: Array<Delivery>;
    journal: Array<Entry>;
    merchant: string;
    payments: Array<PaymentState>;
    /** The version of this form. */
    payporterMockSession: 1;
    /** A scenario file, with every secret and card number masked; empty when none was in force. */
    scenarios: string;
    /** Of the sandbox. */
    version: string;
  }>;

  /**
   * Say where webhooks go.
   *
   * Every payment that comes to a final status from now on is told there. Without a `secret` one is made, and
   * shown in
   * this answer only. What is planned already goes where it was to go, signed with the secret of the time
   * when it is sent.
   */
  setWebhook(options: {
    /** Where to; where it may be left out, the address of the merchant's webhooks. */
    url: ReceiverURL;
    /** What signatures are made with; left out, one is made. */
    secret?: string;
  }): Promise<WebhookAddress>;

  /**
   * Wait until something has happened.
   *
   * Blocks until `count` entries fit, and answers them. When the time is over, a 408 tells what was seen
   * instead, the newest entries of the same checkout and order, and for how long it really waited. The
   * time-out is
   * in real time, whatever the merchant's clock shows. At most half of the sandbox's connections wait at a
   * time;
   * beyond that, 429 with Retry-After.
   */
  waitFor(options?: {
    /** Only entries of this checkout. */
    checkoutId?: string;
    /** Only entries of this order. */
    orderId?: string;
    /** Only entries of this kind. */
    kind?: Kind;
    /** Only entries with a greater seq. */
    after?: number;
    /**
     * Only entries with this status of the payment (SUCCESS, FAILED, ...), of the delivery (DELIVERED,
     * EXHAUSTED, ...) or of the HTTP answer (200, 400, ...).
     */
    status?: string;
    /**
     * Only entries with this text in them, whatever the case: in ids, notes and errors, and in the addresses,
     * headers and bodies of what was said.
     */
    search?: string;
    /** Only entries that began at this time of the merchant's clock or later. */
    since?: string;
    /** Only entries that began before this time of the merchant's clock. */
    until?: string;
    /** How many entries to wait for. */
    count?: number;
    /** How long to wait at most, from 0s to 5m: minutes, seconds and milliseconds. */
    timeout?: Timeout;
  }): Promise<Journal>;

  /**
   * Where webhooks go.
   *
   * Without a `url` none are sent. The secret is never shown.
   */
  webhook(): Promise<WebhookAddress>;
}
