package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/payporter-mock/payporter-mock/mock"
)

// announcement is the one line on standard output.
type announcement struct {
	Message    string `json:"msg"`
	URL        string `json:"url"`
	APIKey     string `json:"apiKey"`
	Seed       uint64 `json:"seed,string"`
	AdminToken string `json:"adminToken,omitempty"` // only one that nobody knows yet
	CACert     string `json:"caCert,omitempty"`     // PEM, of a self-signed sandbox
}

func announce(w io.Writer, format string, s *mock.Server, c mock.Config, tokenIsNew bool) error {
	line := announcement{
		Message: "listening", URL: s.URL, APIKey: s.APIKey, Seed: s.Seed(), CACert: string(s.CACert()),
	}
	if tokenIsNew {
		line.AdminToken = c.AdminToken.Reveal()
	}
	if format == "json" {
		text, err := json.Marshal(line)
		return errors.Join(err, say(w, string(text)+"\n"))
	}

	text := fmt.Sprintf("payporter-mock listens on %s (API key %s, seed %d)", line.URL, line.APIKey, line.Seed)
	if line.CACert != "" {
		text += ", CA certificate at " + line.URL + "/_mock/ca.pem"
	}
	if line.AdminToken != "" {
		text += ", admin token " + line.AdminToken
	}

	return say(w, text+"\n")
}
