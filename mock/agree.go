package mock

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// The settings that can be other ones than the config says: the seed is drawn where nothing is said, and the files of
// scenarios are read again.
const (
	seedSetting      = "seed"
	scenariosSetting = "scenarios"
)

// agreed is the config as the other processes have it that use its store, if several can: a seed that was drawn gives
// way to theirs. Settings that change answers must be the same everywhere, because nobody knows which process answers.
func (c Config) agreed(drawn bool) (Config, error) {
	shared, ok := c.Store.(store.Shared)
	if !ok {
		return c, nil
	}
	var follow []string
	if drawn {
		follow = []string{seedSetting}
	}

	settings, err := shared.Agree(context.Background(), c.settings(), follow...)
	if err != nil {
		return c, err
	}
	c.Seed, err = strconv.ParseUint(settings[seedSetting], 10, 64)
	return c, err
}

// settings are those that change what is answered or sent, by the names of their flags. Secrets stand as hashes: all
// this is kept in the books, and printed where processes differ.
func (c Config) settings() store.Settings {
	set, _ := loadScenarios(c) // Validate has read them
	return store.Settings{
		seedSetting: strconv.FormatUint(c.Seed, 10), "api-key": c.APIKey, "api-secret": digest(c.APISecret.Reveal()),
		"public-url": c.PublicURL, "payer": string(c.Payer), "scenario": c.Scenario, "openapi": documentOf(c.OpenAPI),
		scenariosSetting: set.Digest(), "max-body": strconv.FormatInt(c.MaxBody, 10),
		"rate-limit":     fmt.Sprintf("%d in %s", c.RateLimit.Requests, c.RateLimit.Per),
		"keep-checkouts": strconv.Itoa(c.KeepCheckouts), "keep-merchants": strconv.Itoa(c.KeepMerchants),
		"callback-allow": strings.Join(c.CallbackAllow, " "), "callback-proxy": addressOf(c.CallbackProxy),
		"webhook-url": addressOf(c.WebhookURL), "webhook-secret": digest(c.WebhookSecret.Reveal()),

		"callback-timeout": c.CallbackTimeout.String(), "link-lifetime": c.LinkLifetime.String(), "callback-retry": fmt.Sprint(*c.RetryPlan),
		"three-d-secure": string(c.ThreeDSecure), "bank-patience": c.BankPatience.String(),
		"paid-amount": string(c.PaidAmount), "retry-payment": strconv.FormatBool(!c.NoRetryPay),
		"repeated-order-id": strconv.FormatBool(!c.NoRepeatOrder), "callback-on": named(c.CallbackOn),
		"day-zone": c.DayZone, "partial-capture": strconv.FormatBool(!c.NoPartialCapture),
		"security-key-lifetime":  c.SecurityKeyLifetime.String(),
		"webhook-retry-time":     string(c.WebhookRetryTime),
		"webhook-secret-overlap": c.WebhookSecretOverlap.String(),
	}
}

// named is a list of names whose order says nothing.
func named(all []string) string {
	all = slices.Clone(all)
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

// digest stands for a text that nobody may see; an empty one stays so.
func digest(text string) string {
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// addressOf is an address without the credentials in it. A digest of the whole tells it from one with other
// credentials.
func addressOf(address string) string {
	masked := payment.MaskURL(address)
	if masked == address {
		return address
	}
	return masked + " (digest " + digest(address) + ")"
}

// documentVersion is the line of a document that says its version.
var documentVersion = regexp.MustCompile(`(?m)^  version: *(\S+)`)

// documentOf is the version of our own document, or stands for another one.
func documentOf(source []byte) string {
	if source != nil {
		return digest(string(source))
	}
	if found := documentVersion.FindSubmatch(payporter.OpenAPI()); found != nil {
		return "version " + string(found[1])
	}
	return digest(string(payporter.OpenAPI()))
}
