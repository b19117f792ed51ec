import type { Checkout, Clock } from './verbs.js';
import { MerchantVerbs, SandboxVerbs } from './verbs.js';

export { CallError } from './caller.js';
export type * from './verbs.js';

/**
 * The flags of `payporter-mock serve` in camelCase: `{ payer: 'auto', scenarios: ['shop.yaml'] }` is
 * `--payer=auto --scenarios=shop.yaml`. What is undefined or null is left out. Without `addr` a free port of this machine
 * is taken. What may be secret, such as `adminToken`, is handed over in the environment: everybody on a machine sees
 * the flags.
 */
export type StartOptions = Record<string, string | number | boolean | Array<string | number> | undefined | null>;

/**
 * Starts a sandbox, and resolves when it is ready. The caller stops it; it also ends when this process exits by itself,
 * not when a signal kills it.
 */
export function start(options?: StartOptions): Promise<Sandbox>;

/** A sandbox that runs already, such as one in a container. `stop` leaves it alone. */
export function connect(url: string, options?: { adminToken?: string }): Sandbox;

/** The path of the program: what PAYPORTER_MOCK names, else that of the package for this platform. */
export function program(): string;

export class Sandbox extends SandboxVerbs {
  /** A merchant of its own: without a key with a new one, which begins with test_ and needs no set-up. */
  merchant(apiKey?: string, apiSecret?: string): Merchant;
  /** Ends the sandbox, and resolves when it has ended. */
  stop(): Promise<void>;
}

/** A merchant of the sandbox. Each call concerns this merchant alone. */
export class Merchant extends MerchantVerbs {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** What your shop finds its settings in: PAYPORTER_BASE_URL, PAYPORTER_API_KEY, PAYPORTER_API_SECRET. */
  readonly env: { PAYPORTER_BASE_URL: string; PAYPORTER_API_KEY: string; PAYPORTER_API_SECRET: string };

  /** Creates a checkout as a shop does. `headers` may force a scenario: `{ 'X-Mock-Scenario': 'rate-limited' }`. */
  createCheckout(order: Order, headers?: Record<string, string>): Promise<{ checkoutId: string; redirectUrl: string }>;
  /** Asks for the payment of a checkout as a shop does. */
  getCheckout(checkoutId: string): Promise<any>;

  /** The customer cancels. */
  cancel(checkoutId: string): Promise<Checkout>;
  /** Lets time pass, such as `48h` or `1m30s`, and resolves when everything due has been delivered or recorded. */
  advance(duration: string): Promise<Clock>;
  /** Stops the merchant's clock. */
  freeze(): Promise<Clock>;
  /** Lets the merchant's time be real again. */
  resume(): Promise<Clock>;
  /** Sets the merchant's clock, to a time such as `2026-01-31T12:00:00Z`. */
  setTime(time: string): Promise<Clock>;
}

/** What a shop orders. openapi.yaml says what each field may be. */
export type Order = {
  orderId: string;
  amount: number;
  currency: string;
  callback: string;
  description?: string;
  customerId?: string;
  maxInstallmentCount?: number;
  interestPaidByCustomer?: boolean;
};
