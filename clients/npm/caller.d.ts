/** An answer that is not 2xx: `status`, and `body` as the sandbox sent it. */
export class CallError extends Error {
  readonly status: number;
  readonly body: any;
}

/** Sends calls as one merchant. */
export class Caller {
  /** Where the sandbox is: what your shop takes as its base URL. */
  readonly url: string;
  /**
   * Sends a request as this merchant, and resolves with the JSON of the answer. A body that is text is sent as YAML,
   * any other as JSON. Rejects with a CallError when the answer is not 2xx.
   */
  call(method: string, path: string, options?: {
    query?: Record<string, string | number | boolean | undefined>;
    body?: unknown;
    headers?: Record<string, string>;
  }): Promise<any>;
}
