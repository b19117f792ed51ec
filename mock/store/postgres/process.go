package postgres

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// process is this process among those that use the schema at the same time.
//
// It has a connection of its own, on which it raises its number in the table process with every beat, and listens to
// what the others tell. Whoever finds the number of another one unchanged at some looks in a row, a beat apart, takes
// that process for dead and lets its claims wait again. So one that was killed, one that was stopped and one that was
// cut off are all noticed in the same time, whatever their clocks show. An advisory lock alone would not do: a stopped
// process keeps it, and all lose theirs when PostgreSQL restarts.
//
// The connection holds an advisory lock too, together with those of the other processes: it keeps migrations to
// another major version away.
type process struct {
	books *books
	steps []tables.Migration // that this program knows
	id    atomic.Int64       // its number; another one after it was taken for dead
	alone atomic.Bool        // no other process uses the schema

	agreed      atomic.Pointer[agreement] // nil: not yet
	renounced   atomic.Bool               // the number is given up with the next beat
	silent      atomic.Int32              // beats in a row that had no answer, like all else
	commits     uint64                    // that there had been by the beat before
	news        *teller
	stopTelling context.CancelFunc // what is new then waits for the end
	told        atomic.Pointer[func(store.Change)]
	still       bool // it takes over nothing, for tests

	ends       context.Context // when it stops to beat
	end        context.CancelFunc
	over       sync.WaitGroup
	connection *pgx.Conn     // nil: lost
	hurry      chan struct{} // has the next beat come at once
	looks      looks
	young      atomic.Int32 // beats that are still to come until it is known to hear everything

	mu   sync.Mutex // guards left
	left map[string]bool
}

// The times of a process. Together they keep a takeover within five seconds.
const (
	beatEvery = time.Second
	beatMost  = 2 * time.Second // how long a beat may take
	reconnect = 200 * time.Millisecond
	mostLooks = 3 // without a change, until a process is taken for dead
	youth     = 3 // beats

	enterWithin = 15 * time.Second // longer than statements take
)

// begin connects within some time, brings the tables to the version of this program, and begins to beat.
func (p *process) begin(b *books, steps []tables.Migration, most time.Duration) (err error) {
	p.books, p.steps = b, steps
	p.looks, p.left, p.hurry = looks{}, map[string]bool{}, make(chan struct{}, 1)
	p.news = newTeller()
	p.ends, p.end = context.WithCancel(background)
	at := b.at.Copy()
	at.ConnectTimeout = most
	p.connection, err = pgx.ConnectConfig(background, at)
	if err != nil {
		return err
	}
	if err = p.enter(); err == nil {
		err = within(enterWithin, func(ctx context.Context) error { return b.count(ctx, p.connection) })
	}
	if err != nil {
		p.drop()
		return err
	}

	p.over.Go(p.live)
	telling, stopTelling := context.WithCancel(p.ends)
	p.stopTelling = stopTelling
	p.over.Go(func() { p.tellOthers(telling) })
	return nil
}

// enter finds out what the connection leads to, and is one of the processes there afterwards. A migration takes as
// long as it needs.
func (p *process) enter() error {
	err := within(enterWithin, func(ctx context.Context) error {
		schema, err := schemaOf(ctx, p.connection)
		if err != nil {
			return err
		}
		p.books.channel = channelOf(schema)
		return p.books.readLimit(ctx, p.connection)
	})
	if err == nil {
		err = migrate(p.connection, p.steps)
	}
	if err != nil {
		return err
	}
	return within(enterWithin, p.join)
}

// within runs do for so long at most.
func within(most time.Duration, do func(ctx context.Context) error) error {
	ctx, stop := context.WithTimeout(background, most)
	defer stop()
	return do(ctx)
}

// live beats and listens until the end, and connects again whenever the connection was lost.
func (p *process) live() {
	for p.ends.Err() == nil {
		hurried, err := p.listen()
		if err == nil {
			err = p.beat(hurried)
		}
		p.noteSilence(err)
		switch {
		case isFinal(err):
			p.books.refused.Store(&err)
			return
		case err != nil:
			p.drop()
			pause(p.ends, reconnect)
		}
	}
}

// isFinal reports whether the process is none of those that use the database any more.
func isFinal(err error) bool {
	var newer *refusal
	var other *disagreement
	return errors.As(err, &newer) || errors.As(err, &other)
}

// pause waits for some time, or for the end.
func pause(ctx context.Context, d time.Duration) {
	waiting, stop := context.WithTimeout(ctx, d)
	defer stop()
	<-waiting.Done()
}

func (p *process) drop() {
	if p.connection != nil {
		ctx, stop := context.WithTimeout(background, beatMost)
		defer stop()
		_ = p.connection.Close(ctx) // it may be gone already
		p.connection = nil
	}
}

// lockShared waits for the lock of the schema, which all processes of one major version have together.
const lockShared = `SELECT pg_advisory_lock_shared(hashtext('payporter-mock'), hashtext(current_schema()))`

// join prepares the connection: after it, nothing that others tell is missed. Whatever was missed before, the next
// beats make good.
func (p *process) join(ctx context.Context) error {
	c := p.connection
	if _, err := c.Exec(ctx, lockShared); err != nil {
		if codeOf(err) == lockTimeout {
			return errTaken
		}
		return err
	}
	if err := refuseMajor(ctx, c, p.steps); err != nil {
		return err
	}

	channel := pgx.Identifier{p.books.channel}.Sanitize()
	if _, err := c.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	if err := p.register(ctx); err != nil {
		return err
	}
	p.young.Store(youth)
	p.looks = looks{}
	_, err := c.Exec(ctx, "SELECT pg_notify($1, $2)", p.books.channel, hello)
	return err
}

