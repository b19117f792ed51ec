// Package payment is the vocabulary of the sandbox: checkout, payment, status, amount, card, error.
//
// It is pure: it knows no clock, no lock, no network and no store. Every word is PayPorter's own,
// as in openapi.yaml at the root of the module.
package payment
