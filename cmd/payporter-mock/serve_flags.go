package main

import (
	"slices"

	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// serveFlags are all flags of serve, in the order of the help.
func serveFlags(env environment) []cli.Flag {
	f := flags{env}
	return slices.Concat(f.listenFlags(), f.merchantFlags(), f.accessFlags(), f.callbackFlags(), f.observingFlags(),
		f.boundFlags(), f.checkoutFlags(), f.paymentFlags())
}

// listenFlags are where it listens, and how.
func (f flags) listenFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{
			Name: configFlag, Usage: "YAML file with the names of these flags as its keys, and ${NAME} for a variable of the " +
				"environment; a flag and its own variable beat it",
			Sources: f.env("serve-config"), // PAYPORTER_MOCK_CONFIG is the file of verify merchant
		},

		f.text("addr", mock.DefaultAddr, "where to listen; port 0 picks a free one and prints it"),
		f.textOr("public-url", "the request's own host", "what redirectUrl begins with, such as http://host:9000/pay "+
			"behind a proxy that takes /pay away"),

		f.text("tls", string(mock.TLSNone), "https with a certificate made at the start, whose authority is /_mock/ca.pem: "+
			"none or self-signed"),
		f.text("tls-cert", "", "serve https with the certificate in this file, in PEM; certificates between it and the "+
			"authority follow it"),
		f.text("tls-key", "", "file of the private key of --tls-cert, in PEM"),

		f.listOr("page-frame-ancestors", "none", "origin that may show the hosted page in a frame, such as "+
			"https://shop.example or http://localhost:*, repeatable"),
	}
}

// merchantFlags are the configured merchant, and what happens to its checkouts.
func (f flags) merchantFlags() []cli.Flag {
	return []cli.Flag{
		f.text("api-key", mock.DefaultAPIKey, "the merchant that always exists; keys that begin with test_ need no set-up"),
		f.text("api-secret", mock.DefaultAPISecret, "its secret"),

		f.list("scenarios", nil, "scenario file, folder or builtin:NAME, repeatable; changed files take effect "+
			"within a second"),
		f.text("payer", string(mock.PayerPage), "who pays: page (a person or a browser) or auto (the sandbox itself, for "+
			"CI)"),

		&cli.Uint64Flag{
			Name: "seed", Usage: "what generated values are drawn from", DefaultText: "a new one, printed",
			Sources: f.env("seed"),
		},
	}
}

// accessFlags are who may use the control API.
func (f flags) accessFlags() []cli.Flag {
	return []cli.Flag{
		f.textOr("admin-token", "none on loopback, else a new one, printed", "what the control API wants, at least 16 "+
			"characters; none lets everybody in"),
		f.list("allowed-host", nil, "host name of this sandbox, such as sandbox.example.com or *.example.com, repeatable; "+
			"wanted for such names where the control API has no token"),
	}
}

// callbackFlags are where callbacks and webhooks go, and how.
func (f flags) callbackFlags() []cli.Flag {
	return []cli.Flag{
		f.listOr("callback-allow", "anywhere on loopback, else nowhere", "CIDR, address, host name or *.NAME callbacks may "+
			"go to, repeatable"),
		f.textOr("webhook-url", "nowhere, until PUT /_mock/webhook", "where webhooks of the configured key go"),
		f.text("webhook-secret", "", "what they are signed with; wanted with --webhook-url"),
		f.text("callback-proxy", "none", "HTTP proxy that callbacks go through: none, env (HTTP_PROXY, HTTPS_PROXY, "+
			"NO_PROXY) or its URL"),
		f.text("callback-ca", "", "file of certificates in PEM: authorities that receivers of callbacks may use, beside "+
			"the system's"),
	}
}

// observingFlags are what the sandbox tells of itself.
func (f flags) observingFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{
			Name: "otlp-endpoint", Usage: "OpenTelemetry collector that takes traces by OTLP over HTTP, such " +
				"as http://127.0.0.1:4318", DefaultText: "OTEL_EXPORTER_OTLP_ENDPOINT, or none",
			Sources: orElse(f.env("otlp-endpoint"), f.lookup, "OTEL_EXPORTER_OTLP_ENDPOINT"),
		},
		&cli.StringFlag{
			Name: "otlp-headers", Usage: "headers for it, as KEY=VALUE,KEY=VALUE",
			DefaultText: "OTEL_EXPORTER_OTLP_HEADERS, or none",
			Sources:     orElse(f.env("otlp-headers"), f.lookup, "OTEL_EXPORTER_OTLP_HEADERS"),
		},

		f.text("log-format", "text", "text or json"),
		f.text("log-level", "info", "debug, info, warn or error"),

		f.textOr("pprof", "none", "loopback address for CPU and heap profiles, such as 127.0.0.1:6060"),
	}
}

