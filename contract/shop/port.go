package shop

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports for shops are below those that systems give to connections of their own (from 32768 or 49152 on). One of those
// could take the port before the shop does.
const (
	firstPort = 20000
	manyPorts = 10000
	mostTries = 1000
)

// freePort finds a port that nobody listens on. No other harness on this machine is given it until held is closed, so
// that none takes this harness's shop for its own: a harness holds the UDP port that is manyPorts below, too.
func freePort() (port string, held io.Closer, err error) {
	for range mostTries {
		n := firstPort + rand.IntN(manyPorts)
		if held, err = net.ListenPacket("udp", loopback(n-manyPorts)); err != nil {
			continue
		}
		listener, taken := net.Listen("tcp", loopback(n))
		if taken == nil {
			return strconv.Itoa(n), held, listener.Close()
		}
		_ = held.Close()
		err = taken
	}
	return "", nil, fmt.Errorf("no port from %d to %d is free for the shop; write one into verify.yaml in place of "+
		"{{port}}: %w", firstPort, firstPort+manyPorts-1, err)
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
