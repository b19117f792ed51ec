package notify_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
)

// Nothing below leaves the machine: what must be refused is refused before a packet is sent.
func TestGuardRefusesWhatNoMerchantHas(t *testing.T) {
	t.Parallel()
	everything, err := notify.NewGuard([]string{"0.0.0.0/0", "::/0"}, true)
	require.NoError(t, err)
	anywhere, err := notify.NewGuard(nil, true)
	require.NoError(t, err)
	for _, address := range []string{
		"169.254.169.254:80", "[fe80::1]:80", "168.63.129.16:80", "[fd00:ec2::254]:80", "0.0.0.0:80", "[::]:80",
		"224.0.0.1:80", "255.255.255.255:80", "[ff02::1]:80", "[64:ff9b::a9fe:a9fe]:80", "[2002:a9fe:a9fe::]:80",
		"[::ffff:169.254.169.254]:80",
		"[fd00:ec2::23]:80", "[fd00:ec2::253]:80", "[fd00:ec2:0:0::123]:80", "[fd20:ce::254]:80", "100.100.100.200:80",
		"192.0.0.192:80",
	} {
		for _, guard := range []*notify.Guard{everything, anywhere} {
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
		guard, err := notify.NewGuard(list, false)
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

// An entry that can match nothing is a mistake that nobody would find: the guard says how it is written.
func TestGuardRefusesWhatMatchesNothing(t *testing.T) {
	t.Parallel()
	for allow, meant := range map[string]string{
		"10.0.0": "10.0.0.0/24", "10.0.0.": "10.0.0.0/24", "10.0.0.*": "10.0.0.0/24", "10.*": "10.0.0.0/8",
		"10/8": "10.0.0.0/8", "10.0.0/8": "10.0.0.0/8",
		"10.0.0.0/33": "10.0.0.0/32", "10.0.0.1-10.0.0.9": "10.0.0.0/28", "10.0.0.1-9": "10.0.0.0/28",
		"10.0.0.1 - 10.0.0.2": "10.0.0.0/30", "fd12::1-fd12::f": "fd12::/124",
		"shop:3000": "shop", "my-shop:3000": "my-shop", "127.0.0.1:3000": "127.0.0.1", "[::1]:3000": "::1", "[::1]": "::1",
		"http://shop:3000/x": "shop", "https://shop": "shop",
		" shop": "shop", "fd12::1%eth0": "fd12::1", "*": "0.0.0.0/0 and ::/0",
		"": "", "a b": "", "shop.*": "", "*shop": "", "sh*p.internal": "", "a..b": "", "10.0.0.1-": "",
		"::ffff:10.0.0.0/90": "", "0x7f.1": "", "1.2.3.4.5": "",
	} {
		_, err := notify.NewGuard([]string{allow}, true)
		require.ErrorContains(t, err, "want a CIDR such as 10.0.0.0/8, an address, or a host name without port", allow)
		if meant == "" {
			require.NotContains(t, err.Error(), "did you mean", allow)
			continue
		}
		require.ErrorContains(t, err, "; did you mean "+meant+"?", allow)
	}
	for _, allow := range []string{"0.0.0.0", "169.254.169.254", "fd00:ec2::254", "::ffff:169.254.1.1", "224.0.0.1"} {
		_, err := notify.NewGuard([]string{allow}, true)
		require.ErrorContains(t, err, "callbacks are never sent there", allow)
	}
}

// Names are looked at before they are resolved, so that what is refused here never leaves the machine.
func TestGuardAllowsByName(t *testing.T) {
	t.Parallel()
	for allow, hosts := range map[string]map[string]bool{
		"*.internal": {
			"a.internal": true, "A.B.Internal.": true, "internal": false, "ainternal": false,
			"a.internal.example": false,
		},
		"shop.example":        {"shop.example": true, "SHOP.example.": true, "a.shop.example": false},
		"Shop.Example.":       {"shop.example": true},
		"mağaza.example":      {"xn--maaza-l1a.example": true},
		"*.mağaza.example":    {"a.xn--maaza-l1a.example": true, "xn--maaza-l1a.example": false},
		"my_shop":             {"my_shop": true},
		"::ffff:10.0.0.0/104": {"10.1.2.3": true, "11.1.2.3": false},
		"::ffff:10.0.0.1":     {"10.0.0.1": true, "10.0.0.2": false},
		"10.0.0.5/24":         {"10.0.0.7": true, "10.0.1.7": false},
	} {
		guard, err := notify.NewGuard([]string{allow}, false)
		require.NoError(t, err, allow)
		for host, want := range hosts {
			require.Equal(t, want, guard.Permits(host), "%s for %s", host, allow)
		}
	}
}
