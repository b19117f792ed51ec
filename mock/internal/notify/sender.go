package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Limits of one attempt.
const (
	webhookTimeout = 5 * time.Second
	maxAnswer      = 64 << 10 // bytes of its body, and of its headers
)

// MostTimeout is the longest time a receiver may be given: requests that make an attempt wait for it.
const MostTimeout = 30 * time.Second

// Sender makes the POSTs. It follows no redirect, and uses a proxy only when it is given one.
type Sender struct {
	guard     *Guard
	proxy     *Proxy
	client    *http.Client
	transport *http.Transport
	agent     string
	callback  time.Duration // how long the receiver of a callback has
}

// SenderConfig is how a sender works.
type SenderConfig struct {
	Guard   *Guard         // the sender dials only what it allows
	Proxy   *Proxy         // nil: none
	Roots   *x509.CertPool // who may have signed a receiver's certificate; nil: whom the system trusts
	Version string         // the sandbox's, for the User-Agent
	// CallbackTimeout is how long the receiver of a callback has to answer, at most MostTimeout. Receivers of webhooks
	// have 5 seconds, as documented.
	CallbackTimeout time.Duration
}

// NewSender makes a sender.
func NewSender(c SenderConfig) *Sender {
	transport := &http.Transport{
		DialContext:         c.Guard.through(c.Proxy),
		Proxy:               c.Proxy.forRequest,
		MaxIdleConnsPerHost: 32,
		IdleConnTimeout:     30 * time.Second,
		TLSHandshakeTimeout: MostTimeout,
		TLSClientConfig:     &tls.Config{RootCAs: c.Roots, MinVersion: tls.VersionTLS12},
		DisableCompression:  true,

		MaxResponseHeaderBytes: maxAnswer,
	}
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Sender{
		guard: c.Guard, proxy: c.Proxy, client: client, transport: transport, agent: agent + c.Version,
		callback: c.CallbackTimeout,
	}
}

// Own tells where this sandbox listens, so that nothing is sent there.
func (s *Sender) Own(addr net.Addr) { s.guard.Own(addr) }

// Client is what the posts are made with: it dials what the guard allows, and follows no redirect.
func (s *Sender) Client() *http.Client { return s.client }

// Close drops the idle connections.
func (s *Sender) Close() { s.transport.CloseIdleConnections() }

// Post is one callback or webhook to send.
type Post struct {
	URL     string
	Carries string       // what it says as checkoutId; empty: it has none
	As      store.Format // empty means Form
	Webhook *Signed      // what it says instead; nil: it is a callback
	OrderID string       // what it is about, for the journal; empty: not known
}

// Answer is what came of a post. Error is empty when the receiver answered 2xx, and otherwise a
// sentence for a person.
type Answer struct {
	Status  int // zero when no answer came
	Error   string
	Sent    *exchange.Message
	Receipt *exchange.Message // nil when no answer came
}

// begins is the beginning of the answer's body, masked, at most so many bytes.
func (a Answer) begins(most int) string {
	if a.Receipt == nil {
		return ""
	}
	return strings.ToValidUTF8(string(a.Receipt.Body[:min(len(a.Receipt.Body), most)]), "")
}

