package provider

import (
	"net/http"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func authRules() []row {
	const mend = "Compare both headers with the merchant's, in constant time, before anything else is done."
	rule := func(id, title, expected string, c check) row {
		return row{
			ID: id, Title: title, Severity: report.Critical, Source: onAuth, Expected: expected, Advice: mend,
			Judge: c,
		}
	}
	return family("AUTH",
		rule("PROV-001", "A create without a key is refused", "401 without X-API-KEY",
			createsAs(func(p *probe, q *request) { q.key = "" })),
		rule("PROV-002", "A create without a secret is refused", "401 without X-API-SECRET",
			createsAs(func(p *probe, q *request) { q.secret = "" })),
		rule("PROV-003", "A create with a wrong secret is refused", "401 with another X-API-SECRET than the merchant's",
			createsAs(func(p *probe, q *request) { q.secret = p.wrongSecret() })),
		rule("PROV-004", "A create with an unknown key is refused", "401 with an X-API-KEY that no merchant has",
			createsAs(func(p *probe, q *request) { q.key = p.unknownKey() })),
		rule("PROV-005", "A status without credentials is refused", "401 for a known checkout without X-API-KEY, without "+
			"X-API-SECRET and without both", readWithout),
		rule("PROV-006", "A status with wrong credentials is refused", "401 for a known checkout with a wrong "+
			"X-API-SECRET and with an unknown X-API-KEY", readWithWrong),
		rule("PROV-007", "Another merchant's secret does not go with this key", "401 with this merchant's X-API-KEY and "+
			"another merchant's X-API-SECRET", foreignSecret),
		row{
			ID: "PROV-008", Title: "Another merchant cannot read a checkout", Severity: report.Critical, Source: onAuth,
			Expected: "a refusal (404, 401 or 403) when another merchant asks for this merchant's checkout, and nothing of " +
				"it in the answer",
			Advice: "Look checkouts up by merchant and id, never by id alone.", Judge: isolated,
		},
		row{
			ID: "PROV-009", Title: "A 401 says why in `message`", Severity: report.Major, Source: onErrors,
			Expected: "a JSON object with a `message` that is text", Advice: "Answer every error with the same JSON body; " +
				"merchants read error.message.", Judge: refusalSaysWhy,
		},
		row{
			ID: "PROV-010", Title: "A 401 does not tell which header was wrong", Severity: report.Advisory, Source: assumed,
			Expected: "the same `message` and `messageCode` for an unknown key and for a wrong secret",
			Advice:   "Say that the key or the secret is wrong, so that nobody can find out which keys exist.",
			Judge:    refusalTellsNothing,
		},
		row{
			ID: "PROV-011", Title: "Header names are taken in any case", Severity: report.Minor, Source: assumed +
				"; RFC 9110, 5.1",
			Expected: "200 with x-api-key and x-api-secret in small letters", Advice: "HTTP's header names have no case, and " +
				"HTTP/2 sends them in small letters.", Judge: smallHeaders,
		},
	)
}

func (p *probe) wrongSecret() string { return "wrong-secret-" + p.tag }
func (p *probe) unknownKey() string  { return "unknown-key-" + p.tag }

// createsAs makes a create with other credentials, which must be refused.
func createsAs(change func(p *probe, q *request)) check {
	return func(p *probe) finding {
		if reason := p.works(); reason != "" {
			return unjudged("%s", reason)
		}
		q := p.creates("create with other credentials", p.order().json())
		change(p, &q)
		return unauthorized(p.send(p.ctx, q))
	}
}

func unauthorized(shows ...*call) finding {
	for _, x := range shows {
		if x.Answer().Status != http.StatusUnauthorized {
			return fail("%s was answered with %s", x.Title, x.answered()).by(x)
		}
	}
	return pass("401").by(shows...)
}

func readWithout(p *probe) finding {
	m, reason := p.unpaid()
	if reason != "" {
		return unjudged("%s", reason)
	}
	noKey, noSecret, neither := p.reads("a status without a key", m.id), p.reads("a status without a secret", m.id),
		p.reads("a status without credentials", m.id)
	noKey.key, noSecret.secret, neither.key, neither.secret = "", "", "", ""
	return unauthorized(p.send(p.ctx, noKey), p.send(p.ctx, noSecret), p.send(p.ctx, neither))
}

func readWithWrong(p *probe) finding {
	m, reason := p.unpaid()
	if reason != "" {
		return unjudged("%s", reason)
	}
	secret, key := p.reads("a status with a wrong secret", m.id), p.reads("a status with an unknown key", m.id)
	secret.secret, key.key = p.wrongSecret(), p.unknownKey()
	return unauthorized(p.send(p.ctx, secret), p.send(p.ctx, key))
}

// foreign is another merchant's checkout, which proves that its credentials are good.
func (p *probe) foreign() (*made, string) {
	return p.fixture(&p.fixtures.foreign, func() (*made, string) {
		if p.OtherKey == "" {
			return nil, "it needs a second merchant: name --other-api-key and --other-api-secret"
		}
		o := p.order()
		q := p.creates("create by the other merchant", o.json())
		q.key, q.secret = p.OtherKey, p.OtherSecret
		m, reason := usable(&made{order: o, created: p.send(p.ctx, q)})
		if reason != "" {
			reason = "the other merchant's credentials cannot be used: " + reason
		}
		return m, reason
	})
}

func foreignSecret(p *probe) finding {
	if _, reason := p.foreign(); reason != "" {
		return unjudged("%s", reason)
	}
	return createsAs(func(p *probe, q *request) { q.secret = p.OtherSecret })(p)
}

func isolated(p *probe) finding {
	if _, reason := p.foreign(); reason != "" {
		return unjudged("%s", reason)
	}

	m, reason := p.unpaid()
	if reason != "" {
		return unjudged("%s", reason)
	}
	q := p.reads("a status asked for by another merchant", m.id)
	q.key, q.secret = p.OtherKey, p.OtherSecret
	x := p.send(p.ctx, q)
	switch {
	case x.err != nil || x.Answer().Status < 400 || x.Answer().Status >= 500:
		return fail("another merchant's request was answered with %s", x.answered()).by(m.created, x)
	case contains(x.Answer().Body, m.order.text("orderId")):
		return fail("the refusal shows the order").by(m.created, x)
	}

	return pass("%s", x.answered()).by(x)
}

func (p *probe) wrong(secret bool) *call {
	q := p.creates("create with an unknown key", p.order().json())
	q.key = p.unknownKey()
	if secret {
		q.title, q.key, q.secret = "create with a wrong secret", p.APIKey, p.wrongSecret()
	}
	return p.send(p.ctx, q)
}

func refusalSaysWhy(p *probe) finding {
	x := p.wrong(true)
	if x.Answer().Status != http.StatusUnauthorized {
		return unjudged("there was no 401 to look at but %s", x.answered()).by(x)
	}
	return saysWhy(x)
}

// saysWhy looks for the one documented property of an error.
func saysWhy(x *call) finding {
	if message, ok := x.values()["message"].(string); !ok || message == "" {
		return fail("%d without a `message` in its body", x.Answer().Status).by(x)
	}
	return pass("%s", x.answered()).by(x)
}

func refusalTellsNothing(p *probe) finding {
	key, secret := p.wrong(false), p.wrong(true)
	if key.Answer().Status != http.StatusUnauthorized || secret.Answer().Status != http.StatusUnauthorized {
		return unjudged("there were no two 401s to compare").by(key, secret)
	}

	for _, name := range []string{"message", "messageCode"} {
		if key.text(name) != secret.text(name) {
			return fail("`%s` is %q for an unknown key and %q for a wrong secret", name, cut(key.text(name)),
				cut(secret.text(name))).by(key, secret)
		}
	}
	return pass("both say the same").by(key, secret)
}

func smallHeaders(p *probe) finding {
	if reason := p.works(); reason != "" {
		return unjudged("%s", reason)
	}
	q := p.creates("create with small header names", p.order().json())
	q.key, q.secret, q.header = "", "", map[string]string{"x-api-key": p.APIKey, "x-api-secret": p.APISecret}
	return taken(p.send(p.ctx, q))
}

// taken wants a create to be answered with 200.
func taken(x *call) finding {
	if x.Answer().Status != http.StatusOK {
		return fail("%s", x.answered()).by(x)
	}
	return pass("200").by(x)
}
