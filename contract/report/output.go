package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// Form is how a report is written to a file.
type Form string

// The forms of --report.
const (
	JUnit Form = "junit"
	JSON  Form = "json"
	HTML  Form = "html"
)

var forms = []Form{JUnit, JSON, HTML}

// Output is a file that a report goes to.
type Output struct {
	Form Form
	Path string
}

// ParseOutput takes FORM=FILE, as --report has it.
func ParseOutput(s string) (Output, error) {
	name, path, found := strings.Cut(s, "=")
	form := Form(strings.ToLower(strings.TrimSpace(name)))
	if !slices.Contains(forms, form) {
		return Output{}, fmt.Errorf("report %q: there is no form %q; there are %s, such as junit=report.xml", s, name,
			wording.And(forms))
	}

	path = strings.TrimSpace(path)
	switch {
	case !found || path == "":
		return Output{}, fmt.Errorf("report %q: name the file, too, such as %s=%s", s, form, form.example())
	case path == "-":
		return Output{}, fmt.Errorf("report %q: standard output has the table; name a file, such as %s=%s", s, form,
			form.example())
	}

	return Output{Form: form, Path: path}, nil
}

func (f Form) example() string {
	switch f {
	case JUnit:
		return "report.xml"
	default:
		return "report." + string(f)
	}
}

// ParseOutputs takes all that --report was given, and finds every mistake. One file cannot have two
// forms.
func ParseOutputs(all []string) ([]Output, error) {
	var outputs []Output
	var faults []error
	by := map[string]string{}
	for _, s := range all {
		output, err := ParseOutput(s)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		place := output.place()
		if other, taken := by[place]; taken {
			faults = append(faults, fmt.Errorf("report %q: report %q goes to the same file; give each a file of its own", s,
				other))
			continue
		}
		by[place] = s
		outputs = append(outputs, output)
	}

	return outputs, errors.Join(faults...)
}

// place is what tells two files apart.
func (o Output) place() string {
	path, err := filepath.Abs(o.Path)
	if err != nil {
		return filepath.Clean(o.Path)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// Check finds out before a run whether the file can be written after it.
func (o Output) Check() error {
	dir := filepath.Dir(o.Path)
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("write report %s: there is no folder %s; make it first", o.Path, dir)
	case err != nil:
		return fmt.Errorf("write report %s: %w", o.Path, err)
	case !info.IsDir():
		return fmt.Errorf("write report %s: %s is no folder", o.Path, dir)
	}

	if info, err := os.Stat(o.Path); err == nil && info.IsDir() {
		return fmt.Errorf("write report %s: it is a folder; name a file in it", o.Path)
	}
	return nil
}

// Write writes the report to every output. Each file is whole or as it was before: it is written
// beside its place and then moved. A fault with one output does not keep the others from being written.
func Write(r *Report, outputs []Output) error {
	var faults []error
	for _, output := range outputs {
		faults = append(faults, output.write(r))
	}
	return errors.Join(faults...)
}

func (o Output) write(r *Report) error {
	if err := o.Check(); err != nil {
		return err
	}

	var text bytes.Buffer
	if err := r.WriteForm(&text, o.Form); err != nil {
		return fmt.Errorf("write report %s: %w", o.Path, err)
	}
	if err := replace(o.Path, text.Bytes()); err != nil {
		return fmt.Errorf("write report %s: %w", o.Path, err)
	}
	return nil
}

// WriteForm writes the report in one form.
func (r *Report) WriteForm(w io.Writer, form Form) error {
	switch form {
	case JUnit:
		return r.WriteJUnit(w)
	case JSON:
		return r.WriteJSON(w)
	case HTML:
		return r.WriteHTML(w)
	}
	return fmt.Errorf("there is no form %q; there are %s", form, wording.And(forms))
}

// replace puts the text in the file's place in one step. What is no regular file, such as
// /dev/stdout, is written to as it is.
func replace(path string, text []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // the link stays
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(path, text, 0o644)
	}

	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}

	_, err = file.Write(text)
	err = errors.Join(err, file.Chmod(0o644), file.Close()) // for others to read, as a CI server does
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}

	return nil
}
