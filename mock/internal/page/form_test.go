package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// faultIDs are the data-testids of all faults that a form can have.
var faultIDs = []string{"error-pan", "error-card-holder-name", "error-expiry", "error-cvv", "error-installments"}

func TestFaultyFields(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, field, value string
		at                 string
		english, turkish   string
	}{
		{"no number", "pan", "", "error-pan", "Enter the card number.", "Kart numarasını girin."},
		{"spaces for a number", "pan", "   ", "error-pan", "Enter the card number.", "Kart numarasını girin."},
		{"words for a number", "pan", "my card", "error-pan", "A card number has 12 to 19 digits.", "Kart numarası 12 ile " +
			"19 arasında rakamdan oluşur."},
		{"short number", "pan", "5421", "error-pan", "A card number has 12 to 19 digits.", "Kart numarası 12 ile 19 " +
			"arasında rakamdan oluşur."},
		{"no test card", "pan", unknownCard, "error-pan", "This is not a test card", "test kartlarından değil"},
		{
			"no name", "cardHolderName", "", "error-card-holder-name", "Enter the name on the card.",
			"Kart üzerindeki ismi girin.",
		},
		{
			"control characters for a name", "cardHolderName", "\x00\x1b\n", "error-card-holder-name",
			"Enter the name on the card.", "Kart üzerindeki ismi girin.",
		},
		{
			"long name", "cardHolderName", strings.Repeat("Ş", 101), "error-card-holder-name", "at most 100 characters",
			"en fazla 100 karakter",
		},
		{
			"number for a name", "cardHolderName", unknownCard, "error-card-holder-name", "not a card number",
			"kart numarası değil",
		},
		{"no expiry", "expiry", "", "error-expiry", "Enter the expiry date.", "Son kullanma tarihini girin."},
		{"odd expiry", "expiry", "April 2028", "error-expiry", "such as 04/28", "04/28 biçiminde"},
		{"thirteenth month", "expiry", "13/40", "error-expiry", "such as 04/28", "04/28 biçiminde"},
		{"number for an expiry", "expiry", unknownCard, "error-expiry", "such as 04/28", "04/28 biçiminde"},
		{"past", "expiry", "01/20", "error-expiry", "This date is in the past.", "Bu tarih geçmiş."},
		{"no CVV", "cvv", "", "error-cvv", "Enter the security code.", "Güvenlik kodunu girin."},
		{"short CVV", "cvv", "12", "error-cvv", "3 digits", "3 haneli"},
		{"long CVV", "cvv", "1234", "error-cvv", "3 digits", "3 haneli"},
		{"letters in a CVV", "cvv", "abc", "error-cvv", "digits only", "yalnızca rakamdan"},
		{
			"too many instalments", "installmentCount", "7", "error-installments", "does not offer that many",
			"bu kadar taksit sunmuyor",
		},
		{"odd instalments", "installmentCount", "two", "error-installments", "Choose one of", "birini seçin"},
		{"no instalments at all", "installmentCount", "0", "error-installments", "Choose one of", "birini seçin"},
		{"negative instalments", "installmentCount", "-3", "error-installments", "Choose one of", "birini seçin"},
		{
			"huge instalments", "installmentCount", "99999999999", "error-installments", "does not offer that many",
			"bu kadar taksit sunmuyor",
		},
		{"more than a number", "installmentCount", "99999999999e9", "error-installments", "Choose one of", "birini seçin"},
		{"number for instalments", "installmentCount", unknownCard, "error-installments", "Choose one of", "birini seçin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, true)
			link := s.order("100.50", "TRY", func(o *payment.Order) { o.MaxInstallmentCount = 6 })
			form := card(goodCard)
			form.Set(c.field, c.value)

			got := s.post(link, form)
			require.Equal(t, http.StatusUnprocessableEntity, got.Status)
			require.Contains(t, got.text(c.at), c.english)
			require.Equal(t, "alert", got.value("error", "role"))
			for _, other := range faultIDs {
				require.Equal(t, other == c.at, got.find(other) != nil, "%s in\n%s", other, got.Body)
			}
			input := strings.TrimPrefix(c.at, "error-")
			require.Equal(t, "true", got.value(input, "aria-invalid"))
			require.Equal(t, got.value(c.at, "id"), got.value(input, "aria-describedby"))

			require.Contains(t, s.post(link+"?lang=tr", form).text(c.at), c.turkish)
			require.Zero(t, s.checkout(link).Attempts)
			s.nowhere(link, unknownCard, got)
		})
	}
}

