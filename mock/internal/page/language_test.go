package page_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/payporter-mock/payporter-mock/payment"
)

func hasAttr(attrs []html.Attribute, name string) bool {
	return slices.ContainsFunc(attrs, func(a html.Attribute) bool { return a.Key == name })
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", nil)
	for _, c := range []struct{ query, accept, want string }{
		{"", "", "en"},
		{"", "tr", "tr"},
		{"", "tr-TR,tr;q=0.9,en-US;q=0.8,en;q=0.7", "tr"},
		{"", "en-GB,en;q=0.9,tr;q=0.8", "en"},
		{"", "de-DE,de;q=0.9", "en"},
		{"", "de,tr;q=0.5", "tr"},
		{"", "*", "en"},
		{"", ";;;,,,---", "en"},
		{"?lang=tr", "en", "tr"},
		{"?lang=en", "tr", "en"},
		{"?lang=de", "tr", "tr"},
		{"?lang=TR%22%3E", "en", "en"},
	} {
		got := s.get(link+c.query, "Accept-Language", c.accept)
		require.Equal(t, c.want, attr(got.elements("html")[0], "lang"), "%+v", c)
		require.Equal(t, c.want, got.Header.Get("Content-Language"), "%+v", c)
		require.Equal(t, map[string]string{"en": "Pay TRY 100.50", "tr": "100,50 TL öde"}[c.want], got.text("pay"))
		require.Equal(t, map[string]string{"en": "Cancel", "tr": "Vazgeç"}[c.want], got.text("cancel"))
	}
}

func TestLanguageSwitch(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", nil)

	english := s.get(link)
	require.Equal(t, "Türkçe", english.text("language"))
	turkish := s.get(english.value("language", "href"))
	require.Equal(t, "English", turkish.text("language"))
	require.Equal(t, "Kart numarası", textOf(label(turkish, "pan")))

	faulty := s.post(turkish.value("pay-form", "action"), card(unknownCard))
	require.Equal(t, http.StatusUnprocessableEntity, faulty.Status)
	require.Contains(t, faulty.text("error-pan"), "gerçek kart girmeyin")

	declined := s.post(faulty.value("pay-form", "action"), card(declinedCard))
	require.Equal(t, link+"?lang=tr", declined.location())
	require.Contains(t, s.get(declined.location()).text("declined"), "reddedildi")

	paid := s.post(faulty.value("pay-form", "action"), card(goodCard))
	require.Equal(t, link+"/result?lang=tr", paid.location())
	result := s.get(paid.location())
	require.Equal(t, "Ödeme başarılı", result.text("result-status"))
	require.Equal(t, "Payment successful", s.get(result.value("language", "href")).text("result-status"))
	require.Equal(t, "/checkout-link/42?lang=tr", s.get("/checkout-link/42").value("language", "href"))
}

func label(a seen, id string) *html.Node {
	for _, l := range a.elements("label") {
		if attr(l, "for") == id {
			return l
		}
	}
	return nil
}

func TestFieldsAreLabelled(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", func(o *payment.Order) { o.MaxInstallmentCount = 2 })
	for accept, want := range map[string][]string{
		"en": {"Card number", "Name on card", "Expiry date (MM/YY)", "Security code (CVV)", "Instalments"},
		"tr": {"Kart numarası", "Kart üzerindeki isim", "Son kullanma tarihi (AA/YY)", "Güvenlik kodu (CVV)", "Taksit"},
	} {
		form := s.get(link, "Accept-Language", accept)
		for i, field := range []struct{ id, name, autocomplete, inputmode string }{
			{"pan", "pan", "cc-number", "numeric"},
			{"card-holder-name", "cardHolderName", "cc-name", "text"},
			{"expiry", "expiry", "cc-exp", "numeric"},
			{"cvv", "cvv", "cc-csc", "numeric"},
			{"installments", "installmentCount", "", ""},
		} {
			require.Equal(t, want[i], textOf(label(form, form.value(field.id, "id"))))
			require.Equal(t, field.name, form.value(field.id, "name"))
			require.Equal(t, field.autocomplete, form.value(field.id, "autocomplete"))
			require.Equal(t, field.inputmode, form.value(field.id, "inputmode"))
		}
		require.NotEmpty(t, form.text("sandbox"))
		require.Empty(t, form.foreign())
	}
}

