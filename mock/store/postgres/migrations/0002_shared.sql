-- major
-- Many processes have the books at the same time. task.claimed is the number of the process that runs the task, that
-- number below zero while it only holds the task, and zero while the task waits.

CREATE TABLE process (
  id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  beat BIGINT NOT NULL DEFAULT 0 -- goes up about once a second as long as the process runs
);

UPDATE task SET claimed = 0; -- the one process that had them has ended
CREATE INDEX task_claimed ON task (claimed) WHERE claimed <> 0;

ALTER TABLE merchant ADD COLUMN mover BIGINT NOT NULL DEFAULT 0; -- the process that moves the clock; zero: none
CREATE INDEX merchant_mover ON merchant (mover) WHERE mover <> 0;

-- Of the one row: the major version of the tables, and the settings in which all processes agree, as JSON.
ALTER TABLE sandbox ADD COLUMN major BIGINT NOT NULL DEFAULT 1;
ALTER TABLE sandbox ADD COLUMN settings TEXT COLLATE "C" NOT NULL DEFAULT '{}';
ALTER TABLE sandbox DROP COLUMN holder;
