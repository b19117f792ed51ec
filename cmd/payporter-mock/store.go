package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// storeFile is the file that --store names, and how it is written; an empty one: everything stays in memory.
func storeFile(value string) (file string, o sqlite.Options, err error) {
	if value == "memory" {
		return "", o, nil
	}
	named, ok := strings.CutPrefix(value, "sqlite:")
	file, query, _ := strings.Cut(named, "?")
	settings, err := url.ParseQuery(query)
	if !ok || file == "" || err != nil {
		return "", o, fmt.Errorf("store %q: want memory, or sqlite:FILE such as sqlite:/var/lib/payporter-mock/books.db",
			value)
	}

	for name, values := range settings {
		if o.Synchronous = sqlite.Synchronous(values[0]); name != "synchronous" || len(values) > 1 ||
			o.Synchronous != sqlite.Full && o.Synchronous != sqlite.Normal {
			return "", o, fmt.Errorf("store %q: behind the file there may be ?synchronous=full or ?synchronous=normal", value)
		}
	}
	return file, o, nil
}

// openStore opens what --store names, which is right; nil: memory. What is wrong with a file, mock.New tells.
func openStore(value string) store.Books {
	file, o, err := storeFile(value)
	if err != nil || file == "" {
		return nil
	}
	return sqlite.Open(file, o)
}
