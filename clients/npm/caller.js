'use strict';

/** An answer that is not 2xx. */
class CallError extends Error {
  constructor(call, status, body) {
    super(`${call}: ${status} ${body?.message ?? JSON.stringify(body)}`);
    this.name = 'CallError';
    this.status = status;
    this.body = body;
  }
}

/** Sends calls as one merchant. */
class Caller {
  constructor(url, headers) {
    this.url = url.replace(/\/+$/, '');
    this.headers = headers;
  }

  async call(method, path, { query = {}, body, headers } = {}) {
    const address = new URL(this.url + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) address.searchParams.set(name, value);
    }
    const isText = typeof body === 'string';
    const type = body && { 'Content-Type': isText ? 'application/yaml' : 'application/json' };
    const answer = await fetch(address, {
      method,
      headers: { ...this.headers, ...type, ...headers },
      body: isText ? body : JSON.stringify(body),
    });
    const said = await answer.text();
    const isJSON = answer.headers.get('content-type')?.startsWith('application/json');
    if (!answer.ok) throw new CallError(`${method} ${path}`, answer.status, isJSON ? jsonOrText(said) : said);
    return isJSON ? JSON.parse(said) : said;
  }
}

function jsonOrText(said) {
  try {
    return JSON.parse(said);
  } catch {
    return said;
  }
}

exports.CallError = CallError;
exports.Caller = Caller;