// Send makes one attempt and blocks until it is answered, fails, or the receiver's time is over.
func (s *Sender) Send(ctx context.Context, p Post) Answer {
	limit := s.callback
	if p.Webhook != nil {
		limit = webhookTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	req, body, err := s.request(ctx, p)
	if err != nil {
		return Answer{Error: "the callback URL cannot be used", Sent: &exchange.Message{
			Method: http.MethodPost,
			URL:    payment.MaskURL(p.URL),
		}}
	}

	answer := Answer{Sent: &exchange.Message{
		Method: req.Method, URL: exchange.URL(req.URL), Headers: exchange.Headers(req.Header.Clone()),
		Body: exchange.Masked(body),
	}}
	if s.proxy.used(req.URL) { // nobody looks at what a proxy dials
		if err := s.guard.permits(ctx, withPort(req.URL)); err != nil {
			answer.Error = payment.MaskSecrets(inWords(err, limit))
			return answer
		}
	}

	res, err := s.client.Do(req)
	if err != nil {
		answer.Error = payment.MaskSecrets(inWords(err, limit))
		return answer
	}
	defer res.Body.Close()

	answer.Status = res.StatusCode
	// What the receiver says beyond its status is for people only, so a body that breaks off is kept as far as it came.
	said, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	answer.Receipt = &exchange.Message{
		Status: res.StatusCode, Headers: exchange.Headers(telling(res.Header)),
		Body: exchange.Masked(said),
	}
	answer.Error = refusal(res)
	return answer
}

func (s *Sender) request(ctx context.Context, p Post) (*http.Request, []byte, error) {
	target, body, contentType := p.payload()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, nil, err
	}
	if p.Webhook != nil {
		maps.Copy(req.Header, p.Webhook.headers())
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}

	req.Header.Set("User-Agent", s.agent)
	return req, []byte(body), nil
}

// payload is where the post goes and what it says there.
func (p Post) payload() (target, body, contentType string) {
	if p.Webhook != nil {
		return p.URL, p.Webhook.Body, "application/json"
	}
	said := map[string]string{}
	form := url.Values{}
	if p.Carries != "" {
		said["checkoutId"] = p.Carries
		form.Set("checkoutId", p.Carries)
	}

	switch p.As {
	case store.JSON:
		text, _ := json.Marshal(said) // a map of strings always marshals
		return p.URL, string(text), "application/json"
	case store.Query:
		return withQuery(p.URL, form.Encode()), "", ""
	}

	return p.URL, form.Encode(), "application/x-www-form-urlencoded"
}

func withQuery(target, query string) string {
	switch {
	case query == "":
		return target
	case strings.Contains(target, "?"):
		return target + "&" + query
	}
	return target + "?" + query
}

// telling keeps the headers of an answer that explain it.
func telling(h http.Header) http.Header {
	kept := http.Header{}
	for _, name := range []string{"Content-Type", "Location", "Retry-After"} {
		if v, ok := h[name]; ok {
			kept[name] = v
		}
	}
	return kept
}

// refusal says why an answer does not count, or nothing for 2xx.
func refusal(res *http.Response) string {
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return ""
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return fmt.Sprintf("answered %d: redirects are not followed, 2xx is wanted", res.StatusCode)
	}
	return fmt.Sprintf("answered %d, 2xx is wanted", res.StatusCode)
}

// inWords explains a failed exchange to a person, without Go's own wording. The limit is the receiver's time.
func inWords(err error, limit time.Duration) string {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errNotAllowed):
		_, why, _ := strings.Cut(err.Error(), errNotAllowed.Error()+": ")
		return "not sent: " + why
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no answer within %s", limit)
	case errors.Is(err, context.Canceled):
		return "broken off: the sandbox was stopped"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "not sent: the sandbox has too many open files; raise the limit (ulimit -n)"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused: nothing listens there"
	case errors.As(err, &dns):
		return fmt.Sprintf("the host name %q cannot be resolved", dns.Name)
	case errors.As(err, &unknown):
		return "the receiver's certificate is not trusted: name the file of who signed it with --callback-ca"
	case errors.As(err, &name):
		return fmt.Sprintf("the receiver's certificate is not for %s", name.Host)
	case errors.As(err, &certificate):
		return "the receiver's certificate is not valid: it may be over, not begun yet, or not for servers"
	case errors.Is(err, http.ErrSchemeMismatch):
		return "the receiver does not speak TLS: is the callback an https URL by mistake?"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before an answer came"
	case strings.Contains(err.Error(), "response headers exceeded"): // which has no type
		return fmt.Sprintf("the answer's headers are longer than %d bytes", maxAnswer)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "the host cannot be reached"
	}

	return "the exchange broke off: no valid HTTP answer came"
}
