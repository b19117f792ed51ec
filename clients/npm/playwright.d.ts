import type { PlaywrightTestArgs, PlaywrightTestOptions, PlaywrightWorkerArgs, PlaywrightWorkerOptions, TestType }
  from '@playwright/test';
import type { Merchant, Sandbox, StartOptions } from './index.js';

export { expect } from '@playwright/test';

/** Each test has a merchant of its own. */
export type PayporterFixtures = { merchant: Merchant };

/** Each worker has a sandbox, started with `use: { sandboxOptions: {...} }` of the configuration. */
export type PayporterWorkerFixtures = { sandbox: Sandbox; sandboxOptions: StartOptions };

/** Playwright's test, with a sandbox for each worker and a merchant for each test. */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & PayporterFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & PayporterWorkerFixtures>;
