package payment

import (
	"slices"
	"strings"
)

// The active alphabetic codes of ISO 4217 that have a minor unit, fund codes included, by the number of decimals. As
// known on 2026-11-23, from the list published on 2026-01-01. Codes without a minor unit (XAU, XXX) and withdrawn ones
// (BGN, HRK, ANG, SLL, ZWL, CUC) are not among them.
const (
	noDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"

	twoDecimals = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE " +
		"CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL " +
		"HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR " +
		"MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK " +
		"SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD " +
		"XCD XCG YER ZAR ZMW ZWG"

	threeDecimals = "BHD IQD JOD KWD LYD OMR TND"

	fourDecimals = "CLF UYW"
)

// MinorDigits says how many decimals an amount in this currency has, as ISO 4217 has it on 2026-11-23. A currency that
// is not on its list, or not in capitals, is not known.
func MinorDigits(currency string) (digits int, known bool) {
	switch {
	case lists(twoDecimals, currency):
		return 2, true
	case lists(noDecimals, currency):
		return 0, true
	case lists(threeDecimals, currency):
		return 3, true
	case lists(fourDecimals, currency):
		return 4, true
	}
	return 0, false
}

// lists says whether currency is one of the codes, which are three letters and a space each.
func lists(codes, currency string) bool {
	at := strings.Index(codes, currency)
	return len(currency) == 3 && at >= 0 && at%4 == 0
}

// Currencies lists the codes that MinorDigits knows, in alphabetical order, as of 2026-11-23.
func Currencies() []string {
	codes := strings.Fields(strings.Join([]string{noDecimals, twoDecimals, threeDecimals, fourDecimals}, " "))
	slices.Sort(codes)
	return codes
}
