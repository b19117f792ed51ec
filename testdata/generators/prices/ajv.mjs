// Judges an order at each price from 0.01 to 1000.00 by the schema of the request, with ajv.
import { readFileSync } from "node:fs";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import yaml from "js-yaml";

const document = yaml.load(readFileSync(process.argv[2], "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addFormat("double", { type: "number", validate: Number.isFinite });
const valid = ajv.compile(document.components.schemas.CreateCheckoutRequest);

const callback = "https://example.com/payment-callback";
const order = (amount) => ({ orderId: "ORD-1", amount, currency: "TRY", callback });
if (valid(order(-1))) throw new Error("-1 is valid, so nothing is judged");

let refused = 0;
for (let cents = 1; cents <= 100_000; cents++) {
  const price = (cents / 100).toFixed(2);
  if (valid(order(Number(price)))) continue;
  if (refused++ < 5) console.error(price, ajv.errorsText(valid.errors));
}
if (refused > 0) throw new Error(`${refused} prices are refused`);
