package postgres

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// roomTaken is how many bytes the tables take up, with their indexes. A table of the schema that is another program's
// does not count.
const roomTaken = `SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
	WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname = ANY($1)`

// Figures implements store.Measured. Those of the pool are this process's own: they are there while the database
// answers nothing.
func (b *books) Figures(ctx context.Context) (f store.Figures) {
	if b.failed != nil {
		return f
	}
	at := b.pool.Stat()
	f.Pool = &store.Pool{
		InUse: int(at.AcquiredConns()), Idle: int(at.IdleConns()), Most: int(at.MaxConns()),
		Waits: at.EmptyAcquireCount(), Waited: at.EmptyAcquireWaitTime(),
	}
	if b.ready(ctx) != nil {
		return f
	}

	var bytes int64
	if b.pool.QueryRow(ctx, roomTaken, append(tables.Names(), "process", "sandbox")).Scan(&bytes) == nil {
		f.Bytes = map[string]int64{"tables": bytes}
	}
	return f
}
