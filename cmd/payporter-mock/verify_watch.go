package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// watch judges the shop, and again whenever one of its files changes, until ctx ends. It answers what the last run
// did.
func (r *merchantRun) watch(ctx context.Context) error {
	wanted := r.config.Rules
	var failed []string
	for {
		seen := r.stateOfShop()
		err := r.judgeFirst(ctx, &failed, wanted)
		if err != nil {
			_ = say(r.stderr, fmt.Sprintf("payporter-mock: %v\n", err)) // the last one is the exit code's, too
		}

		_ = say(r.stderr, fmt.Sprintf("watching %s: change a file to judge again, or end with Ctrl-C\n", r.config.Shop.Dir))
		for r.stateOfShop() == seen {
			select {
			case <-ctx.Done():
				return err
			case <-time.After(lookEvery):
			}
		}
		r.reload()
	}
}

// judgeFirst judges what failed before, and all that is wanted once nothing of it fails.
func (r *merchantRun) judgeFirst(ctx context.Context, failed *[]string, wanted []string) error {
	if len(*failed) > 0 {
		r.config.Rules = *failed
		judged, err := r.judge(ctx)
		if err != nil || len(failedRules(judged)) > 0 {
			return err
		}
	}

	r.config.Rules = wanted
	judged, err := r.judge(ctx)
	*failed = failedRules(judged)
	return err
}

// failedRules are the ids of the rules that fail the run.
func failedRules(judged contract.Judgement) []string {
	var ids []string
	for _, rule := range judged.Rules {
		if rule.Result == report.Failed && judged.Fails(rule) {
			ids = append(ids, rule.ID)
		}
	}
	return ids
}

// reload reads the config again. One that has become faulty is told, and the one before it goes on.
func (r *merchantRun) reload() {
	config, err := contract.LoadConfig(r.file)
	if err != nil {
		_ = say(r.stderr, fmt.Sprintf("payporter-mock: %v\n", err)) // whoever mends it sees it here
		return
	}
	config.Rules, config.Seed, config.FailOn = r.config.Rules, r.config.Seed, r.config.FailOn
	config.Thorough = r.config.Thorough
	r.config = config
}

// What is no source of a shop, and what is: data and logs, which a shop writes itself, are none.
var (
	foreignFolders = []string{"node_modules", "vendor", "target", "build", "dist", "__pycache__", "venv", "coverage"}
	sourceFiles    = []string{
		".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".py", ".php", ".java", ".kt", ".go", ".rb", ".cs", ".rs", ".ex",
		".html", ".twig", ".erb", ".yaml", ".yml", ".json", ".toml", ".xml", ".properties", ".ini", ".sql",
	}
)

// mostWatched is how many files of a shop are looked at.
const mostWatched = 20_000

// stateOfShop is different when a source file of the shop or the config has changed, come or gone. What a run itself
// writes does not count.
func (r *merchantRun) stateOfShop() string {
	var state strings.Builder
	note := func(path string) {
		if info, err := os.Stat(path); err == nil {
			fmt.Fprintf(&state, "%s %d %d\n", path, info.Size(), info.ModTime().UnixNano())
		}
	}
	note(r.file)

	written, files := r.written(), 0
	_ = filepath.WalkDir(r.config.Shop.Dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // it has just gone, or nobody may read it
		case entry.IsDir():
			if path != r.config.Shop.Dir && isForeign(entry.Name()) {
				return fs.SkipDir
			}
		case slices.Contains(sourceFiles, strings.ToLower(filepath.Ext(path))) && !slices.Contains(written, path):
			if files++; files > mostWatched {
				return fs.SkipAll
			}
			note(path)
		}
		return nil
	})
	return state.String()
}

func isForeign(folder string) bool {
	return strings.HasPrefix(folder, ".") || slices.Contains(foreignFolders, folder)
}

// written are the files that a run writes.
func (r *merchantRun) written() []string {
	files := []string{r.bundle}
	for _, output := range r.outputs {
		files = append(files, output.Path)
	}
	for i, file := range files {
		if whole, err := filepath.Abs(file); err == nil {
			files[i] = whole
		}
	}
	return files
}
