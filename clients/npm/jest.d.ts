import type { Merchant, Sandbox, StartOptions } from './index.js';

/**
 * Starts a sandbox before the tests of this file, and stops it after them. `merchant` is another one in each test, so
 * that tests see nothing of each other. Call it at the top of the file.
 */
export function usePayporter(options?: StartOptions): { readonly sandbox: Sandbox; readonly merchant: Merchant };
