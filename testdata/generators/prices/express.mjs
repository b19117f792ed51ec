// Sends orders at every fiftieth price from 0.01 to 1000.00 to a server that express-openapi-validator guards.
import { once } from "node:events";
import { Agent, request } from "node:http";
import express from "express";
import * as validator from "express-openapi-validator";

const app = express();
app.use(express.json());
app.use(validator.middleware({ apiSpec: process.argv[2], validateRequests: true, validateSecurity: false }));
app.post("/api/checkout", (_, res) => res.sendStatus(204));
app.use((error, _, res, __) => res.status(error.status ?? 500).json(error.message));
const server = app.listen(0, "127.0.0.1");
await once(server, "listening");

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const send = async (amount) => {
  const call = request({
    agent, host: "127.0.0.1", port: server.address().port, path: "/api/checkout", method: "POST",
    headers: { "Content-Type": "application/json" },
  });
  call.end(JSON.stringify({ orderId: "ORD-1", amount, currency: "TRY", callback: "https://example.com/payment" }));
  const [answer] = await once(call, "response");
  let text = "";
  for await (const part of answer) text += part;
  return { status: answer.statusCode, text };
};

if ((await send(-1)).status !== 400) throw new Error("-1 is taken, so nothing is judged");

const prices = [7, 829, 1999];
for (let cents = 1; cents <= 100_000; cents += 50) prices.push(cents);
let refused = 0;
while (prices.length > 0) {
  const some = prices.splice(0, 8).map((cents) => cents / 100);
  for (const [i, { status, text }] of (await Promise.all(some.map(send))).entries()) {
    if (status === 204) continue;
    if (refused++ < 5) console.error(some[i], status, text);
  }
}
agent.destroy();
server.close();
if (refused > 0) throw new Error(`${refused} prices are refused`);
