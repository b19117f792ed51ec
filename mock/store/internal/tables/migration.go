package tables

import "io/fs"

// Migration is one step from a version of the tables to the next.
type Migration struct{ Name, Text string }

// Migrations are the steps in the folder migrations, in their order: the n-th leads to version n. The files are a
// program's own: one that cannot be read ends it.
func Migrations(files fs.FS) []Migration {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is right
	}

	steps := make([]Migration, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err) // it is embedded
		}
		steps[i] = Migration{name, string(text)}
	}
	return steps
}