// boundFlags are what it takes and keeps.
func (f flags) boundFlags() []cli.Flag {
	return []cli.Flag{
		f.toggle("validate-responses", false, "check our own answers against the API description, too"),
		f.text("openapi", "", "a changed copy of openapi.yaml, for other limits (assumed)"),
		&cli.Int64Flag{Name: "max-body", Value: mock.DefaultMaxBody, Usage: "the most bytes a request body may " +
			"have (assumed)", Sources: f.env("max-body")},

		f.text("rate-limit", "none", "requests that a merchant may make, such as 50/s or 600/m, by its clock; more get a "+
			"429: none or a limit"),
		&cli.IntFlag{
			Name: "max-connections", Value: mock.DefaultMaxConnections, Usage: "connections at a time; more wait " +
				"until one ends; at most half of them hold requests that wait for something",
			Sources: f.env("max-connections"),
		},

		&cli.IntFlag{Name: "keep-checkouts", Value: mock.DefaultKeepCheckouts, Usage: "checkouts of a merchant before its " +
			"oldest finished ones are forgotten; as many payments without a checkout are kept, each with its captures, " +
			"cancels and refunds", Sources: f.env("keep-checkouts")},
		&cli.IntFlag{
			Name: "keep-merchants", Value: mock.DefaultKeepMerchants, Usage: "test_ keys that are merchants at a " +
				"time; beyond, the longest idle one is forgotten, none used within 10 minutes or with a callback planned",
			Sources: f.env("keep-merchants"),
		},

		f.text("store", "memory", "where everything is kept: memory (until the process ends), sqlite:FILE or "+
			"postgres://USER:PASSWORD@HOST/DATABASE, which outlive it"),
	}
}

// checkoutFlags are what PayPorter does with checkouts.
func (f flags) checkoutFlags() []cli.Flag {
	return []cli.Flag{
		&cli.DurationFlag{Name: "link-lifetime", Value: mock.DefaultLinkLifetime, Usage: "how long a checkout can be " +
			"paid (assumed)", Sources: f.env("link-lifetime")},

		f.text("callback-retry", "documented", "when a callback that was not taken is sent again: documented, none, or "+
			"waits such as 10s,1m,1h (assumed)"),
		&cli.DurationFlag{Name: "callback-timeout", Value: mock.DefaultCallbackTimeout, Usage: "how long the receiver of a " +
			"callback has to answer, at most 30s (assumed)", Sources: f.env("callback-timeout")},
		f.list("callback-on", mock.DefaultCallbackOn(), "which results send a callback: success, failure, cancel, expiry "+
			"(the last two assumed)"),

		&cli.StringFlag{
			Name: "three-d-secure", Value: string(payment.ThreeDSecureByCard), Usage: "who is asked for a " +
				"code on the bank's page: card (test cards that want it), always or never (assumed)",
			Sources: f.env("three-d-secure"),
		},
		&cli.DurationFlag{Name: "bank-patience", Value: mock.DefaultBankPatience, Usage: "how long the bank's page waits " +
			"for the code (assumed)", Sources: f.env("bank-patience")},
	}
}

// paymentFlags are what it does with payments and webhooks.
func (f flags) paymentFlags() []cli.Flag {
	return []cli.Flag{
		f.text("paid-amount", string(payment.PaidAmountOrder), "which amount a payment has whose customer pays interest: "+
			"order, or charged with the interest (assumed)"),
		f.text("day-zone", mock.DefaultDayZone, "time zone of the day on which a payment can be cancelled (assumed)"),

		f.toggle("partial-capture", true, "a pre-authorization may be captured with less than what was reserved (assumed)"),
		&cli.DurationFlag{
			Name: "security-key-lifetime", Value: mock.DefaultSecurityKeyLifetime,
			Usage:   "how long a payment with 3-D Secure can be completed (assumed)",
			Sources: f.env("security-key-lifetime"),
		},

		f.text("webhook-retry-time", string(mock.WebhookRefresh), "x-request-time of a webhook that is sent again: refresh "+
			"(that of the retry, signed anew) or keep (that of the first attempt) (assumed)"),
		&cli.DurationFlag{Name: "webhook-secret-overlap", Value: mock.DefaultWebhookSecretOverlap, Usage: "how long after " +
			"a rotation the secret before it is still valid (assumed)", Sources: f.env("webhook-secret-overlap")},

		f.toggle("retry-payment", true, "a declined checkout may be tried again (assumed)"),
		f.text("repeated-order-id", "allow", "allow a second checkout for an order, or reject it with 406 (assumed)"),
	}
}
