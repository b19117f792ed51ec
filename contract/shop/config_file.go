package shop

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/internal/input"
	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
)

// LoadConfig reads the config of a run from a YAML file. The error names every fault with its place.
// A command without a folder of its own runs in the file's.
func LoadConfig(path string) (Config, error) {
	source, err := input.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, fmt.Errorf("%w; payporter-mock init --file %s writes one", err, path)
	}
	if err != nil {
		return Config{}, err
	}

	c, err := ParseConfig(path, source)
	if err != nil {
		return Config{}, err
	}
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return Config{}, err
	}
	if !filepath.IsAbs(c.Shop.Dir) {
		c.Shop.Dir = filepath.Join(folder, c.Shop.Dir)
	}

	return c, nil
}

// ParseConfig reads the text of a config file. The name of the file is what errors call it.
func ParseConfig(file string, source []byte) (Config, error) {
	r := &reader{scalarReader{file: file}}
	r.yaml = yamlfile.Reader{Report: r.report, NumericKeys: true}
	root := r.yaml.Document(source, "a config file", "begin with order:, how a customer orders in the shop")
	var c Config
	if root != nil {
		r.taken = takenNames(root)
		c = r.config(root)
	}

	if len(r.faults) > 0 {
		return Config{}, errors.Join(r.faults...)
	}
	return c, nil
}

// takenNames are the names under which the config keeps something, wherever it does.
func takenNames(n *yaml.Node) []string {
	var names []string
	for i, child := range n.Content {
		if yamlfile.IsMapping(n) && i%2 == 1 && n.Content[i-1].Value == "take" {
			names = append(names, keyNames(child)...)
		}
		names = append(names, takenNames(child)...)
	}
	return names
}

// keyNames are the names of the keys of a mapping, and none of anything else.
func keyNames(n *yaml.Node) []string {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if !yamlfile.IsMapping(n) {
		return nil
	}

	var names []string
	for i := 0; i < len(n.Content); i += 2 {
		names = append(names, n.Content[i].Value)
	}
	return names
}

func (r *reader) config(n *yaml.Node) Config {
	c := Config{}
	given := r.mapping(n, "", configKeys, keys{
		"merchant":  func(n *yaml.Node, path string) { c.Shop = r.shop(n, path) },
		"order":     func(n *yaml.Node, path string) { c.Order = r.order(n, path) },
		"state":     func(n *yaml.Node, path string) { c.State = r.state(n, path) },
		"webhook":   func(n *yaml.Node, path string) { c.Webhook = r.webhook(n, path) },
		"refund":    func(n *yaml.Node, path string) { c.Refund = r.refund(n, path) },
		"payporter": func(n *yaml.Node, path string) { c.PayPorter = r.payporter(n, path) },
	})
	r.wanted(n, given, "", "order", "how a customer orders in the shop")
	r.wanted(n, given, "", "state", "how to see what the shop believes of an order")
	return c
}

func (r *reader) shop(n *yaml.Node, path string) (s Shop) {
	r.mapping(n, path, merchantKeys, keys{
		"command":     func(n *yaml.Node, path string) { s.Command = r.texts(n, path) },
		"dir":         func(n *yaml.Node, path string) { s.Dir = r.text(n, path) },
		"env":         func(n *yaml.Node, path string) { s.Env = r.textMap(n, path) },
		"url":         func(n *yaml.Node, path string) { s.URL = r.url(n, path) },
		"ready":       func(n *yaml.Node, path string) { s.Ready = r.url(n, path) },
		"readyWithin": func(n *yaml.Node, path string) { s.ReadyWithin = r.duration(n, path) },
		"callbackUrl": func(n *yaml.Node, path string) { s.CallbackURL = r.url(n, path) },
	})
	return s
}

func (r *reader) payporter(n *yaml.Node, path string) (p PayPorter) {
	given := r.mapping(n, path, payporterKeys, keys{
		"addr":      func(n *yaml.Node, path string) { p.Addr = r.text(n, path) },
		"apiKey":    func(n *yaml.Node, path string) { p.APIKey = r.text(n, path) },
		"apiSecret": func(n *yaml.Node, path string) { p.APISecret = r.text(n, path) },
	})
	if given["apiKey"] != given["apiSecret"] {
		r.fault(n, "%s needs apiKey and apiSecret, or neither", path)
	}
	return p
}

func (r *reader) order(n *yaml.Node, path string) (o Order) {
	given := r.mapping(n, path, orderKeys, keys{
		"before":      func(n *yaml.Node, path string) { o.Before = r.before(n, path) },
		"request":     func(n *yaml.Node, path string) { o.Request = r.request(n, path) },
		"orderId":     func(n *yaml.Node, path string) { o.OrderID = r.extract(n, path) },
		"redirectUrl": func(n *yaml.Node, path string) { o.RedirectURL = r.extract(n, path) },
		"amount":      func(n *yaml.Node, path string) { o.Amount = r.amount(n, path) },
		"currency":    func(n *yaml.Node, path string) { o.Currency = r.currency(n, path) },
		"currencies": func(n *yaml.Node, path string) {
			for _, one := range r.list(n, path) {
				o.Currencies = append(o.Currencies, r.currency(one.Node, one.Path))
			}
		},
	})
	r.wanted(n, given, path, "request", "the request with which a customer orders")
	return o
}

