package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/payporter-mock/payporter-mock/mock"
)

// servePprof offers profiles of this process on an address of its own, until it is closed. Profiles
// tell what is in memory, so only this machine may ask for them.
func servePprof(addr string, log *slog.Logger) (closer func(), url string, err error) {
	if !mock.Loopback(addr) {
		return nil, "", fmt.Errorf("pprof %q: want a loopback address such as 127.0.0.1:6060", addr)
	}

	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, "", &failure{fmt.Errorf("pprof: %w", err)}
	}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index) // also the heap and all other named profiles
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	server := &http.Server{
		Handler: onLoopback(mux), ReadHeaderTimeout: 5 * time.Second,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends when it is closed
	}()
	closer = func() {
		_ = server.Close()
		<-done
	}
	return closer, "http://" + listener.Addr().String() + "/debug/pprof/", nil
}

// onLoopback refuses every host that is not this machine's own: a web site can give its own name to this address.
func onLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !mock.Loopback(r.Host) && !mock.Loopback(r.Host+":80") {
			http.Error(w, "profiles are served at a loopback address or localhost only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
