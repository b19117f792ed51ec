package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
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
			&cli.StringFlag{Name: "url", Value: "http://" + mock.DefaultAddr, Usage: "where the sandbox listens; " +
				"https://127.0.0.1:8080 takes any certificate, since it is this machine's", Sources: fromEnv(env, "url")},
			&cli.StringFlag{Name: "ca", Usage: "file of certificates in PEM: an authority that may have signed the sandbox's, beside " +
				"the system's", Sources: fromEnv(env, "ca")},
			&cli.DurationFlag{
				Name: "timeout", Value: 3 * time.Second, Usage: "how long to wait for its answer",
				Sources: fromEnv(env, "timeout"),
			},
		},

		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			ca, err := readNamed(c, "ca")
			if err != nil {
				return err
			}
			return healthcheck(ctx, c.String("url"), c.Duration("timeout"), ca)
		},
	}
}

func healthcheck(ctx context.Context, base string, timeout time.Duration, ca []byte) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(base, "/")+"/_mock/health", nil)
	if err != nil || req.URL.Host == "" {
		return fmt.Errorf("url %q: want an absolute URL such as http://%s", base, mock.DefaultAddr)
	}
	trust, err := trustFor(req.URL, ca)
	if err != nil {
		return err
	}

	client := &http.Client{Transport: &http.Transport{Proxy: nil, TLSClientConfig: trust}} // it is on this machine
	res, err := client.Do(req)
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		return &failure{fmt.Errorf("the certificate of the sandbox at %s is not trusted: name who signed it with --ca", base)}
	case err != nil:
		return &failure{fmt.Errorf("the sandbox at %s does not answer: %w", base, whyNoAnswer(err))}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return &failure{fmt.Errorf("the sandbox at %s is not ready: it answered %d", base, res.StatusCode)}
	}
	return nil
}

// whyNoAnswer is an error of a client without the address, which stands beside it.
func whyNoAnswer(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		return asked.Err
	}
	return err
}

// trustFor says which certificates are taken: any from this machine, where no other can answer and nothing secret is
// sent, unless the authority is named.
func trustFor(at *url.URL, ca []byte) (*tls.Config, error) {
	if ca == nil {
		return &tls.Config{InsecureSkipVerify: mock.Loopback(net.JoinHostPort(at.Hostname(), "0"))}, nil
	}

	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a machine without any
	}
	if !roots.AppendCertsFromPEM(ca) {
		return nil, errors.New("ca: want a file of certificates in PEM, each of which begins with -----BEGIN " +
			"CERTIFICATE-----")
	}
	return &tls.Config{RootCAs: roots}, nil
}
