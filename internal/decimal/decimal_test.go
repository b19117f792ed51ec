package decimal_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// number draws a JSON number of a size that can be counted out.
var number = rapid.StringMatching(`-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?`)

func ratOf(t require.TestingT, text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	require.True(t, ok, text)
	return r
}

func TestParseTakesWhatJSONTakes(t *testing.T) {
	t.Parallel()
	texts := []string{
		"0", "-0", "1", "10", "100.50", "1e2", "1E+2", "1.5e-3", "-7", "0.0", "0e5", "5.0", "1.0E7",
		"", "-", "+1", "01", "-01", ".5", "5.", "1e", "1e+", "1.e2", "1 ", " 1", "NaN", "Infinity", "0x1", "1_000", "1,5",
		"1/2", "١",
	}
	for _, text := range texts {
		_, got := decimal.Parse(text)
		require.Equal(t, json.Valid([]byte(text)) && text[0] != ' ' && text[len(text)-1] != ' ', got, "%q", text)
	}
}

func TestReadingAllocatesNothing(t *testing.T) {
	var sum int
	require.Zero(t, testing.AllocsPerRun(100, func() {
		d, _ := decimal.Parse("1234567.8900")
		sum += d.Compare(decimal.Read("100.50")) + d.Decimals()
	}))
	require.Positive(t, sum)
}

func TestTextsOfTheSameValueAreTheSameNumber(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"100.5", "100.50", "100.5000", "1.005E2", "1005e-1", "0.1005e3"},
		{"5", "5.0", "50e-1", "0.5E+1"},
		{"10000000", "1.0E7", "1e7"},
		{"0", "-0", "0.00", "0e9", "-0.0E-5"},
		{"-2.5", "-2.50", "-25e-1"},
	} {
		for _, text := range same[1:] {
			require.True(t, decimal.Same(same[0], text), "%s and %s", same[0], text)
			require.Equal(t, decimal.Read(same[0]).String(), decimal.Read(text).String())
		}
	}
	require.False(t, decimal.Same("1", "one"))
	require.False(t, decimal.Same("one", "one"))
}

func TestNumbersAreComparedAsTheirDigitsMean(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		require.Equal(t, ratOf(t, a).Cmp(ratOf(t, b)), decimal.Read(a).Compare(decimal.Read(b)))
		require.Equal(t, ratOf(t, a).Sign(), decimal.Read(a).Sign())
		require.Equal(t, ratOf(t, a).IsInt(), decimal.Read(a).IsWhole())
	})
}

func TestWritingANumberChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := number.Draw(t, "number")
		for _, written := range []string{decimal.Read(text).String(), decimal.Plain(text), decimal.Read(text).Fixed(3)} {
			require.True(t, json.Valid([]byte(written)), written)
			require.Zero(t, ratOf(t, text).Cmp(ratOf(t, written)), "%s became %s", text, written)
		}
	})
}

func TestArithmeticIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, y, n := decimal.Read(a), decimal.Read(b), rapid.Int64Range(-1000, 1000).Draw(t, "n")

		require.Zero(t, new(big.Rat).Sub(ratOf(t, a), ratOf(t, b)).Cmp(ratOf(t, x.Minus(y).String())))
		require.Zero(t, new(big.Rat).Mul(ratOf(t, a), big.NewRat(n, 1)).Cmp(ratOf(t, x.Times(n).String())))
		require.Zero(t, new(big.Rat).Mul(ratOf(t, a), big.NewRat(1, 100)).Cmp(ratOf(t, x.Shift(-2).String())))

		floor := ratOf(t, x.Floor().String())
		require.True(t, floor.IsInt())
		require.LessOrEqual(t, floor.Cmp(ratOf(t, a)), 0)
		require.Positive(t, new(big.Rat).Add(floor, big.NewRat(1, 1)).Cmp(ratOf(t, a)))
	})
}

func TestUnitsCutTowardsMinusInfinity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		decimals int
		units    int64
		exact    bool
	}{
		{"100.5", 2, 10050, true},
		{"100.505", 2, 10050, false},
		{"-100.505", 2, -10051, false},
		{"0.001", 2, 0, false},
		{"1e3", 0, 1000, true},
		{"0", 4, 0, true},
	} {
		units, exact := decimal.Read(c.text).Units(c.decimals)
		require.Equal(t, c.units, units.Int64(), c.text)
		require.Equal(t, c.exact, exact, c.text)
	}
}

func TestWholeNumbersAsInt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"6": 6, "6.0": 6, "0.6E1": 6, "-3": -3, "0.0": 0, "12e0": 12} {
		got, ok := decimal.Read(text).Int()
		require.True(t, ok, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"6.5", "1e30", "1e999999999", "9223372036854775808", "1e-3"} {
		_, ok := decimal.Read(text).Int()
		require.False(t, ok, text)
	}
}

// A number that cannot be counted out is still compared, and costs nothing.
func TestNumbersBeyondMeasure(t *testing.T) {
	t.Parallel()
	huge, tiny := decimal.Read("1e99999999999999999999"), decimal.Read("1e-99999999999999999999")
	require.Equal(t, 1, huge.Compare(decimal.Read("1e400")))
	require.Equal(t, -1, tiny.Compare(decimal.Read("1e-400")))
	require.Equal(t, 1, tiny.Sign())
	require.Less(t, len(huge.String()), 40)
	require.Positive(t, tiny.Decimals())
}
