package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/contract/proxy"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

func proxyCommand(env environment) *cli.Command {
	return &cli.Command{
		Name:      "proxy",
		Usage:     "stand between an app and PayPorter: record, check both directions, show",
		UsageText: "payporter-mock proxy --upstream URL [options]",
		Description: "Passes every request on to the upstream, and nothing anywhere else, until it gets SIGINT or SIGTERM. " +
			"What passes is\n" +
			"checked against openapi.yaml in both directions: each violation is a line of the log, and the dashboard at " +
			"/_mock/ui/\n" +
			"shows it. Credentials go to the upstream as they came, and are in no record; card numbers are masked.\n\n" +
			"With --public-url callbacks pass, too: a callback of the app's own becomes an address of the proxy in the " +
			"create, and\n" +
			"what PayPorter sends to another path of the public URL, such as a webhook, goes to the same path of --app.",
		Flags:           proxyFlags(env),
		HideHelpCommand: true,

		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return runProxy(ctx, c, env)
		},
	}
}

func proxyFlags(env environment) []cli.Flag {
	f := flags{env}
	return []cli.Flag{
		f.text("upstream", "", "the base URL of PayPorter, or of a sandbox: what comes before /api/checkout"),
		f.text("upstream-ca", "", "file of certificates in PEM: authorities that the upstream may use, beside the system's"),
		f.text("addr", proxy.DefaultAddr, "where to listen; port 0 picks a free one and prints it"),

		f.textOr("public-url", "none: callbacks do not pass", "where PayPorter reaches the proxy"),
		f.textOr("app", "none", "base URL of the app, for webhooks and callbacks that it has registered under --public-url"),
		f.listOr("callback-allow", "anywhere on loopback, else nowhere", "CIDR, address, host name or *.NAME callbacks may "+
			"go to, repeatable"),
		f.text("callback-ca", "", "file of certificates in PEM: authorities that the app may use, beside the system's"),

		f.text("record", "", "at the end, write what was seen to this file, as scenarios for serve --scenarios"),
		f.list("report", nil, "FORM=FILE, repeatable: at the end, the report as junit, json, ..."),
		f.text("fail-on", string(report.Major), "the least severity that fails: critical, major, minor or advisory"),
		f.toggle("strict", false, "exit 1 at the end if a rule of that severity was broken"),

		f.textOr("admin-token", "none where only this machine gets to it, else a new one, printed",
			"what the dashboard wants, at least 16 characters; none lets everybody in"),
		f.list("allowed-host", nil, "host name of this proxy for its dashboard, repeatable, as for serve"),
		f.text("tls", string(mock.TLSNone), "https with a certificate made at the start: none or self-signed"),
		f.text("tls-cert", "", "https with the certificate in this file, in PEM"),
		f.text("tls-key", "", "file of the private key of --tls-cert, in PEM"),
		f.text("log-format", "text", "text or json"),
		f.text("log-level", "info", "debug, info, warn or error"),
	}
}

// proxyRun is one run of proxy, its flags read.
type proxyRun struct {
	config  proxy.Config
	outputs []report.Output
	failOn  report.Severity
	record  string // empty: nothing is recorded
	strict  bool
}

// newProxyRun reads the flags and reports everything that is wrong with them together.
func newProxyRun(c *cli.Command, log *logOutput) (proxyRun, error) {
	logger, logFault := newLogger(log, c.String("log-format"), c.String("log-level"))
	failOn, err := report.ParseSeverity(c.String("fail-on"))
	if err != nil {
		err = fmt.Errorf("fail-on: %w", err)
	}
	outputs, outputFault := report.ParseOutputs(c.StringSlice("report"))
	for _, output := range outputs {
		outputFault = errors.Join(outputFault, output.Check())
	}

	r := proxyRun{outputs: outputs, failOn: failOn, record: c.String("record"), strict: c.Bool("strict")}
	r.config = proxy.Config{
		Upstream: c.String("upstream"), Addr: c.String("addr"), PublicURL: c.String("public-url"), App: c.String("app"),
		CallbackAllow: c.StringSlice("callback-allow"), AllowedHosts: c.StringSlice("allowed-host"),
		AdminToken: adminToken(c.String("admin-token"), reachedAt(c.String("public-url"), c.String("addr"))),
		TLS:        mock.TLS(c.String("tls")), Version: version(), Logger: logger,
	}
	return r, errors.Join(logFault, err, outputFault, checkRecord(r.record), r.readFiles(c), r.config.Validate())
}

