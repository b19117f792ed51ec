package store

import "context"

// AwaitChange is Changed for books that cannot watch one number: it reads the journal's version, and reads it again
// whenever the channel that next made before is closed, or something comes from it.
func AwaitChange(ctx context.Context, s Store, version uint64, next func() <-chan struct{}) (uint64, error) {
	for {
		changed := next()
		var now uint64
		err := s.View(ctx, func(r Reader) (err error) {
			now, err = r.Version()
			return err
		})
		if err != nil {
			return version, err
		}
		if now != version {
			return now, nil
		}

		select {
		case <-changed:
		case <-ctx.Done():
			return version, ctx.Err()
		}
	}
}
