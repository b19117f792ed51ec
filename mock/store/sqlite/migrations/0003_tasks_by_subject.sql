-- A task is found by what it is about and its kind. Its key says so in this order, so that the index by what it is
-- about alone, which was written for every task, is not needed any more. Deliveries that wait are counted, and few
-- tasks are ones.

CREATE TABLE task_by_subject (
  merchant INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  subject  TEXT    NOT NULL,
  due      TEXT    NOT NULL,
  number   INTEGER NOT NULL, -- the order of scheduling
  claimed  INTEGER NOT NULL,
  body     TEXT    NOT NULL,
  PRIMARY KEY (merchant, subject, kind)
) WITHOUT ROWID;
INSERT INTO task_by_subject (merchant, kind, subject, due, number, claimed, body)
  SELECT merchant, kind, subject, due, number, claimed, body FROM task;
DROP TABLE task;
ALTER TABLE task_by_subject RENAME TO task;
CREATE INDEX task_due ON task (merchant, claimed, due, number);
CREATE INDEX task_deliver ON task (merchant, claimed, kind, due) WHERE kind = 'deliver';
