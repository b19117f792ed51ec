package main

import (
	"context"
	"errors"
	"io"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// keeper is what can be done with the books of a store while nobody serves them.
type keeper struct {
	export  func(ctx context.Context, w io.Writer, program string, keys ...string) (store.Exported, error)
	take    func(ctx context.Context, name string, from io.Reader, replace bool) (store.Imported, error)
	migrate func(ctx context.Context) (store.Migrated, error)
}

// keptIn is the keeper of what --store names.
func keptIn(value string) (keeper, error) {
	switch value {
	case "":
		return keeper{}, errors.New("store: name it by --store sqlite:FILE or --store postgres://user:password@host/database")
	case "memory":
		return keeper{}, errors.New("store memory: ends with its sandbox: name sqlite:FILE or " +
			"postgres://user:password@host/database")
	}
	if err := checkStore(value); err != nil {
		return keeper{}, err
	}
	if isDatabase(value) {
		return keptInDatabase(value), nil
	}

	file, _, err := storeFile(value)
	return keptInFile(file), err
}

func keptInDatabase(address string) keeper {
	return keeper{
		export: func(ctx context.Context, w io.Writer, program string, keys ...string) (store.Exported, error) {
			return postgres.Export(ctx, address, w, program, keys...)
		},
		take: func(ctx context.Context, name string, from io.Reader, replace bool) (store.Imported, error) {
			return postgres.Import(ctx, address, name, from, replace)
		},
		migrate: func(ctx context.Context) (store.Migrated, error) { return postgres.Migrate(ctx, address) },
	}
}

func keptInFile(file string) keeper {
	return keeper{
		export: func(ctx context.Context, w io.Writer, program string, keys ...string) (store.Exported, error) {
			return sqlite.Export(ctx, file, w, program, keys...)
		},
		take: func(ctx context.Context, name string, from io.Reader, replace bool) (store.Imported, error) {
			return sqlite.Import(ctx, file, name, from, replace)
		},
		migrate: func(context.Context) (store.Migrated, error) { return sqlite.Migrate(file) },
	}
}