// nowhere proves that a text got into no output of the sandbox.
func (s *sandbox) nowhere(link, text string, answers ...seen) {
	s.t.Helper()
	for _, a := range append(answers, s.get(link)) {
		require.NotContains(s.t, a.typed(), text)
		for name, values := range a.Header {
			require.NotContains(s.t, strings.Join(values, " "), text, name)
		}
	}
	entries, err := json.Marshal(s.newest(store.EntryQuery{}, 0))
	require.NoError(s.t, err)
	require.NotContains(s.t, string(entries), text)
	checkout, err := json.Marshal(s.checkout(strings.TrimSuffix(link, "/bank")))
	require.NoError(s.t, err)
	require.NotContains(s.t, string(checkout), text)
	require.NotContains(s.t, s.log.String(), text)
}

func TestFaultyFormKeepsWhatItMay(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("600", "TRY", func(o *payment.Order) { o.MaxInstallmentCount = 3 })
	got := s.post(link, url.Values{
		"pan": {goodCard}, "cardHolderName": {`AYŞE "A" YILMAZ`}, "expiry": {"04/20"}, "cvv": {"987"},
		"installmentCount": {"3"},
	})
	require.Equal(t, http.StatusUnprocessableEntity, got.Status)
	require.Equal(t, `AYŞE "A" YILMAZ`, got.value("card-holder-name", "value"))
	require.Equal(t, "04/20", got.value("expiry", "value"))
	require.Empty(t, got.value("pan", "value"))
	require.Empty(t, got.value("cvv", "value"))
	require.NotContains(t, got.typed(), goodCard)
	require.NotContains(t, got.typed(), "987")
	for _, option := range got.elements("option") {
		require.Equal(t, attr(option, "value") == "3", hasAttr(option.Attr, "selected"))
	}
	require.True(t, hasAttr(got.find("expiry").Attr, "autofocus"), "the first faulty field")
}

func TestEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("600", "TRY", func(o *payment.Order) { o.MaxInstallmentCount = 3 })
	got := s.post(link, url.Values{"installmentCount": {"4"}}, "Accept-Language", "tr")
	require.Equal(t, http.StatusUnprocessableEntity, got.Status)
	for _, id := range faultIDs {
		require.NotNil(t, got.find(id), id)
	}
	require.Contains(t, got.text("error"), "Bazı bilgiler hatalı")
	for _, id := range faultIDs {
		require.NotNil(t, got.find(strings.Replace(id, "error-", "see-", 1)), id)
	}
}

func TestRealCardIsKeptNowhere(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string]string{
		"digits": unknownCard, "spaces": "4012 8888 8888 1881", "hyphens": "4012-8888-8888-1881",
		"a dot":    "4012.8888.8888.1881",
		"too long": unknownCard + "0000", "with words": "it is " + unknownCard,
	} {
		for _, field := range []string{"pan", "cardHolderName", "expiry", "cvv", "installmentCount", "comment"} {
			t.Run(name+" as "+field, func(t *testing.T) {
				t.Parallel()
				s := open(t, true)
				link := s.order("600", "TRY", func(o *payment.Order) { o.MaxInstallmentCount = 3 })
				form := card(goodCard)
				form.Add(field, typed) // behind the first value of that name
				form.Set("pan", unknownCard)
				first := s.post(link, form)
				require.Equal(t, http.StatusUnprocessableEntity, first.Status)
				form.Set(field, typed)
				s.nowhere(link, typed, first, s.post(link, form))
				s.nowhere(link, unknownCard)
				s.nowhere(link, url.QueryEscape(typed))
			})
		}
	}
	t.Run("in the address", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.order("600", "TRY", nil)
		s.nowhere(link, unknownCard, s.get(link+"?pan="+unknownCard+"&x="+unknownCard), s.post(link+"?lang="+unknownCard,
			nil))
	})
}

