package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// lookEvery is how often changed scenario files are looked for. Looking works everywhere, while the
// notices of file systems do not come through bind mounts.
const lookEvery = 400 * time.Millisecond

// followFiles reads the scenario files again when they are no longer as they were seen, and on SIGHUP,
// until ctx ends. What was seen must be from before the server read them.
func followFiles(ctx context.Context, server *mock.Server, paths []string, seen string, log *slog.Logger) {
	hangUp := make(chan os.Signal, 1)
	signal.Notify(hangUp, syscall.SIGHUP)
	defer signal.Stop(hangUp)

	tick := time.NewTicker(lookEvery)
	defer tick.Stop()

	for {
		select {
		case <-ctx.Done():
			return
		case <-hangUp:
		case <-tick.C:
			now := stateOf(paths)
			if now == seen {
				continue
			}
			seen = now
		}
		if err := server.ReloadScenarios(); err != nil {
			log.Error("scenarios", "error", err.Error())
			continue
		}
		log.Info("scenarios", "reloaded", strings.Join(paths, ","))
	}
}

// stateOf is different when a file has changed, come or gone.
func stateOf(paths []string) string {
	var b strings.Builder
	for _, file := range scenarios.Files(paths) {
		if info, err := os.Stat(file); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", file, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}
