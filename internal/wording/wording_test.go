package wording_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

func TestNearestWordsComeFirst(t *testing.T) {
	t.Parallel()
	known := []string{"amount", "callback", "card", "currency", "customerId", "orderId", "id"}
	for word, want := range map[string][]string{
		"amout":                  {"amount"},
		"crad":                   {"card"}, // two letters swapped are one mistake
		"AMOUNT":                 {"amount"},
		"curency":                {"currency"},
		"callbackUrl":            {"callback"}, // contains it
		"order":                  {"orderId"},  // is a part of it
		"ordrId":                 {"orderId"},
		"orderID2":               {"orderId"},
		"xd":                     {},
		"":                       {},
		"nothing like it":        {},
		strings.Repeat("a", 101): {},
	} {
		require.Equal(t, want, wording.Nearest(word, known), "%q", word)
	}
	alike := []string{"ab4", "ab3", "ab2", "ab1"}
	require.Equal(t, []string{"ab1", "ab2", "ab3"}, wording.Nearest("ab0", alike), "at most three")
}

func TestHintNamesTheNearestWordOrAFewKnownOnes(t *testing.T) {
	t.Parallel()
	require.Equal(t, `did you mean "amount"?`, wording.Hint("amout", []string{"amount", "currency"}))
	require.Equal(t, "known are amount, currency", wording.Hint("zzz", []string{"amount", "currency"}))
	require.Empty(t, wording.Hint("zzz", nil))
	require.Empty(t, wording.Hint("zzz", strings.Split(strings.Repeat("amount,", 17), ",")), "too many to list")
	require.Empty(t, wording.DidYouMean("zzz", []string{"amount"}))
}

func TestPluralFollowsTheNumber(t *testing.T) {
	t.Parallel()
	for want, counted := range map[string]struct {
		n    int
		noun string
	}{
		"0 decimals": {0, "decimal"}, "1 decimal": {1, "decimal"}, "2 decimals": {2, "decimal"},
		"1 try": {1, "try"}, "3 tries": {3, "try"}, "2 log entries": {2, "log entry"}, "2 days": {2, "day"},
	} {
		require.Equal(t, want, wording.Plural(counted.n, counted.noun))
	}
}

func TestListsEndInTheirWord(t *testing.T) {
	t.Parallel()
	for want, words := range map[string][]string{
		"": nil, "a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"},
	} {
		require.Equal(t, want, wording.Or(words))
		require.Equal(t, strings.ReplaceAll(want, " or ", " and "), wording.And(words))
	}
}
