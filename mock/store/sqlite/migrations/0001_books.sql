-- The books of all merchants. What is asked for has a column of its own; the whole value is in body, as JSON, so that a
-- new field of it needs no migration. Times in columns are UTC text with nine decimals, so that they sort.
-- number goes up with every new checkout, payment, run or delivery of a merchant.

CREATE TABLE merchant (
  id           INTEGER PRIMARY KEY,
  key          TEXT    NOT NULL UNIQUE,
  body         TEXT, -- NULL: nothing but the counters has been put

  number       INTEGER NOT NULL DEFAULT 0, -- of the newest checkout, payment, run or delivery
  checkouts    INTEGER NOT NULL DEFAULT 0, -- how many there are
  over_number  INTEGER NOT NULL DEFAULT 0, -- of the checkout that was over last
  order_runs   INTEGER NOT NULL DEFAULT 0, -- how many orders have a run
  unused_sets  INTEGER NOT NULL DEFAULT 0, -- 1: a scenario set may be there that nothing names any more
  task_number  INTEGER NOT NULL DEFAULT 0, -- of the newest task
  seq          INTEGER NOT NULL DEFAULT 0, -- of the newest entry
  entries      INTEGER NOT NULL DEFAULT 0, -- how many there are
  entry_bytes  INTEGER NOT NULL DEFAULT 0, -- about what they hold together
  version      INTEGER NOT NULL DEFAULT 0, -- of the journal
  moment       INTEGER NOT NULL DEFAULT 0, -- the newest
  journal_turn INTEGER NOT NULL DEFAULT 0  -- goes up whenever another merchant's journal is written to
);

-- It is empty: what is put here and taken away again shows whether there is room.
CREATE TABLE room (content BLOB);

CREATE TABLE checkout (
  id         TEXT    NOT NULL,
  merchant   INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  over       INTEGER, -- its place among those that are over; NULL: it has none
  order_id   TEXT    NOT NULL,
  payment_id TEXT    NOT NULL, -- of the latest, which stands in payment; '': it has no id and stands in body
  body       TEXT    NOT NULL,
  PRIMARY KEY (id, merchant)
);
CREATE UNIQUE INDEX checkout_number ON checkout (merchant, number);
CREATE INDEX checkout_order ON checkout (merchant, order_id, number);
CREATE INDEX checkout_over ON checkout (merchant, over) WHERE over IS NOT NULL;

CREATE TABLE payment (
  id          TEXT    NOT NULL,
  merchant    INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  latest_of   TEXT    NOT NULL, -- the checkout whose latest it is; '': none
  parent_id   TEXT    NOT NULL,
  checkout_id TEXT    NOT NULL,
  order_id    TEXT    NOT NULL,
  status      TEXT    NOT NULL,
  body        TEXT    NOT NULL,
  PRIMARY KEY (id, merchant)
);
CREATE UNIQUE INDEX payment_number ON payment (merchant, number);
CREATE INDEX payment_checkout ON payment (merchant, checkout_id, number);
CREATE INDEX payment_order ON payment (merchant, order_id, number);
CREATE INDEX payment_parent ON payment (merchant, parent_id, number) WHERE parent_id <> '';

CREATE TABLE run (
  merchant INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  id       TEXT    NOT NULL,
  number   INTEGER NOT NULL, -- the order of the first ones of their subjects
  digest   TEXT    NOT NULL, -- of its scenario set
  body     TEXT    NOT NULL,
  PRIMARY KEY (merchant, kind, id)
) WITHOUT ROWID;
CREATE INDEX run_digest ON run (merchant, digest);
CREATE INDEX run_number ON run (merchant, kind, number);

CREATE TABLE scenario_set (
  merchant INTEGER NOT NULL,
  digest   TEXT    NOT NULL,
  body     TEXT    NOT NULL,
  PRIMARY KEY (merchant, digest)
);

CREATE TABLE delivery (
  id          TEXT    NOT NULL,
  merchant    INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  checkout_id TEXT    NOT NULL,
  order_id    TEXT    NOT NULL,
  status      TEXT    NOT NULL,
  planned     INTEGER NOT NULL, -- 1: an attempt is planned
  body        TEXT    NOT NULL,
  PRIMARY KEY (id, merchant)
);
CREATE UNIQUE INDEX delivery_number ON delivery (merchant, number);
CREATE INDEX delivery_checkout ON delivery (merchant, checkout_id, number);
CREATE INDEX delivery_order ON delivery (merchant, order_id, number);
CREATE INDEX delivery_planned ON delivery (merchant, checkout_id) WHERE planned;

CREATE TABLE task (
  merchant INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  subject  TEXT    NOT NULL,
  due      TEXT    NOT NULL,
  number   INTEGER NOT NULL, -- the order of scheduling
  claimed  INTEGER NOT NULL,
  body     TEXT    NOT NULL,
  PRIMARY KEY (merchant, kind, subject)
) WITHOUT ROWID;
CREATE INDEX task_due ON task (merchant, claimed, due, number);
CREATE INDEX task_subject ON task (merchant, subject);

CREATE TABLE count (
  merchant INTEGER NOT NULL,
  name     TEXT    NOT NULL,
  n        INTEGER NOT NULL,
  PRIMARY KEY (merchant, name)
) WITHOUT ROWID;

CREATE TABLE entry (
  merchant      INTEGER NOT NULL,
  seq           INTEGER NOT NULL,
  bytes         INTEGER NOT NULL, -- about what it holds
  kind          TEXT    NOT NULL,
  checkout_id   TEXT    NOT NULL,
  order_id      TEXT    NOT NULL,
  status        TEXT    NOT NULL,
  answer_status TEXT    NOT NULL, -- of HTTP; '': no answer
  body          TEXT    NOT NULL,
  PRIMARY KEY (merchant, seq)
);
CREATE INDEX entry_checkout ON entry (merchant, checkout_id, seq) WHERE checkout_id <> '';
CREATE INDEX entry_order ON entry (merchant, order_id, seq) WHERE order_id <> '';
