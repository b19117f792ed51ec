package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// agreement is to what a process has agreed.
type agreement struct {
	settings store.Settings
	settled  int64 // the number of these settings
}

// Agree implements store.Shared. Processes that begin together agree to those of the first one whose transaction runs:
// one that has not agreed yet keeps no settings in force.
func (b *books) Agree(ctx context.Context, mine store.Settings, follow ...string) (store.Settings, error) {
	first := looks{}
	for n := 0; ; n++ {
		agreed, others, err := b.agreeNow(ctx, mine, follow)
		if agreed != nil && err == nil {
			b.process.agreed.Store(agreed)
			return agreed.settings, nil
		}
		if errors.Is(err, store.ErrLost) && n <= 2*mostLooks {
			b.process.beatNow()
			err = nil
		}
		if err != nil {
			return nil, err
		}

		// Processes that are dead agree to anything. Whether they are, the beats of this one find out.
		for id, now := range others.beats {
			if before, known := first[id]; known && before.beat != now.beat || n > 2*mostLooks {
				return nil, differs(mine, others.settings, follow)
			}
			if _, known := first[id]; !known {
				first[id] = now
			}
		}
		pause(ctx, beatEvery)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// others are the other processes that have agreed, and the settings to which they have.
type others struct {
	beats    looks
	settings store.Settings
}

// agreeNow agrees to the settings in force, or answers the other processes if those have other ones. A process that was
// taken for dead agrees to nothing: ErrLost.
func (b *books) agreeNow(ctx context.Context, mine store.Settings, follow []string) (
	agreed *agreement, with others, err error,
) {
	id := b.process.id.Load()
	err = b.update(ctx, func(s *session) error {
		agreed, with = nil, others{beats: looks{}}
		now, err := readSettings(s)
		if err != nil {
			return err
		}
		with.settings = now.settings
		if err := othersThatAgreed(s, id, with.beats); err != nil {
			return err
		}

		if len(with.beats) == 0 || len(now.settings) == 0 {
			if differs(mine, now.settings, nil) != nil {
				now.settled++
			}
			agreed = &agreement{maps.Clone(mine), now.settled}
			if err := writeSettings(s, *agreed); err != nil {
				return err
			}
		} else if differs(mine, now.settings, follow) == nil {
			agreed = &agreement{maps.Clone(mine), now.settled}
			for _, name := range follow {
				agreed.settings[name] = now.settings[name]
			}
		}
		if agreed == nil {
			return nil
		}
		return markAgreed(s, id)
	})
	return agreed, with, err
}

// othersThatAgreed reads the beats of the other processes that have agreed.
func othersThatAgreed(s *session, id int64, into looks) error {
	return s.Rows(`SELECT id, beat FROM process WHERE id <> ? AND agreed`, []any{id},
		func(scan func(...any) error) (bool, error) {
			var other, beat int64
			err := scan(&other, &beat)
			into[other] = look{beat: beat}
			return true, err
		})
}

// markAgreed writes down that the process has agreed.
func markAgreed(s *session, id int64) error {
	changed, err := s.Exec(`UPDATE process SET agreed = true WHERE id = ?`, id)
	if err == nil && changed == 0 {
		return store.ErrLost
	}
	return err
}

// stillAgreed refuses a process that comes back after it was taken for dead, if others have brought settings into force
// meanwhile that are not its own. The caller's transaction keeps others from doing so until it ends.
func (p *process) stillAgreed(ctx context.Context, tx pgx.Tx) error {
	mine := p.agreed.Load()
	if mine == nil {
		return nil // it has not agreed yet, and does so as everybody
	}
	var text string
	now := agreement{settings: store.Settings{}}
	err := tx.QueryRow(ctx, settingsInForce).Scan(&text, &now.settled)
	if err == nil {
		err = json.Unmarshal([]byte(text), &now.settings)
	}
	if err != nil || now.settled == mine.settled {
		return err
	}
	return differs(mine.settings, now.settings, nil)
}

// PutSetting implements store.Shared.
func (b *books) PutSetting(ctx context.Context, name, value string) error {
	err := b.update(ctx, func(s *session) error {
		now, err := readSettings(s)
		if err != nil {
			return err
		}
		now.settings[name] = value
		return writeSettings(s, now)
	})
	if mine := b.process.agreed.Load(); err == nil && mine != nil {
		changed := agreement{maps.Clone(mine.settings), mine.settled}
		changed.settings[name] = value
		b.process.agreed.Store(&changed)
	}
	return err
}

// settingsInForce reads the settings in force, which nobody changes until the transaction ends.
const settingsInForce = `SELECT settings, settled FROM sandbox FOR UPDATE`

func readSettings(s *session) (now agreement, err error) {
	var text string
	if _, err = s.Row(settingsInForce, nil, &text, &now.settled); err != nil {
		return now, err
	}
	return now, json.Unmarshal([]byte(text), &now.settings)
}

func writeSettings(s *session, now agreement) error {
	text, err := json.Marshal(now.settings)
	if err != nil {
		return err
	}
	return s.Run(`UPDATE sandbox SET settings = ?, settled = ?`, string(text), now.settled)
}

// differs says which settings are not those of the other processes; nil: none. One that a side does not know is not
// compared: it is of another version.
func differs(mine, theirs store.Settings, follow []string) error {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(mine)) {
		there, known := theirs[name]
		if known && there != mine[name] && !slices.Contains(follow, name) {
			all = append(all, fmt.Sprintf("%s is %s there and %s here", name, orNone(there), orNone(mine[name])))
		}
	}
	if all == nil {
		return nil
	}
	return &disagreement{"another sandbox uses the database with other settings: " + strings.Join(all, "; ") +
		": give all the same"}
}

// disagreement is why a process cannot be one of those that use the database.
type disagreement struct{ why string }

func (d *disagreement) Error() string { return "store postgres: " + d.why }

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}
