package callback_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/callback"
)

// Nothing below leaves the machine: what must be refused is refused before a packet is sent.
func TestGuardRefusesWhatNoMerchantHas(t *testing.T) {
	t.Parallel()
	everything, err := callback.NewGuard([]string{"0.0.0.0/0", "::/0"}, true)
	require.NoError(t, err)
	anywhere, err := callback.NewGuard(nil, true)
	require.NoError(t, err)
	for _, address := range []string{
		"169.254.169.254:80", "[fe80::1]:80", "168.63.129.16:80", "[fd00:ec2::254]:80", "0.0.0.0:80", "[::]:80",
		"224.0.0.1:80", "255.255.255.255:80", "[ff02::1]:80", "[64:ff9b::a9fe:a9fe]:80", "[2002:a9fe:a9fe::]:80", "[::ffff:169.254.169.254]:80",
	} {
		for _, guard := range []*callback.Guard{everything, anywhere} {
			_, err := guard.DialContext(t.Context(), "tcp", address)
			require.ErrorContains(t, err, "callbacks are never sent to", address)
		}
	}
}

func TestGuardAllowsOnlyWhatIsListed(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	for allow, allowed := range map[string]bool{
		"": false, "127.0.0.1": true, "127.0.0.0/8": true, "10.0.0.0/8": false, "::1": false, "shop": false,
	} {
		var list []string
		if allow != "" {
			list = strings.Split(allow, ",")
		}
		guard, err := callback.NewGuard(list, false)
		require.NoError(t, err)
		conn, err := guard.DialContext(context.Background(), "tcp", listener.Addr().String())
		if allowed {
			require.NoError(t, err, allow)
			conn.Close()
			continue
		}
		require.ErrorContains(t, err, "is not in --callback-allow", allow)
	}
}

func TestGuardRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, allow := range []string{"", "http://shop", "shop:3000", "10.0.0.0/33", "a b"} {
		_, err := callback.NewGuard([]string{allow}, true)
		require.ErrorContains(t, err, "want a CIDR such as 10.0.0.0/8, an address, or a host name without port", allow)
	}
}
