package postgres

import (
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// hold keeps the schema for this process. It is an advisory lock of a connection of its own, which ends with the
// process however that ends, and a name in the schema: whoever has lost the lock without noticing finds another name
// there and changes nothing.
type hold struct {
	name     string
	doubtful atomic.Bool // a connection was lost, perhaps this one

	mu         sync.Mutex // guards connection
	connection *pgx.Conn
}

// lockSchema waits for the lock of the schema, as long as lock_timeout says: the process before may just be ending.
const lockSchema = `SELECT pg_advisory_lock(hashtext('payporter-mock'), hashtext(current_schema()))`

// takeName gives this process a name that no other has had. PostgreSQL draws it.
const takeName = `UPDATE sandbox SET holder = md5(random()::text || clock_timestamp()::text || pg_backend_pid()::text)
	RETURNING holder`

// begin takes the schema and brings its tables to the version of this program.
func (h *hold) begin(at *pgx.ConnConfig, steps []migration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.takeLocked(at); err != nil {
		return err
	}

	err := migrate(h.connection, steps)
	if err == nil {
		err = h.connection.QueryRow(background, takeName).Scan(&h.name)
	}
	if err != nil {
		h.dropLocked()
	}
	return err
}

// takeLocked connects and takes the lock.
func (h *hold) takeLocked(at *pgx.ConnConfig) (err error) {
	if h.connection, err = pgx.ConnectConfig(background, at.Copy()); err != nil {
		return err
	}

	var schema *string
	err = h.connection.QueryRow(background, `SELECT current_schema()`).Scan(&schema)
	if err == nil && schema == nil {
		err = &refusal{"the schema does not exist: make it first, or leave search_path out"}
	}
	if err == nil {
		_, err = h.connection.Exec(background, lockSchema)
	}
	if codeOf(err) == lockTimeout {
		err = errTaken
	}
	if err != nil {
		h.dropLocked()
	}
	return err
}

func (h *hold) dropLocked() {
	if h.connection != nil {
		_ = h.connection.Close(background) // it may be gone already
		h.connection = nil
	}
}

// doubt notes that a connection was lost.
func (h *hold) doubt() { h.doubtful.Store(true) }

// again takes the schema again after a connection was lost, if nobody else has had it meanwhile.
func (h *hold) again(at *pgx.ConnConfig) error {
	if !h.doubtful.Load() {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.doubtful.Load() {
		return nil
	}

	if h.connection == nil || h.connection.Ping(background) != nil {
		h.dropLocked()
		if err := h.takeLocked(at); err != nil {
			return err
		}
	}
	var name string
	if err := h.connection.QueryRow(background, `SELECT holder FROM sandbox`).Scan(&name); err != nil {
		return err
	}
	if name != h.name {
		h.dropLocked()
		return errTaken
	}
	h.doubtful.Store(false)
	return nil
}

// end gives the schema back.
func (h *hold) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dropLocked()
}

// refusal is why books are not opened although the database answers.
type refusal struct{ why string }

func (r *refusal) Error() string { return r.why }
