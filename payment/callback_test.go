package payment_test

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// callbackPattern is the pattern of the description, as Go writes it.
func callbackPattern(t require.TestingT) *regexp.Regexp {
	spec, err := openapi3.NewLoader().LoadFromData(payporter.OpenAPI())
	require.NoError(t, err)
	pattern := spec.Components.Schemas["CreateCheckoutRequest"].Value.Properties["callback"].Value.Pattern
	return regexp.MustCompile(regexp.MustCompile(`\\u([0-9A-F]{4})`).ReplaceAllString(pattern, `\x{$1}`))
}

// What is taken goes out as the right side says, and the description says that it is taken.
func TestCallbacksOnTheWire(t *testing.T) {
	t.Parallel()
	pattern := callbackPattern(t)
	for callback, want := range map[string]string{
		"http://127.0.0.1:3000/payment-callback": "http://127.0.0.1:3000/payment-callback",
		"HTTPS://Shop.Example/Callback?a=B#here": "https://shop.example/Callback?a=B",
		"http://shop":                            "http://shop",
		"http://shop_1:8080?x=1":                 "http://shop_1:8080?x=1",
		"http://shop.localhost:3000/":            "http://shop.localhost:3000/",
		"http://shop.example./cb":                "http://shop.example./cb",
		"http://1.2.3.shop/":                     "http://1.2.3.shop/",
		"https://mağaza.example/ödeme?ürün=1":    "https://xn--maaza-l1a.example/%C3%B6deme?%C3%BCr%C3%BCn=1",
		"https://MAĞAZA.example/":                "https://xn--maaza-l1a.example/",
		"https://магазин.example/":               "https://xn--80aairftm.example/",
		"https://shop.example/a%2Fb%20c/ö":       "https://shop.example/a%2Fb%20c/%C3%B6",
		"https://shop.example/%C3%B6?q=%C3%B6":   "https://shop.example/%C3%B6?q=%C3%B6",
		"https://shop.example/𝒳":                 "https://shop.example/%F0%9D%92%B3",
		"http://[::1]:3000/cb":                   "http://[::1]:3000/cb",
		"http://[::]/":                           "http://[::]/",
		"http://[0:0:0:0:0:0:0:1]/":              "http://[::1]/",
		"http://[2001:DB8::1]/":                  "http://[2001:db8::1]/",
		"http://[2001:db8:0:0:1:0:0:1]:443/":     "http://[2001:db8::1:0:0:1]:443/",
		"http://[1:2:3:4:5:6:7::]/":              "http://[1:2:3:4:5:6:7:0]/",
		"http://[::2:3:4:5:6:7:8]/":              "http://[0:2:3:4:5:6:7:8]/",
		"http://[::ffff:192.0.2.1]/":             "http://[::ffff:192.0.2.1]/",
		"http://[64:ff9b::192.0.2.33]/":          "http://[64:ff9b::c000:221]/",
		"http://[1:2:3:4:5:6:192.0.2.1]/":        "http://[1:2:3:4:5:6:c000:201]/",
	} {
		got, fault := payment.CallbackOnWire(callback)
		require.Empty(t, fault, callback)
		require.Equal(t, want, got)
		require.Regexp(t, pattern, callback)
	}
}

// What is refused is refused by the description, too, or else in words that say what to do.
func TestCallbacksThatAreRefused(t *testing.T) {
	t.Parallel()
	pattern := callbackPattern(t)
	const absolute, ipv4 = "must be an absolute http or https URL", "must write an IPv4 address as four decimal numbers"
	for callback, want := range map[string]string{
		"":                               absolute,
		"/payment-callback":              absolute,
		"shop.example/cb":                absolute,
		"ftp://shop.example/":            absolute,
		"http:shop.example":              absolute,
		"http:///cb":                     absolute,
		"http://:80/":                    absolute,
		"http://[::1/":                   absolute,
		"http://[fe80::1%25eth0]/":       "must not have a zone (eth0)",
		"http://[1:2:3]/":                absolute,
		"http://[1:2:3:4:5:6:7:8:9]/":    absolute,
		"http://[::1.2.3.256]/":          absolute,
		"http://[1::2::3]/":              absolute,
		"http://me:secret@shop.example/": "must not contain credentials",
		"http://shop.example:0/":         "must have a port from 1 to 65535",
		"http://shop.example:65536/":     "must have a port from 1 to 65535",
		"http://127.1/":                  ipv4,
		"http://0x7f.0.0.1/":             ipv4,
		"http://2130706433/":             ipv4,
		"http://127.0.0.256/":            ipv4,
		"http://shop..example/":          "must have a valid host name",
		"http://.example/":               "must have a valid host name",
		"http://sh!op.example/":          "must have a valid host name",
		"http://a%A1b.example/":          "must have a valid host name",
		"http://ab%FF.example/":          "must have a valid host name",
		"http://" + strings.Repeat("a", 64) + ".example/": "must have a valid host name",
		`http://shop.example/a\b`:                         "must not contain a backslash or a space: write %5C or %20",
		"http://shop.example/a b":                         "must not contain a backslash or a space",
	} {
		require.Contains(t, payment.CheckCallback(callback), want, callback)
		require.NotRegexp(t, pattern, callback)
	}
}