// reachedAt is the address from which most can reach the dashboard.
func reachedAt(publicURL, addr string) string {
	u, err := url.Parse(publicURL)
	if err != nil || u.Host == "" {
		return addr
	}
	if public := net.JoinHostPort(u.Hostname(), "0"); !mock.Loopback(public) {
		return public
	}
	return addr
}

// readFiles reads the files that flags name.
func (r *proxyRun) readFiles(c *cli.Command) error {
	var faults [4]error
	r.config.UpstreamCA, faults[0] = readNamed(c, "upstream-ca")
	r.config.CallbackCA, faults[1] = readNamed(c, "callback-ca")
	cert, certFault := readNamed(c, "tls-cert")
	key, keyFault := readNamed(c, "tls-key")
	if faults[2], faults[3] = certFault, keyFault; certFault == nil && keyFault == nil {
		r.config.TLSCert, r.config.TLSKey = cert, payment.Secret(key)
	}
	return errors.Join(faults[:]...)
}

// checkRecord finds out before the run whether the file can be written after it.
func checkRecord(file string) error {
	if file == "" {
		return nil
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return fmt.Errorf("record %s: it is a folder; name a file in it", file)
	}
	dir := filepath.Dir(file)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("record %s: there is no folder %s; make it first", file, dir)
	}
	return nil
}

// runProxy runs the proxy until ctx ends, and then writes what was seen.
func runProxy(ctx context.Context, c *cli.Command, env environment) error {
	signal.Ignore(syscall.SIGPIPE) // whoever reads standard output or the log may leave
	out := newLogOutput(c.Root().ErrWriter)
	defer out.Close() // after everything that logs
	out.screen = screenOf(c.Root().ErrWriter, env)
	r, err := newProxyRun(c, out)
	if err != nil {
		return err
	}

	slog.SetLogLoggerLevel(slog.LevelDebug)
	slog.SetDefault(r.config.Logger)
	p, err := proxy.New(r.config)
	if err != nil {
		return err
	}
	if err := p.Listen(); err != nil {
		p.Close()
		return &failure{err}
	}

	if err := say(c.Root().Writer, r.line(p, c)); err != nil {
		r.config.Logger.Warn("standard output does not take where it listens", "url", p.URL, "error", err.Error())
	}
	err = errors.Join(p.Serve(ctx), r.tell(p, c, env))
	if err != nil {
		return &failure{err}
	}
	return nil
}

// line says where the proxy listens.
func (r proxyRun) line(p *proxy.Proxy, c *cli.Command) string {
	token := ""
	if c.String("admin-token") == "" {
		token = r.config.AdminToken.Reveal() // one that nobody knows yet
	}
	if c.String("log-format") == "json" {
		text, _ := json.Marshal(struct { // texts always marshal
			Message    string `json:"msg"`
			URL        string `json:"url"`
			Upstream   string `json:"upstream"`
			AdminToken string `json:"adminToken,omitempty"`
			CACert     string `json:"caCert,omitempty"`
		}{"listening", p.URL, r.config.Upstream, token, string(p.CACert())})
		return string(text) + "\n"
	}

	text := fmt.Sprintf("payporter-mock passes what comes to %s on to %s", p.URL, r.config.Upstream)
	if p.CACert() != nil {
		text += ", CA certificate at " + p.URL + "/_mock/ca.pem"
	}
	if token != "" {
		text += ", admin token " + token
	}
	return text + "\n"
}

// tell writes the record and the reports, and answers an error if the run has failed.
func (r proxyRun) tell(p *proxy.Proxy, c *cli.Command, env environment) error {
	judged := p.Judge(r.failOn)
	err := errors.Join(r.writeRecord(p), report.Write(&judged, r.outputs))
	if len(r.outputs) > 0 || r.strict {
		stdout := c.Root().Writer
		err = errors.Join(err, judged.WriteGitHub(stdout, report.Env(env)),
			judged.WriteTerminal(stdout, report.TerminalOf(stdout, report.Env(env))))
	}

	broken := false
	for _, rule := range judged.Rules {
		broken = broken || judged.Fails(rule)
	}
	if r.strict && broken {
		err = errors.Join(err, fmt.Errorf("proxy: %s", judged.Reason))
	}
	return err
}

// writeRecord writes the scenario file.
func (r proxyRun) writeRecord(p *proxy.Proxy) error {
	if r.record == "" {
		return nil
	}

	file, left, err := p.Scenarios()
	if err == nil {
		err = os.WriteFile(r.record, file, 0o644)
	}
	if err != nil {
		return fmt.Errorf("record %s: %w", r.record, err)
	}
	if words := proxy.LeftWords(left); words != "" {
		r.config.Logger.Warn(words, "file", r.record)
	}
	return nil
}
