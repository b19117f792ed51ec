package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/mock"
)

func showCommand() *cli.Command {
	return &cli.Command{
		Name: "show", ArgsUsage: "FILE",
		Usage: "print a session file, as GET /_mock/session and the dashboard save it",
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return fmt.Errorf("show takes one session file, got %d; GET /_mock/session answers one", c.Args().Len())
			}
			return show(ctx, c.Root().Writer, c.Args().First())
		},
	}
}

// show has the dashboard of a sandbox that nobody else sees read the file, so that both show the same.
func show(ctx context.Context, w io.Writer, path string) error {
	file, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	sandbox, err := mock.New(mock.Config{})
	if err != nil {
		return &failure{err}
	}
	defer sandbox.Close()

	const at = "http://127.0.0.1/_mock/ui/session"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(file))
	if err != nil {
		return &failure{err}
	}
	req.RemoteAddr, req.Header = "127.0.0.1:1", http.Header{"Accept": {"text/plain"}, "Content-Type": {"application/json"}}
	var shown shownAnswer
	sandbox.Handler().ServeHTTP(&shown, req)
	if shown.status != http.StatusOK {
		return fmt.Errorf("%s: %s", path, strings.TrimSuffix(shown.body.String(), "."))
	}
	return say(w, shown.body.String())
}

// shownAnswer is what the dashboard answered.
type shownAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *shownAnswer) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

func (a *shownAnswer) WriteHeader(status int) { a.status = status }

func (a *shownAnswer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.body.Write(p)
}
