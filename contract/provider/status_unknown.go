package provider

import (
	"net/http"

	"github.com/google/uuid"
)

// unknown asks for a checkout that nobody has.
func (p *probe) unknown() (x *call, reason string) {
	if m, reason := p.made.unpaid(); noStatus(m, reason) != "" {
		return nil, "an unknown checkout cannot be told from a known one: " + noStatus(m, reason)
	}
	return p.run.read(p.ctx, "status of an unknown checkout", uuid.NewString()), ""
}

func unknownRefused(p *probe) finding {
	x, reason := p.unknown()
	switch {
	case reason != "":
		return unjudged("%s", reason)
	case x.Answer().Status < 400 || x.Answer().Status >= 500:
		return fail("%s", x.answered()).by(x)
	}
	return pass("%s", x.answered()).by(x)
}

// refusedUnknown is the refusal of an unknown checkout, if it was refused.
func (p *probe) refusedUnknown() (x *call, reason string) {
	x, reason = p.unknown()
	if reason == "" && (x.Answer().Status < 400 || x.Answer().Status >= 500) {
		reason = "an unknown checkout was not refused but answered with " + x.answered()
	}
	return x, reason
}

func unknownIs404(p *probe) finding {
	x, reason := p.refusedUnknown()
	switch {
	case reason != "":
		return unjudged("%s", reason).by(x)
	case x.Answer().Status != http.StatusNotFound:
		return fail("%s", x.answered()).by(x)
	}
	return pass("404").by(x)
}

func malformedRefused(p *probe) finding {
	if m, reason := p.made.unpaid(); noStatus(m, reason) != "" {
		return unjudged("%s", noStatus(m, reason))
	}
	for _, id := range []string{"undefined", "12345", uuid.NewString() + "a"} {
		x := p.run.read(p.ctx, "status of an id that is no UUID", id)
		if x.Answer().Status < 400 || x.Answer().Status >= 500 {
			return fail("%s was answered with %s", id, x.answered()).by(x)
		}
	}
	return pass("4xx, three times")
}

func unknownSaysWhy(p *probe) finding {
	x, reason := p.refusedUnknown()
	if reason != "" {
		return unjudged("%s", reason).by(x)
	}
	return saysWhy(x)
}
