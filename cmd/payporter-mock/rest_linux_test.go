package main_test

import (
	"bufio"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	main "github.com/payporter-mock/payporter-mock/cmd/payporter-mock"
)

// A part of the program that is not as it is in its file must stay: giving it back would lose what was written.
const smaps = `00400000-00db8000 r-xp 00000000 fe:00 100125                     /opt/payporter-mock
Rss:                8284 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me sd
00db8000-0187e000 r--p 009b8000 fe:00 100125                     /opt/payporter-mock
Anonymous:             4 kB
0187e000-0192f000 rw-p 0147e000 fe:00 100125                     /opt/payporter-mock
Anonymous:             0 kB
01930000-01940000 r--p 0147e000 fe:00 100125                     /opt/payporter-mock.so
Anonymous:             0 kB
01940000-01950000 r--p 00000000 fe:00 100125                     /opt/payporter-mock
Anonymous:             0 kB
c000000000-c000800000 rw-p 00000000 00:00 0
Anonymous:             0 kB
`

func TestOnlyWhatIsAsInTheFileIsGivenBack(t *testing.T) {
	t.Parallel()
	require.Equal(t, [][2]uintptr{{0x400000, 0xdb8000}, {0x1940000, 0x1950000}},
		main.Untouched(bufio.NewScanner(strings.NewReader(smaps)), "/opt/payporter-mock"))
}