// Every letter that the description takes in a host is one that IDNA takes.
func TestLettersOfHosts(t *testing.T) {
	t.Parallel()
	pattern := callbackPattern(t)
	taken := 0
	for letter := rune(0x80); letter < 0x3000; letter++ {
		callback := "http://a" + string(letter) + ".example/"
		if !pattern.MatchString(callback) {
			continue
		}
		taken++
		require.Empty(t, payment.CheckCallback(callback), "%U", letter)
	}
	require.Greater(t, taken, 400)
}

// Bytes that are no UTF-8 are no letters: no name is made of them.
func TestHostNamesAreUTF8(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a\xa1b", "ab\xff.example", "10a00\xa1000a", "a\xedb"} {
		_, ok := payment.HostName(name)
		require.False(t, ok, "%q", name)
	}
}

// FuzzCallbackURL holds that whatever the description takes can be sent, to the host that a browser would go to, in
// ASCII.
func FuzzCallbackURL(f *testing.F) {
	for _, seed := range []string{
		"https://mağaza.example/ödeme?ürün=1", "http://[::ffff:1.2.3.4]:80/#x", "http://127.0.0.1/%41", "http://a.b.c./?",
		"HTTP://É/",
		"http://xn--maaza-l1a.example/", "http://sub.localhost:3000/\u200b", "https://0x1.shop/", "http://[1::8]:65535",
	} {
		f.Add(seed)
	}
	pattern := callbackPattern(f)
	f.Fuzz(func(t *testing.T, callback string) {
		wire, fault := payment.CallbackOnWire(callback)
		if !utf8.ValidString(callback) || len(callback) > 2048 {
			return
		}
		if fault != "" {
			require.False(t, pattern.MatchString(callback) && !strings.Contains(strings.ToLower(callback), "xn--") &&
				len(callback) < 200,
				"the description takes %q: %s", callback, fault)
			return
		}

		for i := range len(wire) {
			require.True(t, wire[i] > ' ' && wire[i] < 0x7f, "%q", wire)
		}
		sent, err := url.Parse(wire)
		require.NoError(t, err, wire)
		requireBrowsersHost(t, callback, sent.Hostname())
		again, fault := payment.CallbackOnWire(wire)
		require.Empty(t, fault, wire)
		require.Equal(t, wire, again)
	})
}

// requireBrowsersHost follows the URL standard of browsers: the host ends at the first slash, backslash, question mark
// or hash, and what stands before an at sign is none of it.
func requireBrowsersHost(t *testing.T, callback, host string) {
	t.Helper()
	_, rest, _ := strings.Cut(callback, ":")
	rest = strings.TrimLeft(rest, `/\`)
	if end := strings.IndexAny(rest, `/\?#`); end >= 0 {
		rest = rest[:end]
	}
	require.NotContains(t, rest, "@")
	if inner, ok := strings.CutPrefix(rest, "["); ok {
		inner, _, _ = strings.Cut(inner, "]")
		want, err := netip.ParseAddr(inner)
		require.NoError(t, err, callback)
		require.Equal(t, want, netip.MustParseAddr(host))
		return
	}
	name, _, _ := strings.Cut(rest, ":")
	name, err := url.PathUnescape(name)
	require.NoError(t, err, callback)
	want, ok := payment.HostName(name)
	if ip, err := netip.ParseAddr(host); err == nil {
		require.True(t, ip.Is4(), host)
		return
	}
	require.True(t, ok, callback)
	require.Equal(t, want, host)
}
