package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"
)

func initCommand(env environment) *cli.Command {
	f := flags{env}

	return &cli.Command{
		Name:  "init",
		Usage: "write a commented config for verify merchant, after a look at the shop",
		Description: "Looks at package.json, composer.json, manage.py, pom.xml and go.mod, and at the routes in the " +
			"source, and asks\nat most two questions about what it did not find; without a terminal none.",
		Flags: []cli.Flag{
			f.text("dir", ".", "the folder of the shop"),
			f.text("url", "", "where a shop runs already, such as http://127.0.0.1:3000"),
			f.text("file", "verify.yaml", "the file to write"),
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return initConfig(ctx, c)
		},
	}
}

// initConfig writes the config. A file that exists is left alone.
func initConfig(ctx context.Context, c *cli.Command) error {
	file := c.String("file")
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s exists already: name another with --file, or remove it", file)
	}

	found, err := lookAround(c.String("dir"))
	if err != nil {
		return err
	}
	if found.dir, err = seenFrom(filepath.Dir(file), c.String("dir")); err != nil {
		return err
	}
	if given := c.String("url"); given != "" {
		if found.url, err = runningShop(ctx, given); err != nil {
			return err
		}
	}

	out := c.Root().ErrWriter
	if stdin, ok := c.Root().Reader.(*os.File); ok && term.IsTerminal(int(stdin.Fd())) {
		found.ask(bufio.NewReader(stdin), out)
	}
	if err := os.WriteFile(file, []byte(found.config()), 0o644); err != nil {
		return &failure{fmt.Errorf("write the config: %w", err)}
	}
	_, err = fmt.Fprintf(c.Root().Writer, "wrote %s: %s\nwhat is right of it says: payporter-mock verify merchant "+
		"--config %s --check\n", file, found.summary(), file)
	return err
}

// seenFrom is a folder as another one sees it.
func seenFrom(from, to string) (string, error) {
	from, err := filepath.Abs(from)
	if err != nil {
		return "", err
	}
	to, err = filepath.Abs(to)
	if err != nil {
		return "", err
	}
	relative, err := filepath.Rel(from, to)
	return filepath.ToSlash(relative), err
}

// runningShop says whether a shop answers at an address, and what the address is without a slash at its end.
func runningShop(ctx context.Context, given string) (string, error) {
	at, err := url.Parse(given)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return "", fmt.Errorf("url %q: want an absolute http or https URL such as http://127.0.0.1:3000", given)
	}

	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, given, nil)
	if err != nil {
		return "", err
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		return "", &failure{fmt.Errorf("the shop at %s does not answer: %w; start it first, or leave --url out", given,
			whyNoAnswer(err))}
	}
	return strings.TrimRight(given, "/"), res.Body.Close()
}

// ask asks a person for what was not found: at most two things.
func (p *project) ask(from *bufio.Reader, to io.Writer) {
	if len(p.command) == 0 && p.url == "" {
		answer := question(from, to, "How is the shop started, or at which URL does it run?")
		if strings.HasPrefix(answer, "http://") || strings.HasPrefix(answer, "https://") {
			p.url = strings.TrimRight(answer, "/")
		} else {
			p.command = strings.Fields(answer)
		}
	}

	if p.order == "" {
		p.order = question(from, to, "To which path does a customer's order go (empty: /orders)?")
	}
	if p.order != "" && !strings.HasPrefix(p.order, "/") {
		p.order = "/" + p.order
	}
}

// question asks one, and answers its line. Nothing is an answer, too.
func question(from *bufio.Reader, to io.Writer, text string) string {
	_ = say(to, text+" ") // who does not see it answers nothing
	line, err := from.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	return strings.TrimSpace(line)
}
