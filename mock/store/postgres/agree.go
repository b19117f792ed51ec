package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Agree implements store.Shared.
func (b *books) Agree(ctx context.Context, mine store.Settings, follow ...string) (store.Settings, error) {
	first := looks{}
	for n := 0; ; n++ {
		agreed, others, err := b.agreeNow(ctx, mine, follow)
		if err != nil || agreed != nil {
			return agreed, err
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

// others are the other processes, and the settings in which they agree.
type others struct {
	beats    looks
	settings store.Settings
}

// agreeNow answers the settings in force, or the other processes if those have other ones.
func (b *books) agreeNow(ctx context.Context, mine store.Settings, follow []string) (
	agreed store.Settings, with others, err error,
) {
	err = b.update(ctx, func(s *session) error {
		agreed, with = nil, others{beats: looks{}}
		if with.settings, err = readSettings(s); err != nil {
			return err
		}
		err = s.Rows(`SELECT id, beat FROM process WHERE id <> ?`, []any{b.process.id.Load()},
			func(scan func(...any) error) (bool, error) {
				var id, beat int64
				err := scan(&id, &beat)
				with.beats[id] = look{beat: beat}
				return true, err
			})
		if err != nil {
			return err
		}

		if len(with.beats) == 0 || len(with.settings) == 0 {
			agreed = mine
			return b.writeSettings(s, mine)
		}
		if differs(mine, with.settings, follow) == nil {
			agreed = maps.Clone(mine)
			for _, name := range follow {
				agreed[name] = with.settings[name]
			}
		}
		return nil
	})
	return agreed, with, err
}

// PutSetting implements store.Shared.
func (b *books) PutSetting(ctx context.Context, name, value string) error {
	return b.update(ctx, func(s *session) error {
		all, err := readSettings(s)
		if err != nil {
			return err
		}
		all[name] = value
		return b.writeSettings(s, all)
	})
}

// readSettings reads the settings in force, which nobody changes until the transaction ends.
func readSettings(s *session) (all store.Settings, err error) {
	var text string
	if _, err = s.Row(`SELECT settings FROM sandbox FOR UPDATE`, nil, &text); err != nil {
		return nil, err
	}
	return all, json.Unmarshal([]byte(text), &all)
}

func (b *books) writeSettings(s *session, all store.Settings) error {
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return s.Run(`UPDATE sandbox SET settings = ?`, string(text))
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
	return &refusal{"store postgres: another sandbox uses the database with other settings: " + strings.Join(all, "; ") +
		": give all the same"}
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}
