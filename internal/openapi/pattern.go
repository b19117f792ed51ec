package openapi

import (
	"regexp"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// patterns reads the patterns of a document. Each is read once, however many schemas have it: a long one takes a
// millisecond, and kin-openapi would read it again wherever it stands. It is safe for concurrent use.
type patterns struct {
	mu   sync.Mutex // guards read
	read map[string]*regexp.Regexp
}

func newPatterns() *patterns { return &patterns{read: map[string]*regexp.Regexp{}} }

// codePoint is how a pattern of JSON Schema writes a character, which Go writes otherwise.
var codePoint = regexp.MustCompile(`\\u([0-9A-F]{4})`)

// compile reads a pattern as kin-openapi does.
func (p *patterns) compile(pattern string) (*regexp.Regexp, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, ok := p.read[pattern]; ok {
		return known, nil
	}
	compiled, err := regexp.Compile(codePoint.ReplaceAllString(pattern, `\x{$1}`))
	if err == nil {
		p.read[pattern] = compiled
	}
	return compiled, err
}

// forKin is compile as kin-openapi asks for it.
func (p *patterns) forKin(pattern string) (openapi3.RegexMatcher, error) {
	compiled, err := p.compile(pattern)
	if err != nil {
		return nil, err
	}
	return compiled, nil
}

// of reads a pattern; nil when there is none. It is not ok when the pattern is none of Go's.
func (p *patterns) of(pattern string) (compiled *regexp.Regexp, ok bool) {
	if pattern == "" {
		return nil, true
	}
	compiled, err := p.compile(pattern)
	return compiled, err == nil
}
