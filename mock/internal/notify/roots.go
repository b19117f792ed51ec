package notify

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// NewRoots is whom the system trusts, and the certificates in PEM besides. Without any it is nil. Its error is about
// text that is no certificate; text between certificates is left out, as in the files of most systems.
func NewRoots(certificates []byte) (*x509.CertPool, error) {
	if certificates == nil {
		return nil, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a machine without any
	}

	added := 0
	for rest := certificates; ; added++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("callback-ca: want certificates alone in the file, it has a %s", block.Type)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("callback-ca: certificate %d of the file: %w", added+1, err)
		}
		roots.AddCert(certificate)
	}

	if added == 0 {
		return nil, errors.New("callback-ca: want a file of certificates in PEM, " +
			"each of which begins with -----BEGIN CERTIFICATE-----")
	}
	return roots, nil
}