// renounce gives the number of the process up with the next beat, and takes another one. Whatever it has claimed then
// waits again, what it does not know of included; an attempt that is under way is made again.
func (p *process) renounce() {
	p.renounced.Store(true)
	p.beatNow()
}

// renounceAfter renounces if the process may have claimed something that it does not know of.
func (p *process) renounceAfter(err error) {
	if errors.Is(err, errUnknown) {
		p.renounce()
	}
}

// register gives the process a number, unless it has one that nobody has taken away.
func (p *process) register(ctx context.Context) error {
	if p.renounced.Load() {
		if _, err := p.connection.Exec(ctx, `DELETE FROM process WHERE id = $1`, p.id.Load()); err != nil {
			return err
		}
		p.renounced.Store(false)
	}
	tag, err := p.connection.Exec(ctx, `UPDATE process SET beat = beat + 1 WHERE id = $1`, p.id.Load())
	if err != nil || tag.RowsAffected() > 0 {
		return err
	}
	return p.enroll(ctx)
}

// enroll gives the process a new number, unless others have brought other settings into force than it has agreed to.
func (p *process) enroll(ctx context.Context) error {
	var id int64
	err := pgx.BeginFunc(ctx, p.connection, func(tx pgx.Tx) error {
		if err := p.stillAgreed(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `INSERT INTO process (agreed) VALUES ($1) RETURNING id`, p.agreed.Load() != nil).Scan(&id)
	})
	if err == nil {
		p.id.Store(id)
	}
	return err
}

// listen passes on what others tell until the next beat is due. hurried says that it comes early.
func (p *process) listen() (hurried bool, err error) {
	ctx, stop := context.WithTimeout(p.ends, beatEvery)
	defer stop()
	early := make(chan bool, 1)
	go func() {
		select {
		case <-p.hurry:
			early <- true
			stop()
		case <-ctx.Done():
			early <- false
		}
	}()
	for p.connection != nil && !p.connection.IsClosed() {
		heard, err := p.connection.WaitForNotification(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return <-early, nil
			}
			return false, err
		}
		p.hear(heard.Payload)
	}
	return false, nil
}

// beatNow has the next beat come at once: the process has found out that it was taken for dead.
func (p *process) beatNow() {
	select {
	case p.hurry <- struct{}{}:
	default: // it comes already
	}
}

// beat shows that the process lives, looks at the others, and does the work of those that are dead. A hurried one only
// gets a number again: looks are a beat apart.
func (p *process) beat(hurried bool) (err error) {
	if p.ends.Err() != nil {
		return nil
	}
	ctx, stop := context.WithTimeout(p.ends, beatMost)
	defer stop()
	if p.connection == nil || p.connection.IsClosed() {
		if p.connection, err = pgx.ConnectConfig(ctx, p.books.at.Copy()); err != nil {
			return err
		}
		if err := p.join(ctx); err != nil {
			return err
		}
		p.books.pool.Reset() // its connections may be lost as well, and nobody has noticed
	}

	if err := p.register(ctx); err != nil || hurried {
		return err
	}
	dead, gone, err := p.look(ctx)
	if err == nil && !p.still {
		err = p.takeOver(ctx, dead)
	}
	if err == nil {
		err = p.books.recount(ctx, p.connection)
	}
	p.refresh(gone || len(dead) > 0)
	return errors.Join(err, p.giveUpLeft(ctx))
}

// refresh has everybody look again who could have missed something.
func (p *process) refresh(anything bool) {
	if !p.alone.Load() {
		p.books.wakers.WakeAll()
	}
	young := p.young.Load() > 0
	if anything || young && !p.alone.Load() {
		p.tell(store.Change{Finished: true})
	}
	if young {
		p.young.Add(-1)
	}
}

// leave gives back what the process has: its claims wait again at the next beat of another one. The end breaks off a
// beat that is under way, and with that its connection is lost; so it connects once more where it has to.
func (p *process) leave() {
	p.end()
	p.over.Wait()
	ctx, stop := context.WithTimeout(background, beatMost)
	defer stop()
	defer p.drop()
	if p.connection != nil && p.signOff(ctx) == nil {
		return
	}

	p.drop()
	var err error
	if p.connection, err = pgx.ConnectConfig(ctx, p.books.at.Copy()); err == nil {
		_ = p.signOff(ctx) // else the others notice
	}
}

// signOff takes the process out of the table, and tells the others, what they have not been told yet included.
func (p *process) signOff(ctx context.Context) error {
	if err := p.tellNew(ctx, p.connection); err != nil && codeOf(err) == "" {
		return err
	}
	if _, err := p.connection.Exec(ctx, `DELETE FROM process WHERE id = $1`, p.id.Load()); err != nil {
		return err
	}
	_, err := p.connection.Exec(ctx, "SELECT pg_notify($1, $2)", p.books.channel, hello)
	return err
}

// refusal is why books are not opened although the database answers.
type refusal struct{ why string }

func (r *refusal) Error() string { return r.why }
