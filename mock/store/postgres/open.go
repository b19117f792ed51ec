package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// What bounds a statement where the address says nothing else, as PostgreSQL writes it, and a connection.
const (
	statementTimeout = "10s"
	lockTimeoutAfter = "5s"
	connectTimeout   = 2 * time.Second
)

// startTimeout bounds the first connection: a machine on which much begins at once may need longer.
const startTimeout = 10 * time.Second

// Check says in words what is wrong with how the address is written. It does not name the password.
func Check(address string) error {
	_, err := pgxpool.ParseConfig(address)
	return err
}

// open opens the database, or says in words why not.
func (b *books) open(address string, steps []tables.Migration) (err error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return fmt.Errorf("store postgres: %w", err)
	}
	at := config.ConnConfig
	defer func() {
		if err != nil {
			err = fmt.Errorf("store postgres://%s:%d/%s: %w", at.Host, at.Port, at.Database, err)
		}
	}()

	first := firstConnect(at)
	bound(at)
	b.at = at.Copy()
	b.major = " AND (SELECT major FROM sandbox) = " + strconv.Itoa(majorOf(steps))
	config.PingTimeout = connectTimeout
	if b.pool, err = pgxpool.NewWithConfig(background, config); err != nil {
		return openFault(err)
	}
	b.most = config.MaxConns
	if err := b.process.begin(b, steps, first); err != nil {
		b.pool.Close()
		return openFault(err)
	}
	return nil
}

// channelOf is where processes tell each other of changes: all schemas of a database have their own.
func channelOf(schema string) string {
	sum := sha256.Sum256([]byte(schema))
	return "payporter-mock " + hex.EncodeToString(sum[:8])
}

// bound sets what the address leaves open.
func bound(at *pgx.ConnConfig) {
	for name, value := range map[string]string{
		"statement_timeout": statementTimeout, "lock_timeout": lockTimeoutAfter, "application_name": "payporter-mock",
		"idle_in_transaction_session_timeout": "3s", // of a process that stands still
	} {
		if _, given := at.RuntimeParams[name]; !given {
			at.RuntimeParams[name] = value
		}
	}
	if at.ConnectTimeout == 0 || at.ConnectTimeout > connectTimeout {
		at.ConnectTimeout = connectTimeout
	}
}

// firstConnect is how long the first connection may take: as long as the address says, where it does.
func firstConnect(at *pgx.ConnConfig) time.Duration {
	if at.ConnectTimeout == 0 {
		return startTimeout
	}
	return min(at.ConnectTimeout, startTimeout)
}

// asker asks for one row.
type asker interface {
	QueryRow(ctx context.Context, text string, args ...any) pgx.Row
}

// count reads what all journals hold together.
func (b *books) count(ctx context.Context, of asker) error {
	var held, turn int64
	err := of.QueryRow(ctx, `SELECT coalesce(sum(entry_bytes), 0)::bigint, coalesce(max(journal_turn), 0)
		FROM merchant`).Scan(&held, &turn)
	if err == nil {
		b.held.Store(held)
		b.turn.Store(max(turn, b.turn.Load()))
	}
	return err
}

// recountEvery is after how many beats what other processes have recorded is counted.
const recountEvery = 10

// recount counts now and then what all processes have recorded.
func (b *books) recount(ctx context.Context, of asker) error {
	if b.process.alone.Load() {
		return nil
	}
	if b.beats++; b.beats%recountEvery != 0 {
		return nil
	}
	return b.count(ctx, of)
}

// openFault says why the database cannot be opened, and what to do.
func openFault(err error) error {
	switch codeOf(err) {
	case noPassword, noUser:
		return fmt.Errorf("refuses the user or the password: check both in the address: %w", err)
	case noDatabase:
		return fmt.Errorf("the database does not exist: make it first, as by createdb: %w", err)
	case noRight:
		return fmt.Errorf("the user may not make tables: let it create in the schema: %w", err)
	case tableThere:
		return fmt.Errorf("has tables of another program: name another database, or a schema by ?search_path=NAME: %w", err)
	case "":
		if connectFault(err) {
			return fmt.Errorf("cannot be reached: start PostgreSQL, or mend the address: %w", err)
		}
	}
	return err
}

// connectFault reports whether there was no answer.
func connectFault(err error) bool {
	var words *refusal
	return !errors.As(err, &words) && !errors.Is(err, errTaken) && !errors.Is(err, errMigrated) && !errors.Is(err, context.Canceled)
}