func (r *reader) state(n *yaml.Node, path string) (s State) {
	given := r.mapping(n, path, stateKeys, keys{
		"before":      func(n *yaml.Node, path string) { s.Before = r.before(n, path) },
		"request":     func(n *yaml.Node, path string) { s.Request = r.request(n, path) },
		"paid":        func(n *yaml.Node, path string) { s.Paid = r.condition(n, path) },
		"failed":      func(n *yaml.Node, path string) { s.Failed = r.condition(n, path) },
		"fulfilments": func(n *yaml.Node, path string) { s.Fulfilments = r.extract(n, path) },
		"refunded":    func(n *yaml.Node, path string) { s.Refunded = r.extract(n, path) },
	})
	r.wanted(n, given, path, "request", "the request that shows the order")

	r.wanted(n, given, path, "paid",
		"what in the answer says that the order is paid, such as {json: $.status, equals: paid}")
	return s
}

func (r *reader) request(n *yaml.Node, path string) Request {
	return r.requestWith(n, path, requestKeys, keys{}, &Request{})
}

// before reads requests that come first, which may keep something of their answers.
func (r *reader) before(n *yaml.Node, path string) (all []Request) {
	for _, one := range r.list(n, path) {
		q := Request{}
		all = append(all, r.requestWith(one.Node, one.Path, stepKeys, keys{
			"take": func(n *yaml.Node, path string) { q.Take = r.take(n, path) },
		}, &q))
	}
	return all
}

var takenName = regexp.MustCompile(`^[A-Za-z]+$`)

func (r *reader) take(n *yaml.Node, path string) Take {
	all := Take{}
	if !yamlfile.IsMapping(n) || len(n.Content) == 0 {
		r.fault(n, "%s must be a mapping of names to places in the answer, such as "+
			`{token: {regexp: 'name="token" value="([^"]+)"'}}`, path)
		return all
	}

	r.each(n, path, func(key yamlfile.Pair, n *yaml.Node, inner string) {
		switch {
		case !takenName.MatchString(key.Name):
			r.faultAt(key.At, "%s: a name has only letters, got %q", path, key.Name)
		case slices.Contains(placeholders(), key.Name):
			r.faultAt(key.At, "%s: {{%s}} stands for something else already: take another name", path, key.Name)
		default:
			all[key.Name] = r.extract(n, inner)
		}
	})
	return all
}

func (r *reader) requestWith(n *yaml.Node, path string, of *object, more keys, q *Request) Request {
	known := keys{
		"method":  func(n *yaml.Node, path string) { q.Method = r.method(n, path) },
		"url":     func(n *yaml.Node, path string) { q.URL = r.url(n, path) },
		"headers": func(n *yaml.Node, path string) { q.Headers = r.headers(n, path) },
		"json":    func(n *yaml.Node, path string) { q.JSON = r.anything(n, path) },
		"form":    func(n *yaml.Node, path string) { q.Form = r.textMap(n, path) },
		"body":    func(n *yaml.Node, path string) { q.Body = r.text(n, path) },
	}
	maps.Copy(known, more)

	given := r.mapping(n, path, of, known)
	r.wanted(n, given, path, "url", "where the request goes")
	if several := given.among("json", "form", "body"); len(several) > 1 {
		r.fault(n, "%s has %s, and a request sends one of them", path, strings.Join(several, " and "))
	}
	return *q
}

func (r *reader) extract(n *yaml.Node, path string) (e Extract) {
	r.checkExtract(n, path, r.mapping(n, path, placeKeys, r.extractKeys(&e)))
	return e
}

func (r *reader) extractKeys(e *Extract) keys {
	return keys{
		"json":   func(n *yaml.Node, path string) { e.JSON = r.jsonPath(n, path) },
		"header": func(n *yaml.Node, path string) { e.Header = r.text(n, path) },
		"regexp": func(n *yaml.Node, path string) { e.Regexp = r.pattern(n, path) },
	}
}

func (r *reader) checkExtract(n *yaml.Node, path string, given given) {
	switch {
	case !yamlfile.IsMapping(n):
	case len(given.among("json", "header", "regexp")) == 0:
		r.fault(n, "%s says nowhere to look: give json, header or regexp", path)
	case given["json"] && len(given.among("header", "regexp")) > 0:
		r.fault(n, "%s has json and another place: give one of them", path)
	}
}

func (r *reader) condition(n *yaml.Node, path string) (c Condition) {
	known := r.extractKeys(&c.Extract)
	known["equals"] = func(n *yaml.Node, path string) {
		if !yamlfile.IsList(n) {
			c.Equals = []string{r.scalar(n, path)}
			return
		}
		for _, one := range r.entries(n, path) {
			c.Equals = append(c.Equals, r.scalar(one.Node, one.Path))
		}
	}
	known["status"] = func(n *yaml.Node, path string) { c.Status = r.status(n, path) }

	given := r.mapping(n, path, conditionKeys, known)
	if given["status"] && len(given.among("json", "header", "regexp", "equals")) == 0 {
		return c
	}
	r.checkExtract(n, path, given)
	return c
}

func (r *reader) headers(n *yaml.Node, path string) http.Header {
	header := http.Header{}
	for name, value := range r.textMap(n, path) {
		header.Set(name, value)
	}
	return header
}

// anything reads a value that is sent as JSON, with the digits of its numbers.
func (r *reader) anything(n *yaml.Node, path string) any { return r.nested(n, path, 0) }

// nested is anything within so many other values.
func (r *reader) nested(n *yaml.Node, path string, depth int) any {
	switch {
	case depth > yamlfile.Deepest:
		r.fault(n, "values can be nested %d deep at most, also through aliases", yamlfile.Deepest)
		r.yaml.Ended = true
		return nil
	case yamlfile.IsMapping(n):
		object := map[string]any{}
		r.each(n, path, func(key yamlfile.Pair, n *yaml.Node, path string) { object[key.Name] = r.nested(n, path, depth+1) })
		return object
	case yamlfile.IsList(n):
		list := []any{}
		for _, one := range r.entries(n, path) {
			list = append(list, r.nested(one.Node, one.Path, depth+1))
		}
		return list
	}
	return r.single(n, path)
}
