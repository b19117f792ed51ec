package store

import "fmt"

// Exported says what an export has written.
type Exported struct {
	Merchants int // API keys
	Records   int // lines, the first and the last aside
	Masked    int // records that hold something which was masked
}

// Imported says what an import has put into the books.
type Imported struct {
	Merchants int // API keys
	Records   int // lines, the first and the last aside
	// Webhooks are the API keys that had an address for webhooks, whose secret no export holds.
	Webhooks []string
}

// Migrated says what became of the version of the books' tables. Version zero: there were none.
type Migrated struct {
	From, To int
	Copy     string // a file that has the books as they were; empty: there is none
}

// LineError is what is wrong with a line of an export.
type LineError struct {
	File  string // as it was named
	Line  int    // from 1
	Cause error
}

func (e *LineError) Error() string { return fmt.Sprintf("%s:%d:1: %v", e.File, e.Line, e.Cause) }

func (e *LineError) Unwrap() error { return e.Cause }
