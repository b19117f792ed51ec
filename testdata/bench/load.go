package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// load sends creates over so many connections for so long and answers how many got a 200. It writes
// requests and reads answers by hand, so that the client costs as little as it can.
func load(addr string, length time.Duration, connections int) (int, error) {
	deadline := time.Now().Add(length)
	return send(addr, connections, func(int) string { return "test_key" }, func(int) bool { return time.Now().After(deadline) })
}

// send sends creates with the keys of their numbers, until enough is said of the number of one connection's.
func send(addr string, connections int, key func(n int) string, enough func(n int) bool) (int, error) {
	counts, faults := make([]int, connections), make([]error, connections)
	var done sync.WaitGroup
	for i := range connections {
		done.Go(func() { counts[i], faults[i] = sendCreates(addr, i, key, enough) })
	}
	done.Wait()
	total := 0
	for i := range connections {
		if faults[i] != nil {
			return 0, faults[i]
		}
		total += counts[i]
	}
	return total, nil
}

func sendCreates(addr string, connection int, key func(int) string, enough func(int) bool) (int, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for n := 0; ; n++ {
		if enough(n) {
			return n, nil
		}
		if _, err := conn.Write(create(addr, key(n), connection, n)); err != nil {
			return n, err
		}
		if err := readOK(answers); err != nil {
			return n, err
		}
	}
}

// create is one request as it goes over the wire, with an order number of its own.
func create(addr, key string, connection, n int) []byte {
	body := `{"orderId":"ORD-` + strconv.Itoa(connection) + "-" + strconv.Itoa(n) + `","amount":100.50,"currency":"TRY",` +
		`"description":"Product purchase","callback":"http://127.0.0.1:9/payment-callback","maxInstallmentCount":6,"interestPaidByCustomer":true}`
	return []byte("POST /api/checkout HTTP/1.1\r\nHost: " + addr +
		"\r\nContent-Type: application/json\r\nX-API-KEY: " + key + "\r\nX-API-SECRET: test_secret\r\nContent-Length: " +
		strconv.Itoa(len(body)) + "\r\n\r\n" + body)
}

// readOK reads one answer with a Content-Length and wants it to be a 200.
func readOK(r *bufio.Reader) error {
	status, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 200")) {
		return fmt.Errorf("answered %q, want %d", bytes.TrimSpace(status), http.StatusOK)
	}
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		if rest, ok := bytes.CutPrefix(bytes.ToLower(line), []byte("content-length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(rest))); err != nil {
				return err
			}
		}
	}
	_, err = io.CopyN(io.Discard, r, int64(length))
	return err
}
