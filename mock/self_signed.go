package mock

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
)

// How long a certificate holds, in real time. It begins early, for clients whose clock is behind.
const (
	certificateLife = 397 * 24 * time.Hour // the longest that every client takes
	certificateLead = 24 * time.Hour
)

// selfSigned makes a certificate for the names, and the one, in PEM, of the authority that signed it. There are two
// because some TLS libraries take no server's certificate for an authority. The authority's key is kept nowhere, so
// that whoever trusts it trusts this one sandbox.
func selfSigned(n names) (tls.Certificate, []byte, error) {
	signer, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}

	authority := template("payporter-mock test authority")
	authority.IsCA, authority.BasicConstraintsValid, authority.MaxPathLenZero = true, true, true
	authority.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, signer.Public(), signer)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	authority, err = x509.ParseCertificate(authorityDER) // with the id of its key, which the other one names
	if err != nil {
		return tls.Certificate{}, nil, err
	}

	server := template("payporter-mock")
	server.DNSNames, server.IPAddresses = n.hosts, n.addresses
	server.KeyUsage = x509.KeyUsageDigitalSignature
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	server.BasicConstraintsValid = true
	serverDER, err := x509.CreateCertificate(rand.Reader, server, authority, key.Public(), signer)

	certificate := tls.Certificate{Certificate: [][]byte{serverDER, authorityDER}, PrivateKey: key}
	return certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authorityDER}), err
}

// template is what both certificates have in common.
func template(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // rand never fails
	return &x509.Certificate{
		SerialNumber: serial.Add(serial, big.NewInt(1)), Subject: pkix.Name{CommonName: name},
		NotBefore: clock.Wall().Add(-certificateLead), NotAfter: clock.Wall().Add(certificateLife - certificateLead),
	}
}
