// Orders through openapi-fetch with the types that openapi-typescript makes. README.md says what it prints.
import createClient from "openapi-fetch";
import type { components, paths } from "./payporter.js";
import type { paths as controlPaths } from "./control.js";

type Pay = controlPaths["/_mock/checkouts/{checkoutId}/pay"]["post"]["requestBody"];
type Card = NonNullable<Pay>["content"]["application/json"]["card"];
type Request = components["schemas"]["CreateCheckoutRequest"];

const baseUrl = process.env.SANDBOX_URL!;
const key = process.env.API_KEY!;
const headers = { "X-API-KEY": key, "X-API-SECRET": process.env.API_SECRET! };
const orders = createClient<paths>({ baseUrl, headers });
const sandbox = createClient<controlPaths>({ baseUrl });

const create = (orderId: string, amount: number, currency: Request["currency"]) =>
  orders.POST("/api/checkout", {
    body: { orderId, amount, currency, callback: "http://127.0.0.1:9/payment-callback" },
  });

const order = async (orderId: string, amount: number, currency: Request["currency"], card: string) => {
  const created = await create(orderId, amount, currency);
  if (!created.data) throw new Error(created.error.message);
  const path = { checkoutId: created.data.checkoutId };

  const paid = await sandbox.POST("/_mock/checkouts/{checkoutId}/pay", {
    params: { path, query: { merchant: key } },
    body: { card: card as Card },
  });
  if (!paid.data) throw new Error(paid.error.message);

  const payment = await orders.GET("/api/checkout/{checkoutId}", { params: { path } });
  if (!payment.data) throw new Error(payment.error.message);
  return payment.data;
};

const useControlApi = async () => {
  const journal = await sandbox.GET("/_mock/journal", { params: { query: { merchant: key, kind: "create" } } });
  console.log("journal", journal.data?.entries.length);

  const query = { merchant: key };
  const put = await sandbox.PUT("/_mock/scenarios", {
    params: { query },
    body: { version: 1, scenarios: [{ name: "generated", payment: { status: "FAILED" } }] },
  });
  if (!put.data) throw new Error(put.error.message);
  console.log("scenarios", put.data.scenarios[0], "own", put.data.own);

  const stored = await sandbox.GET("/_mock/scenarios", { params: { query }, headers: { Accept: "application/json" } });
  if (!stored.data) throw new Error(stored.error.message);
  console.log("stored", stored.data.scenarios[0]?.name);

  const clock = await sandbox.POST("/_mock/clock", {
    params: { query: { merchant: key } },
    body: { freeze: true, set: "2026-01-31T12:00:00Z", advance: "48h" },
  });
  if (!clock.data) throw new Error(clock.error.message);
  console.log("clock", Date.parse(clock.data.now) / 1000, "frozen", clock.data.frozen);
};

for (const argument of process.argv.slice(2)) {
  const [id, amount, currency] = argument.split(":") as [string, string, Request["currency"]];
  const payment = await order(id, Number(amount), currency, "5421190122090656");
  console.log("order", payment.orderId, payment.amount, payment.status);
}

const declined = await order("ORD-DECLINED", 100.5, "TRY", "4111111111111129");
console.log("declined", declined.status, declined.resultCode);

const refused = await create("ORD-REFUSED", 100.505, "TRY");
if (!refused.error) throw new Error("not refused");
console.log("refused", refused.response.status, refused.error.messageCode, refused.error.errors?.[0]?.field);

await useControlApi();
