package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the engine
	codes "modernc.org/sqlite/lib"

	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// readers is how many transactions may read at the same time.
const readers = 4

// opened is what Close gives back.
type opened struct {
	lock, db *sql.DB
	held     *sql.Conn // of lock: holds the file for this process
}

// open opens the file, or says in words why not.
func (b *books) open(o Options, steps []tables.Migration) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("store %s: %w", b.file, err)
		}
	}()
	if o.Synchronous != "" && o.Synchronous != Full && o.Synchronous != Normal {
		return fmt.Errorf("synchronous %q: want full or normal", string(o.Synchronous))
	}
	path, err := resolved(b.file)
	if err != nil {
		return err
	}

	b.opened = &opened{}
	if err := b.opened.take(path); err != nil {
		return errors.Join(err, b.opened.close())
	}
	if err := b.connect(path, o, steps); err != nil {
		return errors.Join(err, b.opened.close())
	}
	return nil
}

// resolved is the place of the file, the same whichever way leads there.
func resolved(file string) (string, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}

	folder, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return "", fmt.Errorf("its folder cannot be used, make it first: %w", err)
	}
	if !folder.IsDir() {
		return "", fmt.Errorf("%s is no folder", filepath.Dir(path))
	}
	if at, err := os.Stat(path); err == nil && at.IsDir() {
		return "", errors.New("is a folder: name a file in it")
	}
	return path, nil
}

// dsn is how the engine calls a file, whatever signs its name has.
func dsn(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}

// take holds the file for this process until it ends, however it ends. The lock is one of the engine's own, on an
// empty file beside it, so that readers and the writer of this process do not meet it.
func (o *opened) take(path string) (err error) {
	if o.lock, err = sql.Open("sqlite", dsn(path+"-lock")); err != nil {
		return err
	}
	if o.held, err = o.lock.Conn(background); err != nil {
		return openFault(err)
	}

	_, err = o.held.ExecContext(background, "BEGIN EXCLUSIVE")
	if codeOf(err) == codes.SQLITE_BUSY {
		return errors.New("another sandbox uses it: end that one, or give this one a file of its own")
	}
	return openFault(err)
}

// connect opens the file itself and brings it to the version of this program.
func (b *books) connect(path string, o Options, steps []tables.Migration) (err error) {
	b.path = path
	if b.opened.db, err = sql.Open("sqlite", dsn(path)); err != nil {
		return err
	}
	if b.writer.session, err = newSession(background, b.opened.db); err != nil {
		return openFault(err)
	}
	if err := prepare(b.writer.session, path, o, steps); err != nil {
		return openFault(err)
	}

	s := b.writer.session
	if _, err := s.Row(`SELECT coalesce(max(journal_turn), 0), coalesce(sum(entry_bytes), 0) FROM merchant`, nil,
		&b.writer.journalTurn, &b.writer.journalBytes); err != nil {
		return openFault(err)
	}
	b.writer.after, b.writer.lag, b.writer.journalMost = b.committed, usualLag, o.JournalBytes
	b.writer.merchants, b.writer.behind = map[string]tables.Standing{}, map[string]struct{}{}
	b.readers = make(chan *session, readers)
	for range readers {
		b.readers <- nil
	}
	if at, err := os.Stat(path); err == nil {
		b.image = at.Size()
	}
	return nil
}

// prepare sets up the connection that writes.
func prepare(s *session, path string, o Options, steps []tables.Migration) error {
	for _, pragma := range []string{
		"busy_timeout = 5000",       // for a program that makes a backup, or looks
		"temp_store = MEMORY",       // what a savepoint would take back: else a file for each that changes much
		"auto_vacuum = INCREMENTAL", // so that room can be given back; takes effect in a new file
	} {
		if err := s.Run("PRAGMA " + pragma); err != nil {
			return err
		}
	}
	if err := migrate(s, path, steps); err != nil {
		return err
	}

	synchronous := Full
	if o.Synchronous != "" {
		synchronous = o.Synchronous
	}
	for _, pragma := range []string{
		"journal_mode = WAL", "synchronous = " + string(synchronous),
		"wal_autocheckpoint = 16384",    // pages that the log of changes grows by before they are put into the file
		"journal_size_limit = 67108864", // bytes that the log keeps on the disk once they are
		"cache_size = -8192",            // KiB of pages in memory: where ids fall, no page comes twice in a row
	} {
		if err := s.Rows("PRAGMA "+pragma, nil, func(func(...any) error) (bool, error) { return true, nil }); err != nil {
			return err
		}
	}
	return nil
}

