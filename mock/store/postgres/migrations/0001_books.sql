-- The books of all merchants. What is asked for has a column of its own; the whole value is in body, as JSON, so that a
-- new field of it needs no migration. Times in columns are UTC text with nine decimals, so that they sort.
-- number goes up with every new checkout, payment, run or delivery of a merchant.

CREATE TABLE merchant (
  id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key          TEXT COLLATE "C" NOT NULL UNIQUE,
  body         TEXT COLLATE "C", -- NULL: nothing but the counters has been put

  number       BIGINT NOT NULL DEFAULT 0, -- of the newest checkout, payment, run or delivery
  checkouts    BIGINT NOT NULL DEFAULT 0, -- how many there are
  over_number  BIGINT NOT NULL DEFAULT 0, -- of the checkout that was over last
  order_runs   BIGINT NOT NULL DEFAULT 0, -- how many orders have a run
  families     BIGINT NOT NULL DEFAULT 0, -- how many payments that are none of a checkout begin a family
  request_runs BIGINT NOT NULL DEFAULT 0, -- how many requests have a run
  unused_sets  BOOLEAN NOT NULL DEFAULT false, -- a scenario set may be there that nothing names any more
  task_number  BIGINT NOT NULL DEFAULT 0, -- of the newest task
  seq          BIGINT NOT NULL DEFAULT 0, -- of the newest entry
  entries      BIGINT NOT NULL DEFAULT 0, -- how many there are
  entry_bytes  BIGINT NOT NULL DEFAULT 0, -- about what they hold together
  version      BIGINT NOT NULL DEFAULT 0, -- of the journal
  moment       BIGINT NOT NULL DEFAULT 0, -- the newest
  journal_turn BIGINT NOT NULL DEFAULT 0  -- goes up whenever another merchant's journal is written to
);

CREATE TABLE checkout (
  id         TEXT COLLATE "C" NOT NULL,
  merchant   BIGINT NOT NULL,
  number     BIGINT NOT NULL,
  over       BIGINT, -- its place among those that are over; NULL: it has none
  order_id   TEXT COLLATE "C" NOT NULL,
  payment_id TEXT COLLATE "C" NOT NULL, -- of the latest, which stands in payment; '': it has no id and stands in body
  body       TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (id, merchant)
);
CREATE UNIQUE INDEX checkout_number ON checkout (merchant, number);
CREATE INDEX checkout_order ON checkout (merchant, order_id, number);
CREATE INDEX checkout_over ON checkout (merchant, over) WHERE over IS NOT NULL;

CREATE TABLE payment (
  id          TEXT COLLATE "C" NOT NULL,
  merchant    BIGINT NOT NULL,
  number      BIGINT NOT NULL,
  over        BIGINT, -- of what begins a family: its place among those that are over, or were
  latest_of   TEXT COLLATE "C" NOT NULL, -- the checkout whose latest it is; '': none
  parent_id   TEXT COLLATE "C" NOT NULL,
  checkout_id TEXT COLLATE "C" NOT NULL,
  order_id    TEXT COLLATE "C" NOT NULL,
  status      TEXT COLLATE "C" NOT NULL,
  body        TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (id, merchant)
);
CREATE INDEX payment_over ON payment (merchant, over) WHERE over IS NOT NULL;
CREATE UNIQUE INDEX payment_number ON payment (merchant, number);
CREATE INDEX payment_checkout ON payment (merchant, checkout_id, number);
CREATE INDEX payment_order ON payment (merchant, order_id, number);
CREATE INDEX payment_parent ON payment (merchant, parent_id, number) WHERE parent_id <> '';

CREATE TABLE run (
  merchant BIGINT NOT NULL,
  kind     TEXT COLLATE "C" NOT NULL,
  id       TEXT COLLATE "C" NOT NULL,
  number   BIGINT NOT NULL, -- the order of the first ones of their subjects
  digest   TEXT COLLATE "C" NOT NULL, -- of its scenario set
  body     TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (merchant, kind, id)
);
CREATE INDEX run_digest ON run (merchant, digest);
CREATE INDEX run_number ON run (merchant, kind, number);

CREATE TABLE scenario_set (
  merchant BIGINT NOT NULL,
  digest   TEXT COLLATE "C" NOT NULL,
  body     TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (merchant, digest)
);

CREATE TABLE delivery (
  id          TEXT COLLATE "C" NOT NULL,
  merchant    BIGINT NOT NULL,
  number      BIGINT NOT NULL,
  checkout_id TEXT COLLATE "C" NOT NULL,
  payment_id  TEXT COLLATE "C" NOT NULL, -- of a payment that is none of a checkout, or that a webhook is about
  order_id    TEXT COLLATE "C" NOT NULL,
  status      TEXT COLLATE "C" NOT NULL,
  planned     BOOLEAN NOT NULL, -- an attempt is planned
  body        TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (id, merchant)
);
CREATE INDEX delivery_payment ON delivery (merchant, payment_id) WHERE payment_id <> '';
CREATE UNIQUE INDEX delivery_number ON delivery (merchant, number);
CREATE INDEX delivery_checkout ON delivery (merchant, checkout_id, number);
CREATE INDEX delivery_order ON delivery (merchant, order_id, number);
CREATE INDEX delivery_planned ON delivery (merchant, checkout_id) WHERE planned;

CREATE TABLE task (
  merchant BIGINT NOT NULL,
  kind     TEXT COLLATE "C" NOT NULL,
  subject  TEXT COLLATE "C" NOT NULL,
  due      TEXT COLLATE "C" NOT NULL,
  number   BIGINT NOT NULL, -- the order of scheduling
  claimed  BIGINT NOT NULL,
  body     TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (merchant, kind, subject)
);
CREATE INDEX task_due ON task (merchant, claimed, due, number);
CREATE INDEX task_subject ON task (merchant, subject);

CREATE TABLE count (
  merchant BIGINT NOT NULL,
  name     TEXT COLLATE "C" NOT NULL,
  n        BIGINT NOT NULL,
  PRIMARY KEY (merchant, name)
);

CREATE TABLE entry (
  merchant      BIGINT NOT NULL,
  seq           BIGINT NOT NULL,
  bytes         BIGINT NOT NULL, -- about what it holds
  kind          TEXT COLLATE "C" NOT NULL,
  checkout_id   TEXT COLLATE "C" NOT NULL,
  order_id      TEXT COLLATE "C" NOT NULL,
  status        TEXT COLLATE "C" NOT NULL,
  answer_status TEXT COLLATE "C" NOT NULL, -- of HTTP; '': no answer
  body          TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (merchant, seq)
);
CREATE INDEX entry_checkout ON entry (merchant, checkout_id, seq) WHERE checkout_id <> '';
CREATE INDEX entry_order ON entry (merchant, order_id, seq) WHERE order_id <> '';

-- One row: which process has the books now.
CREATE TABLE sandbox (
  version BIGINT NOT NULL, -- how many steps of migration have been made
  holder  TEXT COLLATE "C" NOT NULL
);
INSERT INTO sandbox (version, holder) VALUES (0, '');
