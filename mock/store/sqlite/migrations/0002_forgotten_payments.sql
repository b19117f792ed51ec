-- Payments that are none of a checkout are forgotten, too, with what follows them. One that has none above it and is
-- of no checkout begins such a family.

ALTER TABLE payment ADD COLUMN over INTEGER; -- of what begins a family: its place among those that are over, or were
ALTER TABLE delivery ADD COLUMN payment_id TEXT NOT NULL DEFAULT ''; -- of a payment that is none of a checkout
ALTER TABLE merchant ADD COLUMN families INTEGER NOT NULL DEFAULT 0; -- how many there are
ALTER TABLE merchant ADD COLUMN request_runs INTEGER NOT NULL DEFAULT 0; -- how many requests have a run

CREATE INDEX payment_over ON payment (merchant, over) WHERE over IS NOT NULL;
CREATE INDEX delivery_payment ON delivery (merchant, payment_id) WHERE payment_id <> '';

-- One that is not over loses its place when its turn comes.
UPDATE payment SET over = number WHERE parent_id = '' AND checkout_id = '' AND latest_of = '';
UPDATE merchant SET
  over_number  = max(over_number, number),
  families     = (SELECT count(*) FROM payment WHERE merchant = merchant.id AND parent_id = '' AND checkout_id = ''),
  request_runs = (SELECT count(*) FROM run WHERE merchant = merchant.id AND kind = 'request');
