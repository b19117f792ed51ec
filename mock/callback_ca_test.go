package mock_test

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// A shop whose certificate nobody knows gets its callback once --callback-ca names who signed it.
func TestCallbackToAShopWithACertificateOfItsOwn(t *testing.T) {
	t.Parallel()
	told := make(chan string, 8)
	take := func(_ http.ResponseWriter, r *http.Request) { told <- r.FormValue("checkoutId") }
	shop := httptest.NewUnstartedServer(http.HandlerFunc(take))
	cert, key, _ := certificateFor(t, "localhost")
	pair, err := tls.X509KeyPair(cert, key)
	require.NoError(t, err)
	shop.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	shop.Config.ErrorLog = log.New(io.Discard, "", 0)
	shop.StartTLS()
	t.Cleanup(shop.Close)
	_, port, err := net.SplitHostPort(shop.Listener.Addr().String())
	require.NoError(t, err)

	c := clientOf(t, start(t, mock.Config{CallbackCA: cert, Payer: mock.PayerAuto}))
	id := c.create("ORD-1", "https://localhost:"+port+"/back")
	require.NotContains(t, entriesOf(c.await("kind=callback&orderId=ORD-1"))[0], "error")
	require.Equal(t, id, <-told)

	c.create("ORD-2", "https://127.0.0.1:"+port+"/back")
	entry := entriesOf(c.await("kind=callback&orderId=ORD-2"))[0]
	require.Equal(t, "the receiver's certificate is not for 127.0.0.1", entry["error"])

	c = clientOf(t, start(t, mock.Config{Payer: mock.PayerAuto}))
	c.create("ORD-3", "https://localhost:"+port+"/back")
	entry = entriesOf(c.await("kind=callback&orderId=ORD-3"))[0]
	want := "the receiver's certificate is not trusted: name the file of who signed it with --callback-ca"
	require.Equal(t, want, entry["error"])
	require.Empty(t, told)
}
