package ui

// readme is where the project is explained.
const readme = "https://github.com/payporter-mock/payporter-mock#readme"

const (
	publicSecret   = "test_secret"          // of the configured merchant where none was set; it is in the documents
	secretVariable = "PAYPORTER_API_SECRET" // where the command takes any other one from
)

// firstSteps is what an empty list tells: how a first checkout is made.
type firstSteps struct {
	Curl     string // makes one
	Base     string // the address that a shop calls
	Secret   string // empty: the sandbox does not show it
	Variable string // where the curl takes it from then
	Readme   string
}

// firstSteps are those of the merchant. A secret that somebody has set is never shown.
func (d *dashboard) firstSteps(x *exchange) firstSteps {
	f := firstSteps{Base: d.base(x.request), Variable: secretVariable, Readme: readme}
	if x.merchant.Takes(publicSecret) {
		f.Secret = publicSecret
	}

	secret := quoted("X-API-SECRET: " + f.Secret)
	if f.Secret == "" {
		secret = `"X-API-SECRET: $` + secretVariable + `"`
	}
	f.Curl = "curl " + quoted(f.Base+"/api/checkout") + " \\\n  -H " + quoted("X-API-KEY: "+x.merchant.Key) + " -H " +
		secret + " \\\n  -H 'Content-Type: application/json' \\\n  --data-raw " + quoted(`{"orderId": "ORD-1", `+
		`"amount": 100.50, "currency": "TRY", "callback": "http://127.0.0.1:3000/payment-callback"}`)
	return f
}
