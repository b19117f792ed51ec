package merchant

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// A thorough run looks longer, and races more often.
func TestThoroughRunLooksLonger(t *testing.T) {
	t.Parallel()
	usual := &trial{harness: &shop.Harness{}}
	thorough := &trial{harness: &shop.Harness{Config: shop.Config{Thorough: true}}}

	require.Equal(t, [2]int{30, 100}, [2]int{usual.mostRounds(), thorough.mostRounds()})
	require.Greater(t, thorough.looks(raceTime), usual.looks(raceTime))
	require.Greater(t, thorough.looks(patienceWithLost), usual.looks(patienceWithLost))
}