func TestJournal(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("600", "TRY", nil)
	id := idOf(link)
	s.get(link+"?lang=tr&cvv=123", "Authorization", "Bearer abc", "User-Agent", "Phone")
	s.post(link, card(unknownCard))
	s.post(link, card(goodCard))
	s.get(link + "/result")
	s.get("/checkout-link/assets/page.css")
	s.get("/checkout-link/42")

	entries, ok, err := s.merchant.Journal().Wait(context.Background(), store.EntryQuery{Kind: store.EntryPage}, 4)
	require.NoError(t, err)
	require.True(t, ok)
	require.Len(t, entries, 4, "what belongs to no link is in no journal")
	for i, want := range []struct {
		method, url, status, body string
		answered                  int
	}{
		{http.MethodGet, link + "?lang=tr&cvv=%2A%2A%2A", "ENROLLED", "", http.StatusOK},
		{http.MethodPost, link, "ENROLLED", "pan=(refused, not " +
			"kept)&cardHolderName=AY%C5%9EE+YILMAZ&expiry=12%2F40&cvv=***&installmentCount=", http.StatusUnprocessableEntity},
		{http.MethodPost, link, "SUCCESS", "pan=542119******0656&cardHolderName=AY%C5%9EE+YILMAZ&expiry=12%2F40&cvv=***&installmentCount=", http.StatusSeeOther},
		{http.MethodGet, link + "/result", "SUCCESS", "", http.StatusOK},
	} {
		e := entries[i]
		require.Equal(t, id, e.CheckoutID)
		require.Equal(t, "ORD-12345", e.OrderID)
		require.Equal(t, want.status, e.Status)
		require.Equal(t, want.method, e.Request.Method)
		require.Equal(t, want.url, e.Request.URL)
		require.Equal(t, want.body, string(e.Request.Body))
		require.Equal(t, want.answered, e.Response.Status)
		require.False(t, e.Time.IsZero())
	}
	require.Equal(t, []string{"***"}, entries[0].Request.Headers["Authorization"])
	require.Equal(t, []string{"Phone"}, entries[0].Request.Headers["User-Agent"])

	require.Equal(t, 6, strings.Count(s.log.String(), "msg=request"), "one line a request")
	require.NotContains(t, s.log.String(), "lang=", "no query")
	require.Contains(t, s.log.String(), "method=POST path="+link+" status=303 merchant=shop checkoutId="+id)
}

func TestBodies(t *testing.T) {
	t.Parallel()
	const kind = "application/x-www-form-urlencoded"
	full := card(goodCard).Encode()
	large := full + "&x=" + strings.Repeat("a", 16<<10-len(full)-2)
	for _, c := range []struct {
		name, contentType, body string
		header                  []string
		want                    int
		says                    string
	}{
		{"form", kind, full, nil, http.StatusSeeOther, ""},
		{"form with a charset", kind + "; charset=UTF-8", full, nil, http.StatusSeeOther, ""},
		{"capitals", strings.ToUpper(kind), full, nil, http.StatusSeeOther, ""},
		{"largest form", kind, large[:16<<10], nil, http.StatusSeeOther, ""},
		{"one byte too large", kind, large[:16<<10] + "a", nil, http.StatusRequestEntityTooLarge, "Form çok büyük"},
		{"far too large", kind, strings.Repeat("a", 1<<20), nil, http.StatusRequestEntityTooLarge, "Form çok büyük"},
		{"no type", "", full, nil, http.StatusUnsupportedMediaType, "Bu bir form değil"},
		{"JSON", "application/json", `{"pan":"` + goodCard + `"}`, nil, http.StatusUnsupportedMediaType, "Bu bir form değil"},
		{"multipart", "multipart/form-data; boundary=x", "--x--", nil, http.StatusUnsupportedMediaType, "Bu bir form değil"},
		{"odd type", ";;;", full, nil, http.StatusUnsupportedMediaType, "Bu bir form değil"},
		{
			"compressed", kind, full,
			[]string{"Content-Encoding", "gzip"},
			http.StatusUnsupportedMediaType,
			"Bu bir form değil",
		},
		{"broken escapes", kind, "pan=%zz", nil, http.StatusBadRequest, "Form okunamadı"},
		{"semicolons", kind, "pan=1;cvv=2", nil, http.StatusBadRequest, "Form okunamadı"},
		{"empty", kind, "", nil, http.StatusUnprocessableEntity, "Bazı bilgiler hatalı"},
		{"noise", kind, "\x00\xff\xfe&&&==", nil, http.StatusUnprocessableEntity, "Bazı bilgiler hatalı"},
		{"very many fields", kind, strings.Repeat("a&", 8000), nil, http.StatusUnprocessableEntity, "Bazı bilgiler hatalı"},
	} {
		for _, length := range []string{"known", "unknown"} {
			t.Run(c.name+" of "+length+" length", func(t *testing.T) {
				t.Parallel()
				s := open(t, true)
				link := s.order("600", "TRY", nil)
				got := s.sendBody(link, c.body, length == "known",
					append([]string{"Content-Type", c.contentType, "Accept-Language", "tr"}, c.header...)...)
				require.Equal(t, c.want, got.Status)
				if c.says != "" {
					require.Contains(t, got.text("error"), c.says)
					require.Equal(t, payment.Open, s.checkout(link).State)
				}
				s.nowhere(link, goodCard, got)
			})
		}
	}
}

// sendBody posts a body, chunked when its length shall not be known.
func (s *sandbox) sendBody(link, body string, known bool, header ...string) seen {
	s.t.Helper()
	if known {
		return s.send(http.MethodPost, link, strings.NewReader(body), header...)
	}
	return s.send(http.MethodPost, link, struct{ *bytes.Buffer }{bytes.NewBufferString(body)}, header...)
}
