package scenarios

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/input"
	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// BuiltinPrefix begins a path that is the name of a file of the library, such as
// builtin:insufficient-funds.
const BuiltinPrefix = "builtin:"

// Load reads scenario files in the order given, and makes one set of them. A path is a file, a
// folder or builtin:NAME. Of a folder, but not of the folders in it, the files *.yaml, *.yml and
// *.json are read in the order of their names; schema.json is not, it is where editors want the
// schema, nor is a file whose name begins with a dot. Every error is an Errors with the faults of all the files.
func Load(paths []string) (*Set, error) {
	var l loader
	for _, path := range paths {
		if !l.ended {
			l.path(path)
		}
	}
	if err := l.faults.asError(); err != nil {
		return nil, err
	}
	return newSet(l.all, l.sources, l.size), nil
}

// loader gathers the scenarios of several files.
type loader struct {
	all     []*Scenario
	sources []Source
	size    size
	faults  Errors
	ended   bool // a bound was reached: the other files are not read
}

func (l *loader) fault(path, message, hint string) {
	l.faults = append(l.faults, Error{Place: Place{File: path}, Message: message, Hint: hint})
}

func (l *loader) path(path string) {
	if name, ok := strings.CutPrefix(path, BuiltinPrefix); ok {
		l.builtin(name)
		return
	}

	info, err := os.Stat(path)
	switch {
	case err != nil && slices.Contains(Builtins(), path):
		l.fault(path, "cannot read scenarios: "+reason(err), "did you mean "+BuiltinPrefix+path+"?")
	case err != nil:
		l.fault(path, "cannot read scenarios: "+reason(err), "")
	case info.IsDir():
		l.folder(path)
	default:
		l.file(path)
	}
}

// reason is what the system says, without the path, which the place says.
func reason(err error) string {
	var fault *fs.PathError
	if errors.As(err, &fault) {
		return fault.Err.Error()
	}
	return err.Error()
}

func (l *loader) builtin(name string) {
	source, err := library.ReadFile(name + fileEnding)
	if err != nil {
		hint := cmp.Or(wording.Hint(name, Builtins()), "payporter-mock scenarios list lists those that are shipped")
		l.fault(BuiltinPrefix+name, "unknown scenario "+quoted(name), hint)
		return
	}
	l.add(Parse(BuiltinPrefix+name, source))
}

func (l *loader) folder(path string) {
	files, err := filesIn(path)
	if err != nil {
		l.fault(path, "cannot read scenarios: "+reason(err), "")
		return
	}
	if len(files) == 0 {
		l.fault(path, "the folder has no scenario file", "they end in .yaml, .yml or .json, and begin with no dot")
	}

	for _, file := range files {
		if !l.ended {
			l.file(file)
		}
	}
}

// Files lists the files that Load reads for the paths, in its order. What cannot be read is listed as it is.
func Files(paths []string) []string {
	var all []string
	for _, path := range paths {
		if strings.HasPrefix(path, BuiltinPrefix) {
			continue
		}
		if files, err := filesIn(path); err == nil {
			all = append(all, files...)
			continue
		}
		all = append(all, path)
	}
	return all
}

// filesIn lists the scenario files of a folder, sorted by name.
func filesIn(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}

	var files []string
	for _, e := range entries {
		if !e.IsDir() && isScenarioFile(e.Name()) {
			files = append(files, filepath.Join(folder, e.Name()))
		}
	}
	return files, nil
}

// isScenarioFile leaves out what editors and systems put beside a file: .#a.yaml, ._a.yaml, .a.yaml.swp, #a.yaml#,
// a.yaml~, 4913.
func isScenarioFile(name string) bool {
	return !strings.HasPrefix(name, ".") && name != "schema.json" &&
		slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(name))
}

func (l *loader) file(path string) {
	source, err := input.ReadFile(path)
	if err != nil {
		l.fault(path, "cannot read scenarios: "+reason(err), "")
		return
	}
	l.add(Parse(path, source))
	l.grow(path)
}

// grow looks whether the files that have been read are too much for one set.
func (l *loader) grow(path string) {
	if message, hint := l.size.excess(); message != "" && !l.ended {
		l.fault(path, message, hint)
		l.ended = true
	}
}

// add takes the scenarios of one more file. A name that another file has already is a fault.
func (l *loader) add(s *Set, err error) {
	var faults Errors
	if errors.As(err, &faults) {
		l.faults = append(l.faults, faults...)
		return
	}

	l.size = l.size.plus(s.size)
	for _, one := range s.all {
		if first := l.named(one.Name); first != nil {
			l.faults = append(l.faults, Error{
				Place: one.Place, Message: "there are two scenarios named " + quoted(one.Name),
				Hint: "the first is at " + first.Place.String(),
			})
		}
	}

	l.all, l.sources = append(l.all, s.all...), append(l.sources, s.sources...)
}

func (l *loader) named(name string) *Scenario {
	for _, s := range l.all {
		if s.Name == name {
			return s
		}
	}
	return nil
}
