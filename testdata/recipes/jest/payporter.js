// A sandbox of your own for a test file. PAYPORTER_MOCK names the program; otherwise it is looked for on the PATH.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export async function startSandbox(...args) {
  const program = process.env.PAYPORTER_MOCK ?? 'payporter-mock';
  const child = spawn(program, ['serve', '--addr', '127.0.0.1:0', '--log-format', 'json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { value: line } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const { url } = JSON.parse(line);
  return {
    url,
    stop: () => new Promise((done) => { child.once('exit', done); child.kill(); }),
    // A key that begins with test_ needs no set-up: every test takes its own, and sees nothing of the others.
    merchant: (key) => async (path, body, method = body ? 'POST' : 'GET') => {
      const answer = await fetch(url + path, {
        method,
        headers: { 'X-API-KEY': key, 'X-API-SECRET': 'any secret', 'Content-Type': 'application/json' },
        body: body && JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
  };
}