// openFault says why the file cannot be opened, and what to do.
func openFault(err error) error {
	switch codeOf(err) {
	case codes.SQLITE_NOTADB:
		return fmt.Errorf("is no SQLite database: name another file, or take this one away: %w", err)
	case codes.SQLITE_CORRUPT:
		return fmt.Errorf("is damaged: put a backup in its place: %w", err)
	case codes.SQLITE_READONLY, codes.SQLITE_CANTOPEN, codes.SQLITE_PERM:
		return fmt.Errorf("cannot be written: let this user write the file and its folder: %w", err)
	case codes.SQLITE_FULL, codes.SQLITE_IOERR:
		return fmt.Errorf("cannot be written: make room on the disk: %w", err)
	}
	return err
}

// errClosed is the error of what is asked after Close.
var errClosed = errors.New("the store has been closed")

// reader waits for a connection that may read.
func (b *books) reader(ctx context.Context) (*session, error) {
	var s *session
	select {
	case free, open := <-b.readers:
		if !open {
			return nil, errClosed
		}
		s = free
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s != nil {
		return s, nil
	}

	s, err := newSession(background, b.opened.db)
	if err == nil {
		if err = errors.Join(s.Run("PRAGMA busy_timeout = 5000"), s.Run("PRAGMA query_only = 1")); err != nil {
			s.close()
		}
	}
	if err != nil {
		b.readers <- nil
		return nil, b.noteRead(err)
	}
	return s, nil
}

// committed is called after each batch, under the writer's lock.
func (b *books) committed(done *batch) {
	b.wakers.Wake(done.woken)
	if done.freed {
		b.giveBackRoom()
	}
}

// How much room is left free for what comes next, how much is given back at a time, in pages of 4 KiB, and after how
// many batches that freed some it is looked at.
const (
	pagesKept     = 256
	pagesAtATime  = 2048
	batchesToLook = 64
)

// giveBackRoom shortens the file when much of it is free. What goes wrong then goes wrong again with the next batch.
func (b *books) giveBackRoom() {
	if b.unchecked++; b.unchecked%batchesToLook != 1 {
		return
	}

	s := b.writer.session
	var free int
	if _, err := s.Row("PRAGMA freelist_count", nil, &free); err != nil || free < 2*pagesKept {
		return
	}
	text := fmt.Sprintf("PRAGMA incremental_vacuum(%d)", min(free-pagesKept, pagesAtATime))
	_, _ = s.connection.ExecContext(background, text)
	b.unchecked = 0 // there may be more
}

// Close implements store.Books. It waits for what is under way.
func (b *books) Close() (err error) {
	if b.failed != nil {
		return nil // nothing was opened
	}
	b.closing.Do(func() { err = b.close() })
	return err
}

func (b *books) close() error {
	for range readers {
		if s := <-b.readers; s != nil {
			s.close()
		}
	}
	close(b.readers)

	b.writer.mu.Lock()
	defer b.writer.mu.Unlock()
	b.writer.closeLocked()
	s := b.writer.session
	_, checkpointed := s.connection.ExecContext(background, "PRAGMA wal_checkpoint(TRUNCATE)")
	s.close()
	return errors.Join(checkpointed, b.opened.close())
}

// close gives back what has been opened.
func (o *opened) close() error {
	var faults []error
	if o.db != nil {
		faults = append(faults, o.db.Close())
	}

	if o.held != nil {
		faults = append(faults, o.held.Close())
	}
	if o.lock != nil {
		faults = append(faults, o.lock.Close())
	}
	return errors.Join(faults...)
}
