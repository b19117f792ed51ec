package ui

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/link"
)

// frame is what every page has around it.
type frame struct {
	Title    string
	Places   []place
	Key      string   // the merchant's
	Keys     []string // of all merchants, as people sort them
	LogsOut  bool     // there is a log-in to end
	ReadOnly bool     // nothing can be driven
	Lag      string   // what was recorded so long before a kill may be missing after it; empty: nothing is
	Clock    clockface
	Journal  uint64 // the version of the journal that the page shows
	Assets   assetURLs
	Version  string
	Here     string // the page's own path
	At       string // the same, escaped, as links are relative to it
	Template string
	Page     any
}

// clockface is the merchant's time as the header of each page shows it.
type clockface struct {
	Now     time.Time
	Frozen  bool
	NextDue *time.Time
}

func (d *dashboard) frame(x *exchange, a answer) frame {
	f := frame{
		Title: a.title, Places: d.navigation(), Key: x.query.Get("merchant"), Keys: d.Gateway.Keys(),
		LogsOut: d.Gate.WantsToken(), ReadOnly: d.ReadOnly,
		Assets: assets().urls, Version: d.Version, Here: x.request.URL.Path, At: x.request.URL.EscapedPath(),
		Template: a.template, Page: a.data,
	}
	if d.Lag > 0 {
		f.Lag = strconv.FormatInt(d.Lag.Milliseconds(), 10) + " ms"
	}
	slices.SortFunc(f.Keys, asPeopleCount)
	if x.merchant != nil {
		f.Key, f.Clock, f.Journal = x.merchant.Key, clockOf(x, x.merchant), x.journal
	}
	return f
}

// clockOf reads the merchant's time. Where the store cannot say what is due, the page does without.
func clockOf(x *exchange, m *gateway.Merchant) clockface {
	c := clockface{Now: m.Clock().Now(), Frozen: m.Clock().Frozen()}
	if due, ok, err := m.Queue().NextDue(x.request.Context()); ok && err == nil {
		c.NextDue = &due
	}
	return c
}

// To is the address of a page of the same merchant; query is names and values in turn.
func (f frame) To(path string, query ...string) string {
	return f.Link(address(f.Key, path, query...))
}

// ToOf is the address of a page of a merchant.
func (f frame) ToOf(key, path string) string { return f.Link(address(key, path)) }

// ToFiltered is the address of a list of the same merchant, narrowed, from behind a place in it on.
func (f frame) ToFiltered(path string, filter url.Values, before string) string {
	query := []string{"before", before}
	for name := range filter {
		query = append(query, name, filter.Get(name))
	}
	return f.To(path, query...)
}

// Switch is the path to which the chooser of merchants leads: the same list, or the first page.
func (f frame) Switch() string {
	for _, p := range f.Places {
		if f.Active(p) {
			return f.Own(p.Path)
		}
	}
	return f.Own("")
}

// Own is the address of a page of the dashboard, whatever the merchant.
func (f frame) Own(path string) string { return f.Link(Path + path) }

// Link is the address of a path of the sandbox on this page.
func (f frame) Link(target string) string { return link.To(f.At, target) }

// Active reports whether the page is the one of the navigation, or stands below it.
func (f frame) Active(p place) bool {
	return f.Here == Path+p.Path || p.Path == "scenarios" && strings.HasPrefix(f.Here, Path+libraryPath)
}

// Millis is the time in milliseconds since 1970, for the page to count on from.
func (c clockface) Millis() int64 { return c.Now.UnixMilli() }

// address is the path and query of a page of a merchant.
func address(key, path string, query ...string) string {
	q := url.Values{}
	if key != "" {
		q.Set("merchant", key)
	}
	for i := 0; i+1 < len(query); i += 2 {
		if query[i+1] != "" {
			q.Set(query[i], query[i+1])
		}
	}
	return (&url.URL{Path: Path + path, RawQuery: q.Encode()}).String()
}