func TestAmount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ number, currency, english, turkish string }{
		{"1234.5", "TRY", "TRY 1,234.50", "1.234,50 TL"},
		{"0.01", "TRY", "TRY 0.01", "0,01 TL"},
		{"12", "TRY", "TRY 12.00", "12,00 TL"},
		{"123", "TRY", "TRY 123.00", "123,00 TL"},
		{"1000", "TRY", "TRY 1,000.00", "1.000,00 TL"},
		{"123456", "TRY", "TRY 123,456.00", "123.456,00 TL"},
		{"9999999999.99", "TRY", "TRY 9,999,999,999.99", "9.999.999.999,99 TL"},
		{"1e3", "TRY", "TRY 1,000.00", "1.000,00 TL"},
		{"99.9", "USD", "USD 99.90", "99,90 USD"},
		{"1234567", "JPY", "JPY 1,234,567", "1.234.567 JPY"},
		{"1234.5", "KWD", "KWD 1,234.500", "1.234,500 KWD"},
		{"1.0001", "CLF", "CLF 1.0001", "1,0001 CLF"},
	} {
		t.Run(c.number+" "+c.currency, func(t *testing.T) {
			t.Parallel()
			s := open(t, true)
			link := s.order(c.number, c.currency, nil)
			require.Equal(t, c.english, s.get(link).text("amount"))
			require.Equal(t, c.turkish, s.get(link+"?lang=tr").text("amount"))
		})
	}
}

func TestInstallments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		interest bool
		accept   string
		want     []string
	}{
		{"at the customer's cost", true, "en", []string{
			"Single payment: TRY 1,000.00", "2 instalments of TRY 510.00 (total TRY 1,020.00)", "3 instalments of TRY 345.00 " +
				"(total TRY 1,035.00)",
		}},
		{"at the shop's cost", false, "tr", []string{
			"Tek çekim: 1.000,00 TL", "2 taksit x 500,00 TL (toplam 1.000,00 TL)", "3 taksit x 333,33 TL (toplam 1.000,00 TL)",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, true)
			link := s.order("1000", "TRY", func(o *payment.Order) {
				o.MaxInstallmentCount, o.InterestPaidByCustomer = 3,
					c.interest
			})
			var got []string
			for _, option := range s.get(link, "Accept-Language", c.accept).elements("option") {
				got = append(got, textOf(option))
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestMerchantsTextStaysText(t *testing.T) {
	t.Parallel()
	attacks := []string{
		`<script>document.title='hacked'</script>`,
		`"><img src=x onerror=alert(1)>`,
		`'"--></title></style></textarea><svg/onload=alert(1)>`,
		`javascript:alert(1)`,
		`{{.Words}}{{template "form"}}`,
		"</bdi></dd>\u202e\u2066evil",
		`&lt;script&gt;alert(1)&lt;/script&gt;`,
	}
	fields := map[string]func(o *payment.Order, text string){
		"orderId":     func(o *payment.Order, text string) { o.OrderID = text },
		"description": func(o *payment.Order, text string) { o.Description = text },
		"customerId":  func(o *payment.Order, text string) { o.CustomerID = text },
		"callback":    func(o *payment.Order, text string) { o.Callback = text },
	}
	shown := map[string]string{"orderId": "order-id", "description": "description"}
	for name, put := range fields {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, true)
			for _, attack := range attacks {
				link := s.order("100.50", "TRY", func(o *payment.Order) { put(o, attack) })
				pages := []seen{s.get(link), s.post(link, nil)}
				s.post(link, card(goodCard))
				for _, got := range append(pages, s.get(link+"/result"), s.get(link)) {
					require.Empty(t, got.foreign())
					require.Contains(t, got.Header.Get("Content-Security-Policy"), "default-src 'none'")
					if id := shown[name]; id != "" && got.find(id) != nil {
						require.Equal(t, attack, got.text(id))
					}
				}
			}
		})
	}

	t.Run("what the customer types and the bank says", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.order("100.50", "TRY", nil)
		for _, attack := range attacks {
			form := card(unknownCard)
			form.Set("cardHolderName", attack)
			form.Set("expiry", attack)
			got := s.post(link, form)
			require.Empty(t, got.foreign())
			require.Equal(t, attack, got.value("card-holder-name", "value"))
			require.Equal(t, attack, got.value("expiry", "value"))

			_, err := s.merchant.Outcome(t.Context(), idOf(link), payment.Outcome{
				Status: payment.Failed, ResultCode: attack,
				ResultMessage: attack,
			})
			require.NoError(t, err)
			require.Equal(t, attack+" ("+attack+")", s.get(link).text("bank-answer"))
		}
	})
}
