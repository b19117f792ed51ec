package payment

import (
	"net/url"
	"strings"
)

// MaskURL masks what an address must not tell: credentials, card numbers, and what stands under a secret name in its
// path, its query and its fragment. One that cannot be read is masked as a text.
func MaskURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return MaskSecrets(address)
	}
	masked := u.Scheme + "://" + MaskText(u.Host) + MaskTarget(u)
	if u.Fragment != "" {
		masked += "#" + maskPart(u.Fragment, u.EscapedFragment(), url.PathEscape)
	}
	return masked
}

// MaskTarget is the path and the query of an address, masked as MaskURL does.
func MaskTarget(u *url.URL) string {
	path := maskPart(u.Path, u.EscapedPath(), func(plain string) string { return (&url.URL{Path: plain}).EscapedPath() })
	if u.RawQuery == "" {
		return path
	}

	fields := strings.Split(u.RawQuery, "&")
	for i, field := range fields {
		fields[i] = maskField(field)
	}
	return path + "?" + strings.Join(fields, "&")
}

// maskField masks a name and its value in a query. What need not be masked stays as it was written.
func maskField(field string) string {
	name, text, _ := strings.Cut(field, "=")
	plainName, err := url.QueryUnescape(name)
	if err != nil {
		plainName = name
	}
	plain, err := url.QueryUnescape(text)
	if err != nil {
		plain = text
	}

	masked := maskPart(plainName, name, url.QueryEscape)
	switch {
	case text == "":
	case SecretName(plainName) && !isMasked(plain):
		masked += "=" + url.QueryEscape(Masked)
	default:
		masked += "=" + maskPart(plain, text, url.QueryEscape)
	}
	if text == "" && strings.HasSuffix(field, "=") {
		masked += "="
	}
	return masked
}

// maskPart is a part of an address as it was written, or masked and escaped again.
func maskPart(plain, written string, escape func(string) string) string {
	if masked := MaskSecrets(plain); masked != plain {
		return escape(masked)
	}
	return MaskSecrets(written)
}
