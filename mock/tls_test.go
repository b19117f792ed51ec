package mock_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// secureClient calls a sandbox by https, over HTTP/2 if wanted, and trusts what the sandbox says to trust.
func secureClient(t *testing.T, srv *mock.Test, http2 bool) (*client, *http.Client) {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: srv.CAPool()}, ForceAttemptHTTP2: http2}
	t.Cleanup(transport.CloseIdleConnections)
	return clientOf(t, srv), &http.Client{Transport: transport}
}

// by sends a request of the client through another HTTP client.
func (c *client) by(h *http.Client, method, path, body string) (*http.Response, reply) {
	c.t.Helper()
	res, err := h.Do(c.request(method, path, body))
	require.NoError(c.t, err)
	return res, c.read(res)
}

func dialTLS(srv *mock.Test, c *tls.Config) (*tls.Conn, error) {
	return tls.Dial("tcp", strings.TrimPrefix(srv.URL, "https://"), c)
}

func TestSelfSignedSandboxSpeaksHTTPS(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{TLS: mock.TLSSelfSigned, AdminToken: "a token of the control API"})
	require.True(t, strings.HasPrefix(srv.URL, "https://127.0.0.1:"), srv.URL)

	for _, version := range []string{"HTTP/1.1", "HTTP/2.0"} {
		c, h := secureClient(t, srv, version == "HTTP/2.0")
		res, created := c.by(h, "POST", "/api/checkout", order("ORD-1", nowhere))
		require.Equal(t, version, res.Proto)
		require.Equal(t, 200, created.status, created.raw)
		require.True(t, strings.HasPrefix(created.text("redirectUrl"), srv.URL+"/checkout-link/"), created.raw)

		// The page works, and the authority needs no token.
		page, err := h.Get(created.text("redirectUrl"))
		require.NoError(t, err)
		require.NoError(t, page.Body.Close())
		require.Equal(t, 200, page.StatusCode)
		_, ca := c.by(h, "HEAD", "/_mock/ca.pem", "")
		require.Equal(t, 200, ca.status)
		_, ca = c.by(h, "GET", "/_mock/ca.pem", "")
		require.Equal(t, "application/pem-certificate-chain", ca.header.Get("Content-Type"))
		require.Equal(t, string(srv.CACert()), ca.raw)
	}
}

// The certificate is for every name that clients may know the sandbox by.
func TestSelfSignedCertificateIsForTheNamesOfTheSandbox(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{
		TLS: mock.TLSSelfSigned, Addr: "localhost:0", PublicURL: "https://pay.example:8443/x",
		AllowedHosts: []string{"sandbox", "*.shop.example"},
	})
	for name, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "::1": true, "pay.example": true, "sandbox": true, "a.shop.example": true,
		"shop.example": false, "other.example": false, "10.1.2.3": false,
	} {
		conn, err := dialTLS(srv, &tls.Config{RootCAs: srv.CAPool(), ServerName: name})
		require.Equal(t, want, err == nil, "%s: %v", name, err)
		if err == nil {
			leaf := conn.ConnectionState().PeerCertificates[0]
			require.False(t, leaf.IsCA)
			require.Less(t, time.Until(leaf.NotAfter), 398*24*time.Hour)
			require.NoError(t, conn.Close())
		}
	}

	// Who trusts one sandbox trusts no other.
	other := start(t, mock.Config{TLS: mock.TLSSelfSigned})
	_, err := dialTLS(srv, &tls.Config{RootCAs: other.CAPool(), ServerName: "localhost"})
	require.ErrorContains(t, err, "certificate signed by unknown authority")
}

func TestCertificateOfOnesOwn(t *testing.T) {
	t.Parallel()
	cert, key, pool := certificateFor(t, "localhost")
	srv := start(t, mock.Config{TLSCert: cert, TLSKey: payment.Secret(key)})
	require.True(t, strings.HasPrefix(srv.URL, "https://"), srv.URL)
	require.Nil(t, srv.CACert())

	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "localhost"}}
	t.Cleanup(transport.CloseIdleConnections)
	c, h := clientOf(t, srv), &http.Client{Transport: transport}
	_, health := c.by(h, "GET", "/_mock/health", "")
	require.Equal(t, 200, health.status)
	_, ca := c.by(h, "GET", "/_mock/ca.pem", "")
	require.Equal(t, 404, ca.status, "who signed it is not the sandbox's to say")
}

func TestTLSSettings(t *testing.T) {
	t.Parallel()
	cert, key, _ := certificateFor(t, "localhost")
	other, _, _ := certificateFor(t, "localhost")
	secret := payment.Secret(key)
	for want, c := range map[string]mock.Config{
		`tls "on": want none or self-signed`:   {TLS: "on"},
		"tls-cert, tls-key: want both or none": {TLSCert: cert},
		"want both or none":                    {TLSKey: secret},
		"tls self-signed: leave it out": {
			TLS: mock.TLSSelfSigned, TLSCert: cert, TLSKey: secret,
		},
		"private key does not match public key":                         {TLSCert: other, TLSKey: secret},
		"want a certificate and its private key, both in PEM":           {TLSCert: []byte("no PEM"), TLSKey: secret},
		"callback-ca: want a file of certificates in PEM":               {CallbackCA: []byte("no PEM")},
		"callback-ca: want certificates alone in the file, it has a PR": {CallbackCA: key},
	} {
		require.ErrorContains(t, c.Validate(), want)
	}
	require.NoError(t, mock.Config{TLSCert: cert, TLSKey: secret}.Validate())
}

// A client that forgot the s gets an answer, however much it sends.
func TestPlainHTTPToTheTLSPort(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{TLS: mock.TLSSelfSigned})
	c := clientOf(t, srv)
	c.base = "http://" + strings.TrimPrefix(srv.URL, "https://")
	for _, body := range []string{order("ORD-1", nowhere), strings.Repeat(" ", 60_000)} {
		answer := c.post("/api/checkout", body)
		require.Equal(t, 400, answer.status)
		require.Equal(t, "INVALID_REQUEST", answer.text("messageCode"), answer.raw)
		require.Equal(t, "this port speaks https: begin the URL with https://", answer.text("message"))
	}
}

// certificateFor makes a certificate that is its own authority, as people make them for tests, and its key, in PEM.
func certificateFor(t *testing.T, host string) (cert, key []byte, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)

	cert = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(cert)
	return cert, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), pool
}

// At the bound of connections one that nobody uses makes room, and none holds up the end of the sandbox.
func TestIdleTLSConnectionsMakeRoom(t *testing.T) {
	t.Parallel()
	for _, http2 := range []bool{false, true} {
		srv := start(t, mock.Config{TLS: mock.TLSSelfSigned, MaxConnections: 1})
		for range 3 {
			c, h := secureClient(t, srv, http2)
			h.Timeout = 20 * time.Second
			_, health := c.by(h, "GET", "/_mock/health", "")
			require.Equal(t, 200, health.status)
		}
		began := time.Now()
		srv.Close()
		require.Less(t, time.Since(began), 5*time.Second)
	}
}
