package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// plan is what to run, and on which descriptions.
type plan struct {
	merchant, control string
	only              []string // names of rows; none: all
	keep              bool
}

// outcome is how a row went.
type outcome int

const (
	leftOut outcome = iota
	passed
	failed
)

// atOnce is how many rows run at the same time.
const atOnce = 2

// run runs the rows, prints a line for each, and returns how many failed.
func run(p plan) (failures int, err error) {
	rows, err := p.rows()
	if err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "generators")
	if err != nil {
		return 0, err
	}
	if p.keep {
		fmt.Println("what is generated stays in", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	s, err := startSandbox(dir)
	if err != nil {
		return 0, err
	}
	defer s.stop()

	var running sync.WaitGroup
	var printing sync.Mutex // guards count and the output
	count := map[outcome]int{}
	free := make(chan struct{}, atOnce)
	for i, r := range rows {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			begin := time.Now()
			result, outcome := r.result(p, dir, s, i)

			printing.Lock()
			defer printing.Unlock()
			fmt.Printf("%s  (%.1f s)\n", result, time.Since(begin).Seconds())
			count[outcome]++
		})
	}
	running.Wait()
	fmt.Printf("%d passed, %d failed, %d skipped\n", count[passed], count[failed], count[leftOut])
	return count[failed], nil
}

// rows returns the rows of the plan, or an error that names one that does not exist.
func (p plan) rows() ([]row, error) {
	if p.only == nil {
		return table, nil
	}
	var rows []row
	for _, name := range p.only {
		i := slices.IndexFunc(table, func(r row) bool { return r.name == name })
		if i < 0 {
			return nil, fmt.Errorf("-only: there is no row %q; there are %s", name, strings.Join(names(), ", "))
		}
		rows = append(rows, table[i])
	}
	return rows, nil
}

func names() []string {
	var all []string
	for _, r := range table {
		all = append(all, fmt.Sprintf("%q", r.name))
	}
	return all
}

// result runs a row and says how it went. A row whose tools are missing is left out, which is a failure when
// everything is required.
func (r row) result(p plan, dir string, s *sandbox, number int) (said string, how outcome) {
	for _, need := range r.needs {
		if remedy := need.missing(); remedy != "" {
			if os.Getenv("PAYPORTER_MOCK_TEST_ALL") == "1" {
				how = failed
			}
			return fmt.Sprintf("left out  %s: %s", r.name, remedy), how
		}
	}
	w, err := p.work(r.name, filepath.Join(dir, fmt.Sprint(number)), s)
	if err == nil {
		err = r.run(w)
	}
	if err != nil {
		return fmt.Sprintf("FAIL      %s: %s", r.name, strings.ReplaceAll(err.Error(), "\n", "\n          ")), failed
	}
	return fmt.Sprintf("ok        %-36s %s", r.name, w.said), passed
}

// work makes the folder of a row and gives it a merchant of its own.
func (p plan) work(name, dir string, s *sandbox) (*work, error) {
	w := &work{dir: dir, key: "test_" + strings.ReplaceAll(name, " ", "_"), sandbox: s}
	paths := map[*string]string{&w.merchant: p.merchant, &w.control: p.control, &w.home: "testdata/generators"}
	for path, from := range paths {
		absolute, err := filepath.Abs(from)
		if err != nil {
			return nil, err
		}
		*path = absolute
	}
	return w, os.MkdirAll(dir, 0o755)
}
