"""Judges each price from 0.01 to 1000.00, and orders at each fiftieth, with python-jsonschema."""

import sys

from openapi_schema_validator import OAS30Validator
from ruamel.yaml import YAML

with open(sys.argv[1]) as file:
    document = YAML(typ="safe").load(file)
validator = OAS30Validator(document["components"]["schemas"]["CreateCheckoutRequest"])


def order(amount):
    return {"orderId": "ORD-1", "amount": amount, "currency": "TRY", "callback": "https://example.com/payment"}


assert not validator.is_valid(order(-1)), "-1 is valid, so nothing is judged"

schema = document["components"]["schemas"]["CreateCheckoutRequest"]
amount = OAS30Validator(schema["properties"]["amount"])
refused = [cents for cents in range(1, 100_001) if not amount.is_valid(float(f"{cents / 100:.2f}"))]
refused += [cents for cents in [7, 829, 1999, *range(1, 100_001, 50)] if not validator.is_valid(order(cents / 100))]
if refused:
    sys.exit(f"{len(refused)} prices are refused, such as {refused[:5]} hundredths")
