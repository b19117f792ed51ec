package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/mock"
)

func healthcheckCommand(env environment) *cli.Command {
	return &cli.Command{
		Name:  "healthcheck",
		Usage: "exit 0 if the sandbox is ready, 1 if it is not (for a container with no shell)",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "url", Value: "http://" + mock.DefaultAddr, Usage: "where the sandbox listens", Sources: fromEnv(env, "url")},
			&cli.DurationFlag{Name: "timeout", Value: 3 * time.Second, Usage: "how long to wait for its answer", Sources: fromEnv(env, "timeout")},
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return healthcheck(ctx, c.String("url"), c.Duration("timeout"))
		},
	}
}

func healthcheck(ctx context.Context, url string, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(url, "/")+"/_mock/health", nil)
	if err != nil || req.URL.Host == "" {
		return fmt.Errorf("url %q: want an absolute URL such as http://%s", url, mock.DefaultAddr)
	}
	client := &http.Client{Transport: &http.Transport{Proxy: nil}} // it is on this machine
	res, err := client.Do(req)
	if err != nil {
		return &failure{fmt.Errorf("the sandbox at %s does not answer", url)}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return &failure{fmt.Errorf("the sandbox at %s is not ready: it answered %d", url, res.StatusCode)}
	}
	return nil
}
